"""Servers that want fewer connections: every kind of refusal, for every number that is allowed.

Whatever the extra connections meet, the file is right and the server is not asked again and again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.transferring import bring, shared_parts
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace, Status
from tests.support.refusals import KINDS
from tests.support.request import Request
from tui_downloader.engine.caution import REFUSALS_MAX
from tui_downloader.engine.origins import origin_of

SIZE = 20_000_000
PACE = 4_000_000.0
"""Bytes a second of each connection."""
REFUSED_MAX = 20
"""Refused requests over the life of a transfer."""


@pytest.mark.parametrize(("allowed", "known"), [(1, None), (2, None), (4, None), (2, 16)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_costs_neither_the_file_nor_the_servers_patience(
    fault_server: FaultServer, tmp_path: Path, kind: str, allowed: int, known: int | None
) -> None:
    refuse = KINDS[kind](lambda heard: heard.in_flight > allowed)
    content = body(1, SIZE)
    pace = PACE if allowed < 4 else PACE / 2  # a busy machine needs time until a fifth is asked for
    url = fault_server.add("/a", Resource(content), faults=[Pace(pace), refuse])
    with shared_parts({origin_of(url): known} if known else None) as shared:
        assert bring(url, tmp_path / "to", shared) == content
    log = fault_server.requests("/a")
    refused = sum(each.in_flight > allowed for each in log)
    assert 0 < refused <= REFUSED_MAX, f"{refused} of {len(log)} requests were refused"


def test_a_refusal_lowers_what_is_remembered(fault_server: FaultServer, tmp_path: Path) -> None:
    refuse = Status(503, when=lambda heard: heard.in_flight > 3, turns_away=True)
    content = body(1, SIZE)
    url = fault_server.add("/a", Resource(content), faults=[Pace(PACE), refuse])
    with shared_parts({origin_of(url): 16}) as shared:
        assert bring(url, tmp_path / "to", shared) == content
    remembered = shared.origins.known(origin_of(url))
    assert remembered is not None
    assert remembered <= 3
    assert sum(each.body_bytes_sent for each in fault_server.requests("/a")) < 1.2 * SIZE


def test_what_was_silent_when_all_were_counts_as_refused(fault_server: FaultServer, tmp_path: Path) -> None:
    late: list[int | None] = []

    def too_many(heard: Request) -> bool:
        """The server sees late that the first response was left: it turns away even the only connection, once."""
        is_alone = heard.in_flight == 1
        if heard.number != 1 and is_alone and not late:
            late.append(heard.number)
            return True
        return not is_alone

    content = body(1, SIZE)
    url = fault_server.add("/a", Resource(content), faults=[Pace(PACE), KINDS["silent in the middle"](too_many)])
    with shared_parts() as shared:
        assert bring(url, tmp_path / "to", shared) == content
    log = fault_server.requests("/a")
    refused = sum(each.in_flight > 1 or each.number in late for each in log)
    assert late
    really_late = 1  # a busy machine sees it late without being asked to: then there are two such requests
    assert refused <= REFUSALS_MAX + really_late, f"{refused} of {len(log)} requests were refused"


@pytest.mark.parametrize("allowed", [1, 2, 4])
def test_connections_that_are_closed_at_once(tmp_path: Path, allowed: int) -> None:
    content = body(1, SIZE)
    with FaultServer(connections_max=allowed) as server, shared_parts() as shared:
        url = server.add("/a", Resource(content), faults=[Pace(PACE)])
        assert bring(url, tmp_path / "to", shared) == content
        assert 0 < server.refused_count <= REFUSED_MAX
