"""What ends with a login, as logind and the kernel say."""

from __future__ import annotations

import getpass
import time
from pathlib import Path

import pytest

from tui_downloader.session import login
from tui_downloader.session.login import LoginEnd, kills_processes, login_end, stops_at_logout

SCOPE = "0::/user.slice/user-1000.slice/session-3.scope"
MANAGER = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/tuidl.service"
SSH = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22"}


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Yield a directory with a `loginctl` of the test's, and a cgroup file."""
    (tmp_path / "self").mkdir()
    monkeypatch.setattr(login, "_PROC", tmp_path)
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    monkeypatch.setattr(login, "ANSWER_SECONDS", 20.0)
    return tmp_path


def say(system: Path, *, cgroup: str, script: str) -> dict[str, str]:
    """Make the system answer so; return an environment of a login over SSH."""
    (system / "self" / "cgroup").write_text(cgroup + "\n")
    command = system / "loginctl"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)
    return {"PATH": str(system), **SSH}


ANSWERS = """
case "$2" in
  ada) echo Linger={lingers} ;;
  *) echo KillUserProcesses={kills}; echo KillOnlyUsers=; echo KillExcludeUsers=root ;;
esac
"""


@pytest.mark.parametrize(
    ("cgroup", "kills", "lingers", "stops"),
    [
        (SCOPE, "yes", "no", True),
        (SCOPE, "yes", "yes", True),
        (SCOPE, "no", "no", False),
        (MANAGER, "no", "no", True),
        (MANAGER, "yes", "yes", False),
        ("0::/system.slice/cron.service", "yes", "no", False),
        ("", "yes", "no", False),
        (f"9:name=systemd:{SCOPE[3:]}\n0::/", "yes", "no", True),
    ],
)
def test_who_is_ended_at_logout(system: Path, cgroup: str, kills: str, lingers: str, stops: bool) -> None:
    environment = say(system, cgroup=cgroup, script=ANSWERS.format(kills=kills, lingers=lingers))
    assert stops_at_logout(environment) is stops
    found = login_end(environment)
    assert (found.kills, found.lingers, found.over_ssh) == (kills == "yes", lingers == "yes", True)


def test_a_worker_in_a_scope_of_its_own_is_asked_for_by_its_pid(system: Path) -> None:
    environment = say(system, cgroup=SCOPE, script=ANSWERS.format(kills="yes", lingers="yes"))
    (system / "7").mkdir()
    (system / "7" / "cgroup").write_text(MANAGER)
    assert stops_at_logout(environment)
    assert not stops_at_logout(environment, pid=7)
    assert not stops_at_logout(environment, pid=8), "it is gone: nobody knows"


def test_without_ssh_nobody_is_asked(system: Path) -> None:
    environment = say(system, cgroup=SCOPE, script=f"touch {system}/asked\n{ANSWERS}")
    assert not stops_at_logout({"PATH": environment["PATH"]})
    assert not (system / "asked").exists()


@pytest.mark.parametrize("script", ["exit 1", "echo nonsense", "printf '\\377\\376=\\n'", ""])
def test_no_answer_is_no_bad_news(system: Path, script: str) -> None:
    environment = say(system, cgroup=SCOPE, script=script)
    assert login_end(environment) == LoginEnd(
        over_ssh=True, in_login_scope=True, in_user_manager=False, kills=None, lingers=None
    )
    (system / "loginctl").unlink()
    assert not stops_at_logout(environment)


def test_a_login_manager_that_hangs_is_not_waited_for(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = say(system, cgroup=SCOPE, script="exec /bin/sleep 600")
    monkeypatch.setattr(login, "ANSWER_SECONDS", 0.2)
    began = time.monotonic()
    assert not stops_at_logout(environment)
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(
    ("only", "excluded", "kills"),
    [("", "root", True), ("", "root ada", False), ("bob", "", False), ("bob ada", "", True)],
)
def test_lists_of_users_count(only: str, excluded: str, kills: bool) -> None:
    manager = {"KillUserProcesses": "yes", "KillOnlyUsers": only, "KillExcludeUsers": excluded}
    assert kills_processes(manager, user="ada") is kills
    assert kills_processes({}, user="ada") is None
