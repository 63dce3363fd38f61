"""The order of the queue, and settings that change, through a real worker."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import State

SIZE = 1_500_000


@pytest.fixture
def one_at_once(write_settings: Path) -> Path:
    """Let only one download that is not small run at once."""
    write_settings.write_text(write_settings.read_text() + "downloads_at_once = 1\n")
    return write_settings


def stalled(server: FaultServer, count: int) -> list[str]:
    """Serve files that stop in the middle until the gate opens."""
    return [
        server.add(f"/{number}.bin", Resource(body(number, SIZE)), faults=[StallAfter(SIZE // 2)])
        for number in range(count)
    ]


def log_of(control: SessionControl) -> str:
    return (control.session.directory / "worker.log").read_text()


def order_of_start(control: SessionControl, ids: list[int]) -> list[int]:
    """Return the ids in the order in which they were started, once all are finished."""
    rows = [control.wait_for(each, State.COMPLETED) for each in ids]
    return [each.id for each in sorted(rows, key=lambda each: each.started_at or 0)]


def test_what_was_moved_starts_in_the_new_order(
    one_at_once: Path, control: SessionControl, fault_server: FaultServer
) -> None:
    first, second, third, fourth, fifth = ids = control.add(*stalled(fault_server, 5))
    control.wait_for(first, State.TRANSFERRING)
    assert control.session.move([fifth], up=True, far=True) == 1
    assert control.session.move([second], up=False) == 1
    assert [control.row(each).state for each in ids[1:]] == [State.QUEUED] * 4
    fault_server.release()
    assert order_of_start(control, ids) == [first, fifth, third, second, fourth]


def test_a_killed_worker_leaves_the_order(
    one_at_once: Path, control: SessionControl, fault_server: FaultServer
) -> None:
    first, second, third = ids = control.add(*stalled(fault_server, 3))
    control.wait_for(first, State.TRANSFERRING)
    control.session.move([third], up=True)
    control.kill_worker(signal.SIGKILL)
    control.session.reconnect()
    fault_server.release()
    assert order_of_start(control, ids) == [first, third, second]


def test_a_setting_changes_while_the_worker_runs(
    one_at_once: Path, control: SessionControl, fault_server: FaultServer
) -> None:
    ids = control.add(*stalled(fault_server, 3))
    control.wait_for(ids[0], State.TRANSFERRING)
    assert [control.row(each).state for each in ids[1:]] == [State.QUEUED] * 2
    pid = control.worker_pid()
    one_at_once.write_text("downloads_at_once = 3\n")
    for each in ids:
        control.wait_for(each, State.TRANSFERRING)
    assert control.worker_pid() == pid
    assert "downloads_at_once = 3 (was 1)" in log_of(control)


def test_a_wrong_settings_file_stops_nothing(
    write_settings: Path, control: SessionControl, fault_server: FaultServer
) -> None:
    (download_id,) = control.add(*stalled(fault_server, 1))
    control.wait_for(download_id, State.TRANSFERRING)
    write_settings.write_text("downloads_at_once = 1\ndownloads_at_ones = 3\n")
    wait_until(lambda: "line 2" in log_of(control), what="the sentence in the log")
    fault_server.release()
    control.wait_for(download_id, State.COMPLETED)
    assert log_of(control).count("the settings stay as they are") == 1
