"""Several downloads from one origin: sixteen connections in all, and a fair share for each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.transferring import Running, shared_parts, supervise
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace
from tui_downloader.engine.origins import CONNECTIONS_MAX, Origins, fair_share, origin_of

SIZE = 40_000_000


@pytest.mark.parametrize(
    ("wants", "shares"),
    [
        ([16], [16]),
        ([16, 16], [8, 8]),
        ([16, 1], [15, 1]),
        ([16, 3, 16], [6, 3, 6]),
        ([16, 16, 16], [5, 5, 5]),
        ([1] * 20, [1] * 20),
        ([4, 2], [4, 2]),
    ],
)
def test_who_wants_little_gets_it_and_the_others_share_the_rest(wants: list[int], shares: list[int]) -> None:
    assert [fair_share(wants, want) for want in wants] == shares


def test_a_share_ends_with_its_download() -> None:
    origins, first, second = Origins({}), object(), object()
    assert origins.share("https://a:443", first, 16) == 16
    assert origins.share("https://a:443", second, 16) == 8
    assert origins.share("https://b:443", second, 16) == 16
    assert origins.share("https://a:443", first, 16) == 8
    origins.end_share("https://a:443", second)
    assert origins.share("https://a:443", first, 16) == 16


def test_a_second_download_gets_its_share_of_the_first_ones_connections(
    fault_server: FaultServer, tmp_path: Path
) -> None:
    content = body(1, SIZE)
    slow = Pace(200_000, until_release=True)
    first_url, second_url = (fault_server.add(each, Resource(content), faults=[slow]) for each in ("/1", "/2"))
    with shared_parts({origin_of(first_url): 16}) as shared:
        first = Running(first_url, tmp_path / "1", shared)
        supervise(first, until=lambda: first.transfer.connections == CONNECTIONS_MAX)
        second = Running(second_url, tmp_path / "2", shared)
        both = (first.transfer, second.transfer)
        supervise(first, second, until=lambda: [each.connections for each in both] == [8, 8])
        fault_server.release()
        supervise(first, second, until=lambda: first.has_ended and second.has_ended)
    for each in (first, second):
        assert each.path is not None, each.error
        assert each.path.read_bytes() == content
    open_at_once = max(each.in_flight for each in fault_server.requests("/1"))
    assert open_at_once <= CONNECTIONS_MAX + 1, "a connection that is given up may be seen for a moment longer"


def test_a_limited_download_asks_for_no_more_connections(fault_server: FaultServer, tmp_path: Path) -> None:
    url = fault_server.add("/a", Resource(body(1, SIZE)))
    with shared_parts() as shared:
        shared.throttle.set_rate(200_000)
        running = Running(url, tmp_path / "to", shared)
        supervise(running, until=lambda: running.transfer.bytes_written > 400_000)
        running.stop()
        assert shared.origins.known(origin_of(url)) is None
    assert len(fault_server.requests("/a")) == 1
