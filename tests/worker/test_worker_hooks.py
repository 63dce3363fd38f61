"""Hooks of a real worker: what they are told, how often they are run, and that nothing waits for them."""

from __future__ import annotations

import io
import json
import signal
import zipfile
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Status
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.download import download_as_json
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.state.process import start_time

SIZE = 50_000


class HookFile:
    """A hook that writes down what it is given, and then does what the test says."""

    def __init__(self, directory: Path, settings: Path, name: str = "on_completed", then: str = "") -> None:
        """Write the hook, and set it."""
        self.program, self.lines = directory / f"{name}.sh", directory / f"{name}.txt"
        self.program.write_text(
            f'#!/bin/sh\nread line\necho "$TUIDL_HOOK $TUIDL_EVENT $TUIDL_SESSION $line" >> {self.lines}\n{then}\n'
        )
        self.program.chmod(0o755)
        with settings.open("a") as file:
            file.write(f'{name} = ["{self.program}", "--quiet"]\n')

    @property
    def calls(self) -> list[tuple[str, int, str, dict[str, object]]]:
        """What it was given: its name, number of the event, session, download."""
        lines = self.lines.read_text().splitlines() if self.lines.exists() else []
        parts = [line.split(" ", 3) for line in lines]
        return [(name, int(number), session, json.loads(text)) for name, number, session, text in parts]

    def wait(self, count: int) -> list[tuple[str, int, str, dict[str, object]]]:
        """Wait until it was called so often; return the calls."""
        wait_until(lambda: len(self.calls) >= count, what=f"{count} hooks")
        return self.calls


def failures(control: SessionControl) -> list[Event]:
    """Return what went wrong with hooks."""
    return [each for each in control.session.events() if each.kind is EventKind.HOOK_FAILED]


def worker_gone(control: SessionControl) -> None:
    """Wait until the worker has left."""
    wait_until(lambda: not control.session.worker_status().running, what="the worker's leave")


def test_each_end_is_told_once_without_secrets(
    control: SessionControl, write_settings: Path, tmp_path: Path, fault_server: FaultServer
) -> None:
    done = HookFile(tmp_path, write_settings, then=f"ls -l /proc/$$/fd > {tmp_path}/fds; echo told; exit 0")
    lost = HookFile(tmp_path, write_settings, "on_failed")
    url = fault_server.add("/a.iso", Resource(body(1, SIZE))).replace("http://", "http://ada:pass-word@")
    bad = fault_server.add("/gone.iso", Resource(b""), faults=[Status(404)])
    first, second = control.add(f"{url}?token=geheim", bad)
    ((name, number, session, told),) = done.wait(1)
    assert (name, session, told["id"], told["state"]) == ("on_completed", "test", first, "completed")
    assert told["path"] == str(control.downloads / "a.iso")
    assert told == download_as_json(control.row(first), session="test") | {"digest": told["digest"]}
    (failed,) = lost.wait(1)
    assert (failed[0], failed[3]["id"], failed[3]["reason"]) == ("on_failed", second, "not-found")
    events = {each.sequence: each for each in control.session.events()}
    assert events[number].kind is EventKind.FINISHED
    assert events[failed[1]].kind is EventKind.FAILED
    worker_gone(control)
    text = done.lines.read_text() + (control.session.directory / "worker.log").read_text()
    assert "pass-word" not in text
    assert "geheim" not in text
    assert f"download {first}: on_completed: told" in text
    fds = (tmp_path / "fds").read_text()
    assert "worker.lock" not in fds
    assert "state.sqlite3" not in fds
    control.add(fault_server.add("/b.iso", Resource(body(2, SIZE))))
    assert [each[3]["id"] for each in done.wait(2)] == [first, 3], "the first is not told again"


