"""Resuming without proof through a real worker: equal bytes make it likely."""

from __future__ import annotations

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    DropAfter,
    IgnoreRange,
    StallAfter,
    has_if_range,
)
from tests.support.session_control import SessionControl
from tui_downloader.model.lifecycle import Resumable, State

SIZE = 3_000_000


@pytest.mark.parametrize(
    ("resource", "fault"),
    [
        (Resource(body(32, SIZE), etag='W/"weak"', last_modified=None), None),
        (Resource(body(32, SIZE), etag=None, last_modified=None), None),
        (Resource(body(32, SIZE)), IgnoreRange(when=has_if_range)),
    ],
    ids=["weak", "none", "200 to If-Range"],
)
def test_without_proof_equal_bytes_make_it_likely(
    control: SessionControl, fault_server: FaultServer, resource: Resource, fault: IgnoreRange | None
) -> None:
    faults = [DropAfter(SIZE // 2, times=1), *([fault] if fault else [])]
    (download_id,) = control.add(fault_server.add("/a.bin", resource, faults=faults))
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == resource.content
    assert (row.restarts, row.resumable) == (0, Resumable.LIKELY)
    last = fault_server.requests("/a.bin")[-1]
    assert last.asked_range is not None
    assert last.asked_range[0] > SIZE // 4, "only the rest and a little more was fetched"
    assert last.field("if-range") is None


def test_other_bytes_in_the_overlap_start_over(control: SessionControl, fault_server: FaultServer) -> None:
    old, new = body(33, SIZE), body(34, SIZE)
    url = fault_server.add(
        "/a.bin", Resource(old, etag=None, last_modified=None), faults=[StallAfter(SIZE // 2, times=1)]
    )
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, 1000)
    control.session.pause([download_id])
    control.wait_for(download_id, State.PAUSED)
    fault_server.replace("/a.bin", Resource(new, etag=None, last_modified=None))
    control.session.resume([download_id])
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == new
    assert row.restarts == 1
