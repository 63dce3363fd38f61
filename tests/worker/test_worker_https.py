"""Pausing and resuming over https: stopping at once must never write a wrong byte."""

from __future__ import annotations

from functools import partial

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace, SlowHeaders, StallAfter
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import Reason, State

SIZE = 12_000_000


def test_thirty_pauses_leave_the_right_bytes(trusting: SessionControl, tls_fault_server: FaultServer) -> None:
    content = body(1, SIZE)
    url = tls_fault_server.add("/a.iso", Resource(content), faults=[Pace(8_000_000)])
    (download_id,) = trusting.add(url, connections_max=1)
    kept = [0]
    for number in range(1, 31):
        wait_until(partial(_under_way, tls_fault_server, number), what=f"request {number}")
        trusting.session.pause([download_id])
        row = trusting.wait_for(download_id, State.PAUSED)
        assert row.part_path is not None
        with row.part_path.open("rb") as file:
            prefix = file.read(row.bytes_received)
        assert prefix == content[: row.bytes_received], f"wrong bytes after pause {number}"
        assert row.bytes_received >= kept[-1], f"bytes were lost before pause {number}"
        kept.append(row.bytes_received)
        trusting.session.resume([download_id])
    done = trusting.wait_for(download_id, State.COMPLETED)
    assert done.path is not None
    assert done.path.read_bytes() == content
    assert done.restarts == 0
    asked = [each.asked_range for each in tls_fault_server.requests("/a.iso")]
    assert [each and each[0] for each in asked] == [count or None for count in kept], "nothing was fetched twice"


def _under_way(server: FaultServer, number: int) -> bool:
    """Tell whether so many requests came and the last one's body is on its way."""
    requests = server.requests("/a.iso")
    return len(requests) == number and requests[-1].body_bytes_sent > 100_000


@pytest.mark.parametrize("fault", [SlowHeaders(), StallAfter(0)], ids=["headers", "body"])
def test_pause_stops_at_once_in_every_phase(
    trusting: SessionControl, tls_fault_server: FaultServer, fault: SlowHeaders | StallAfter
) -> None:
    (download_id,) = trusting.add(tls_fault_server.add("/a.iso", Resource(body(2, SIZE)), faults=[fault]))
    wait_until(lambda: tls_fault_server.requests("/a.iso"), what="the request")
    trusting.session.pause([download_id])
    trusting.wait_for(download_id, State.PAUSED, seconds=10)


def test_an_unknown_authority_is_refused(control: SessionControl, tls_fault_server: FaultServer) -> None:
    (download_id,) = control.add(tls_fault_server.add("/a.iso", Resource(b"abc")))
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is Reason.TLS
    assert row.error is not None
    assert "certificate" in row.error
    assert not tls_fault_server.requests("/a.iso")
