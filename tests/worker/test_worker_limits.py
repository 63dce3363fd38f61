"""Speed limits through a real worker."""

from __future__ import annotations

import time

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import State

SIZE = 3_000_000


def test_a_speed_limit_holds(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(30, 1_500_000)
    url = fault_server.add("/a.bin", Resource(content))
    (download_id,) = control.add(url, bytes_per_second_max=1_000_000)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert row.finished_at is not None
    assert row.started_at is not None
    # At the limit it takes 1.5 s, less the quarter of a second that may come at once; load only makes it longer.
    assert row.finished_at - row.started_at > 1.2


def test_a_limited_download_stops_at_once(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(31, SIZE)))
    (download_id,) = control.add(url, bytes_per_second_max=20_000)
    control.wait_for_bytes(download_id, 1)
    control.session.pause([download_id])
    assert control.wait_for(download_id, State.PAUSED).bytes_received < SIZE


@pytest.mark.parametrize("of_all", [True, False])
def test_a_limit_that_is_lifted_is_gone_at_once(
    control: SessionControl, fault_server: FaultServer, *, of_all: bool
) -> None:
    url = fault_server.add("/a.bin", Resource(body(32, SIZE)))
    if of_all:
        control.session.limit_all(20_000)
    (download_id,) = control.add(url, bytes_per_second_max=None if of_all else 20_000)
    control.wait_for_bytes(download_id, 1)
    verbs = control.row(download_id).intent_number
    if of_all:
        control.session.limit_all(0)
    else:
        control.session.limit([download_id], None)
    control.wait_for(download_id, State.COMPLETED, seconds=60)  # with the limit: 150 s
    row = control.row(download_id)
    assert (row.intent_number, row.attempt) == (verbs, 1), "no verb, and the same attempt"


@pytest.mark.parametrize("of_all", [True, False])
def test_a_running_download_is_limited(
    control: SessionControl, fault_server: FaultServer, *, of_all: bool
) -> None:
    url = fault_server.add("/a.bin", Resource(body(33, SIZE)), faults=[StallAfter(1000)])
    download_id, other = control.add(url, f"{url}?other")
    control.wait_for_bytes(download_id, 1)
    if of_all:
        control.session.limit_all(1_000_000)
    else:
        control.session.limit([download_id], 1_000_000)
    control.session.cancel([other])
    control.wait_for(other, State.CANCELLED)  # the worker has looked since
    released_at = time.time()
    fault_server.release()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.attempt == 1
    assert row.finished_at is not None
    assert row.finished_at - released_at > 2.5  # 3 s, less what may come at once


def test_the_sessions_limit_survives_the_worker(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(34, SIZE)), faults=[StallAfter(1000)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, 1)
    control.session.limit_all(1_000_000)
    log = control.session.directory / "worker.log"
    wait_until(lambda: "limit of all downloads: 1.0 MB/s" in log.read_text(), what="the limit")
    control.kill_worker()
    control.session.reconnect()
    wait_until(lambda: log.read_text().count("limit of all downloads: 1.0 MB/s") == 2, what="the limit again")
    assert control.session.limit_of_all() == 1_000_000


def test_small_files_are_limited_too(control: SessionControl, fault_server: FaultServer) -> None:
    """Their whole body comes with the header, in one block."""
    contents = [body(seed, 50_000) for seed in range(10)]
    urls = [fault_server.add(f"/{at}.bin", Resource(content)) for at, content in enumerate(contents)]
    control.session.limit_all(250_000)
    rows = [control.wait_for(each, State.COMPLETED) for each in control.add(*urls)]
    for row, content in zip(rows, contents, strict=True):
        assert row.path is not None
        assert row.path.read_bytes() == content
    took_seconds = max(row.finished_at or 0.0 for row in rows) - min(row.started_at or 0.0 for row in rows)
    assert took_seconds > 1.7  # 2 s, less what may come at once