def test_a_hook_that_goes_wrong_is_an_event_and_stops_nothing(
    control: SessionControl, write_settings: Path, tmp_path: Path, fault_server: FaultServer
) -> None:
    HookFile(tmp_path, write_settings, then="exit 3")
    first, second = control.add(*(fault_server.add(f"/{each}", Resource(body(each, SIZE))) for each in (3, 4)))
    wait_until(lambda: len(failures(control)) == 2, what="both hooks")
    assert {each.download_id for each in failures(control)} == {first, second}
    assert failures(control)[0].fields["hook"] == "on_completed"
    assert failures(control)[0].fields["error"] == "ended with code 3"
    (tmp_path / "on_completed.sh").unlink()
    control.add(fault_server.add("/5", Resource(body(5, SIZE))))
    wait_until(lambda: len(failures(control)) == 3, what="the third")
    assert failures(control)[2].fields["error"] == "cannot be run: No such file or directory"


def test_nothing_waits_for_a_hook_and_a_killed_worker_repeats_only_that_one(
    control: SessionControl, write_settings: Path, tmp_path: Path, fault_server: FaultServer
) -> None:
    hold = tmp_path / "hold"
    hold.touch()
    done = HookFile(tmp_path, write_settings, then=f"while [ -e {hold} ]; do sleep 0.05; done")
    (first,) = control.add(fault_server.add("/a.iso", Resource(body(6, SIZE))))
    assert len(done.wait(1)) == 1
    (second,) = control.add(fault_server.add("/b.iso", Resource(body(7, SIZE))))
    control.wait_for(second, State.COMPLETED)
    assert len(done.calls) == 1, "one after the other, and the file was here before"
    control.kill_worker(signal.SIGKILL)
    hold.unlink()
    control.add(fault_server.add("/c.iso", Resource(body(8, SIZE))))
    calls = done.wait(4)
    worker_gone(control)
    assert [each[3]["id"] for each in calls] == [first, first, second, 3]
    assert calls[0][1] == calls[1][1], "the number of the event tells that it is the same"
    assert len(done.calls) == 4


def test_a_worker_that_leaves_ends_its_hook_and_the_next_one_runs_it_again(
    control: SessionControl, write_settings: Path, tmp_path: Path, fault_server: FaultServer
) -> None:
    once = tmp_path / "once"
    done = HookFile(tmp_path, write_settings, then=f"[ -e {once} ] || {{ echo $$ > {once}; exec sleep 600; }}")
    control.add(fault_server.add("/a.iso", Resource(body(9, SIZE))))
    wait_until(lambda: once.exists() and once.read_text(), what="the hook")
    control.kill_worker(signal.SIGTERM)
    wait_until(lambda: start_time(int(once.read_text())) is None, what="the end of the hook")
    control.session.ensure_worker()
    assert [each[3]["id"] for each in done.wait(2)] == [1, 1]
    worker_gone(control)
    control.session.ensure_worker()
    assert not control.session.worker_status().running, "nothing is owed any more"


def test_the_readmes_hook_unpacks(
    control: SessionControl,
    write_settings: Path,
    tmp_path: Path,
    fault_server: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    setting = readme.partition("```toml\non_completed")[2].partition("```")[0]
    program = tmp_path / "bin" / "unpack"
    program.parent.mkdir()
    program.write_text(
        "#!/usr/bin/env python3" + readme.partition("#!/usr/bin/env python3")[2].partition("```")[0]
    )
    program.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    with write_settings.open("a") as file:
        file.write(f"on_completed{setting}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.txt", "words")
    control.add(fault_server.add("/a.zip", Resource(packed.getvalue())))
    wait_until((control.downloads / "inside.txt").exists, what="the unpacked file")
    worker_gone(control)
    assert failures(control) == []
    assert "on_completed: unpacked a.zip" in (control.session.directory / "worker.log").read_text()


def test_a_hook_that_is_set_later_is_not_run_for_what_was_before(
    control: SessionControl, write_settings: Path, tmp_path: Path, fault_server: FaultServer
) -> None:
    (first,) = control.add(fault_server.add("/a.iso", Resource(body(11, SIZE))))
    control.wait_for(first, State.COMPLETED)
    worker_gone(control)
    done = HookFile(tmp_path, write_settings)
    (second,) = control.add(fault_server.add("/b.iso", Resource(body(12, SIZE))))
    assert [each[3]["id"] for each in done.wait(1)] == [second]
    worker_gone(control)
    assert len(done.calls) == 1
