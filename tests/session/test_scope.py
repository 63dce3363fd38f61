"""A scope of its own for a worker that would be ended with the login."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.session_control import session_control
from tui_downloader.model.lifecycle import State
from tui_downloader.session import login
from tui_downloader.session.scope import scope_command

SCOPE = "0::/user.slice/user-1000.slice/session-3.scope\n"
LOGINCTL = (
    "#!/bin/sh\necho KillUserProcesses={kills}; echo KillOnlyUsers=; echo KillExcludeUsers=root; echo Linger=no\n"
)
SYSTEMD_RUN = '#!/bin/sh\necho "$@" >> {told}\n[ {works} = yes ] || exit 1\n'
SYSTEMD_RUN += 'while [ "$1" != -- ]; do shift; done; shift\nexec "$@"\n'


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the system count this process to a login of somebody who is ended with it; return its programs."""
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "self" / "cgroup").write_text(SCOPE)
    (tmp_path / "run" / "systemd").mkdir(parents=True)
    (tmp_path / "run" / "systemd" / "private").touch()
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setattr(login, "_PROC", tmp_path / "proc")
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    monkeypatch.setattr(login, "ANSWER_SECONDS", 20.0)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    have(programs, kills="yes", works="yes")
    return programs


def have(programs: Path, *, kills: str, works: str) -> None:
    """Write the system's programs."""
    texts = {
        "loginctl": LOGINCTL.format(kills=kills),
        "systemd-run": SYSTEMD_RUN.format(told=programs / "told", works=works),
    }
    for name, text in texts.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)


def environment(programs: Path) -> dict[str, str]:
    """Return what the launcher sees."""
    return {"PATH": str(programs), "XDG_RUNTIME_DIR": str(programs.parent / "run")}


def test_only_where_it_is_needed_and_can_be_had(system: Path) -> None:
    found = scope_command(environment(system), description="d")
    assert found[:3] == [str(system / "systemd-run"), "--user", "--scope"]
    assert found[-2:] == ["--description=d", "--"]
    assert scope_command({"PATH": str(system)}, description="d") == []
    have(system, kills="no", works="yes")
    assert scope_command(environment(system), description="d") == []
    have(system, kills="yes", works="yes")
    (system / "systemd-run").unlink()
    assert scope_command(environment(system), description="d") == []
    have(system, kills="yes", works="yes")
    (system.parent / "proc" / "self" / "cgroup").write_text("0::/system.slice/cron.service\n")
    assert scope_command(environment(system), description="d") == []


@pytest.mark.parametrize("works", ["yes", "no"])
def test_a_worker_starts_in_it_or_without_it(
    works: str, system: Path, tmp_path: Path, fault_server: FaultServer
) -> None:
    have(system, kills="yes", works=works)
    with session_control(tmp_path) as control:
        (done,) = control.add(fault_server.add("/a.iso", Resource(body(1, 1000))))
        control.wait_for(done, State.COMPLETED)
    assert "tuidl worker of session test" in (system / "told").read_text()
