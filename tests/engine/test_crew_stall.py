"""One connection of several falls silent: the others go on, and somebody else brings its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.transferring import bring, shared_parts
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace, StallAfter, starts_after_zero
from tui_downloader.engine.origins import origin_of

SIZE = 30_000_000


@pytest.mark.parametrize("silent_after", [0, 400_000])
def test_a_silent_connection_is_replaced(fault_server: FaultServer, tmp_path: Path, silent_after: int) -> None:
    content = body(1, SIZE)
    stall = StallAfter(silent_after, when=starts_after_zero, times=2)
    url = fault_server.add("/a", Resource(content), faults=[Pace(1_000_000), stall])
    with shared_parts({origin_of(url): 4}) as shared:
        assert bring(url, tmp_path / "to", shared) == content
    log = fault_server.requests("/a")
    sent = sum(each.body_bytes_sent for each in log)
    assert SIZE <= sent < 1.1 * SIZE, "next to nothing is fetched twice"
    assert all(each.ended for each in log), "no silent connection is left open"


def test_the_first_connection_is_replaced_too(fault_server: FaultServer, tmp_path: Path) -> None:
    content = body(1, SIZE)
    stall = StallAfter(400_000, when=lambda heard: heard.number == 1)
    url = fault_server.add("/a", Resource(content), faults=[Pace(2_000_000), stall])
    with shared_parts() as shared:
        assert bring(url, tmp_path / "to", shared) == content


def test_where_all_are_silent_one_begins_anew(fault_server: FaultServer, tmp_path: Path) -> None:
    content = body(1, SIZE)
    stall = StallAfter(200_000, when=starts_after_zero, times=3)
    first = StallAfter(600_000, when=lambda heard: heard.number == 1)
    url = fault_server.add("/a", Resource(content), faults=[Pace(2_000_000), first, stall])
    with shared_parts({origin_of(url): 4}) as shared:
        assert bring(url, tmp_path / "to", shared) == content
        assert shared.origins.known(origin_of(url)) == 4, "an outage says nothing about how many are allowed"
