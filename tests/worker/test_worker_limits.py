"""Speed limits through a real worker."""

from __future__ import annotations

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.session_control import SessionControl
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
    assert control.wait_for(download_id, State.PAUSED, seconds=10).bytes_received < SIZE
