"""Upkeep by a real worker: when it is idle, and never at a downloaded file's cost."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from tests.state.files import new_state_file
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, session_control, wait_until
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import Request
from tui_downloader.settings import DEFAULTS
from tui_downloader.state import downloads, retention
from tui_downloader.state.database import Database, SqlValue
from tui_downloader.worker.upkeep import QUIET_SECONDS, Upkeep

DAY_SECONDS = 86_400.0
LONG_FINISHED: Mapping[str, SqlValue] = {
    "state": "completed",
    "filename": "a",
    "finished_at": 1.0,
    "acted_number": 1,
}
"""What is true of a download that finished in 1970."""


def finish_long_ago(control: SessionControl, server: FaultServer) -> list[Path]:
    """Download two files, then turn the clock of their rows back by 40 days; the screen heard of both."""
    ids = control.add(*(server.add(f"/{name}.bin", Resource(body(1, 5000))) for name in "ab"))
    for each in ids:
        control.wait_for(each, State.COMPLETED)
    wait_until(lambda: not control.session.worker_status().running, what="the worker's end")
    with control.database() as database:
        database.execute("UPDATE downloads SET finished_at = ?", (time.time() - 40 * DAY_SECONDS,))
        database.commit()
    control.session.acknowledge("screen", control.session.events()[-1].sequence)
    return [control.downloads / f"{name}.bin" for name in "ab"]


def test_what_finished_long_ago_leaves_the_list_when_no_transfer_runs(
    tmp_path: Path, fault_server: FaultServer
) -> None:
    with session_control(tmp_path) as control:
        files = finish_long_ago(control, fault_server)
        revision = control.session.changes().revision
        slow = fault_server.add("/slow.bin", Resource(body(2, 400_000)), faults=[StallAfter(200_000)])
        (running,) = control.add(slow)
        control.wait_for_bytes(running, 200_000)
        time_of_house = time.monotonic() + 1.5  # the worker keeps house each second
        wait_until(lambda: time.monotonic() > time_of_house, what="a round of the worker's house")
        assert [each.id for each in control.session.snapshots()] == [1, 2, running]

        fault_server.release()
        wait_until(lambda: len(control.session.snapshots()) == 1, what="the old rows' end")

        assert control.row(running).state is State.COMPLETED
        assert all(each.read_bytes() == body(1, 5000) for each in files)
        gone = [each.id for each in control.session.changes(revision).downloads if each.removed_at]
        assert gone == [1, 2]
        kinds = {each.kind for each in control.session.events() if each.download_id in {1, 2}}
        assert EventKind.PRUNED in kinds
        assert EventKind.REMOVED not in kinds


def test_never_means_never(tmp_path: Path, own_environment: Path, fault_server: FaultServer) -> None:
    (own_environment / "settings.toml").write_text('keep_days = "never"\nworker_idle_seconds = 0.1\n')
    with session_control(tmp_path) as control:
        finish_long_ago(control, fault_server)
        (last,) = control.add(fault_server.add("/c.bin", Resource(b"bytes")))
        control.wait_for(last, State.COMPLETED)
        wait_until(lambda: not control.session.worker_status().running, what="the worker's end")
        assert [each.id for each in control.session.snapshots()] == [1, 2, last]


def test_it_is_done_while_downloads_wait_but_not_while_one_runs(tmp_path: Path) -> None:
    database = Database(new_state_file(tmp_path))
    with database.transaction() as transaction:
        for number in range(retention.ROWS_AT_ONCE + 1):
            request = Request(url=f"https://tuidl.invalid/{number}", directory=tmp_path)
            download_id = downloads.insert(transaction, request, now=1.0)
            downloads.update(transaction, download_id, LONG_FINISHED)
    upkeep = Upkeep(database, now=0.0)

    def left(*, is_busy: bool, now: float) -> int:
        upkeep.work_if_quiet(DEFAULTS, is_busy=is_busy, now=now)
        return len(downloads.read_all(database))

    everything = retention.ROWS_AT_ONCE + 1
    assert left(is_busy=True, now=100.0) == everything
    assert left(is_busy=False, now=101.0) == everything
    assert left(is_busy=False, now=100.0 + QUIET_SECONDS) == 1
    assert left(is_busy=False, now=101.0 + QUIET_SECONDS) == 0
    database.close()
