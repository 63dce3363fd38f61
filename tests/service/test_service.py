"""The service: its own command line run for real, and a manager that is there, refuses, or is not there."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl
from tui_downloader.errors import ServiceError
from tui_downloader.model.lifecycle import State
from tui_downloader.service import systemd
from tui_downloader.service.manager import NO_MANAGER, plan_for
from tui_downloader.service.unit import unit_name, unit_text

SIZE = 400_000
SYSTEMCTL = """#!/bin/sh
echo "$(basename $0) $@" >> {told}
wants={home}/.config/systemd/user/default.target.wants
case "$*" in
  enable-linger) touch {home}/lingers ;;
  *enable*) mkdir -p $wants; touch "$wants/$4" ;;
  *disable*) rm "$wants/$4" ;;
  *is-active*) exit 3 ;;
  *Linger*) [ -e {home}/lingers ] && echo Linger=yes || echo Linger=no ;;
  *ProtectSystem*) exit {hardens} ;;
esac
"""


def run_unit(text: str, identifier: str) -> subprocess.Popen[bytes]:
    """Run what a unit's text says, as systemd would."""
    lines = [line.partition("=") for line in text.splitlines()]
    variables = [shlex.split(value)[0] for name, _, value in lines if name == "Environment"]
    (line,) = [value for name, _, value in lines if name == "ExecStart"]
    words = [identifier if each == "%i" else each for each in shlex.split(line.removeprefix(":"))]
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"]}
    environment |= dict(each.split("=", 1) for each in variables)
    return subprocess.Popen(words, cwd="/", env=environment, stderr=subprocess.DEVNULL, start_new_session=True)


def test_the_units_command_goes_on_after_a_kill_and_leaves_when_idle(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(1, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(SIZE // 4, times=2)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, SIZE // 4)
    control.kill_worker()
    text = unit_text(plan_for("test", control.root / "state"))
    with run_unit(text, "test") as first:
        pid = control.worker_pid()
        control.wait_for(download_id, State.TRANSFERRING)
        os.kill(pid, signal.SIGKILL)
        assert first.wait(60) not in {0, 2, 5}, "systemd starts it again"
    with run_unit(text, "test") as second:
        row = control.wait_for(download_id, State.COMPLETED)
        assert second.wait(60) == 0, "it leaves when it is idle"
    assert row.path is not None
    assert row.path.read_bytes() == content


def test_it_does_nothing_where_nothing_is_needed(control: SessionControl, fault_server: FaultServer) -> None:
    text = unit_text(plan_for("test", control.root / "state"))
    with run_unit(text, "test") as unused:
        assert unused.wait(60) == 0
    assert not control.session.exists(), "a session that was never used is not made"
    control.add(fault_server.add("/a.iso", Resource(body(2, SIZE)), faults=[StallAfter(1000)]))
    pid = control.worker_pid()
    with run_unit(text, "test") as beside:
        assert beside.wait(60) == 0
    assert control.worker_pid() == pid
    control.session.stop()
    with run_unit(text, "test") as stopped:
        assert stopped.wait(60) == 0
    assert control.session.worker_status().held, "what was stopped stays so after a reboot"


@pytest.fixture
def system(own_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have a systemd that writes down what it is told; return the home."""
    for name in ("systemctl", "loginctl", "systemd-run"):
        program = own_environment / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(SYSTEMCTL.format(told=own_environment / "told", home=own_environment, hardens=0))
        program.chmod(0o755)
    runtime = own_environment / "run"
    (runtime / "systemd").mkdir(parents=True)
    (runtime / "systemd" / "private").touch()
    monkeypatch.setattr(systemd, "BOOTED", runtime)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("PATH", f"{own_environment / 'bin'}:/usr/bin:/bin")
    monkeypatch.delenv("TUIDL_STATE_DIR")
    return own_environment


def test_installing_and_removing(system: Path) -> None:
    first, second = plan_for("default", None), plan_for("nightly", None)
    units = system / ".config" / "systemd" / "user"
    assert systemd.is_there()
    assert not systemd.status(first).enabled
    systemd.install(first)
    systemd.install(second)
    assert (units / "tuidl@.service").read_text() == unit_text(first)
    status = systemd.status(second)
    assert (status.file, status.enabled, status.starts_at_boot) == (units / "tuidl@.service", True, False)
    systemd.enable_lingering()
    assert systemd.status(second).starts_at_boot
    assert systemd.remove(first)
    assert (units / "tuidl@.service").exists(), "another session needs it"
    assert systemd.remove(second)
    assert not systemd.remove(second)
    assert not (units / "tuidl@.service").exists()
    told = (system / "told").read_text()
    assert f"systemctl --user --quiet enable {unit_name(second)}" in told
    assert told.count("daemon-reload") == 4


def test_what_the_kernel_does_not_allow_is_left_out(system: Path) -> None:
    text = SYSTEMCTL.format(told=system / "told", home=system, hardens=218)
    (system / "bin" / "systemd-run").write_text(text)
    systemd.install(plan_for("default", None))
    unit = (system / ".config" / "systemd" / "user" / "tuidl@.service").read_text()
    assert "ProtectSystem" not in unit
    assert "ExecStart=" in unit


def test_a_manager_that_refuses_or_cannot_be_reached(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (system / "bin" / "systemctl").write_text("#!/bin/sh\necho 'Access \x1b[2Jdenied' >&2\nexit 1\n")
    with pytest.raises(ServiceError, match=r"“systemctl --user daemon-reload” failed: Access .\[2Jdenied"):
        systemd.install(plan_for("default", None))
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    with pytest.raises(ServiceError, match="cannot be reached"):
        systemd.install(plan_for("default", None))


@pytest.mark.skipif(
    systemd.BOOTED.is_dir() or sys.platform == "darwin", reason="this system has a service manager"
)
@pytest.mark.parametrize("verb", [[], ["install"], ["remove"], ["status", "--json"]])
def test_without_a_manager_it_says_what_cannot_be_promised(verb: list[str], tmp_path: Path) -> None:
    done = CommandLine(tmp_path)("service", *verb)
    assert (done.code, done.out) == (1, "")
    assert NO_MANAGER in done.err
