"""Servers that want fewer connections: every kind of refusal, for every number that is allowed.

Whatever the extra connections meet, the file is right and the server is not asked again and again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.transferring import bring, shared_parts
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Fault, IgnoreRange, Pace, Refuse, ResetAfter, SlowHeaders, StallAfter, Status
from tests.support.request import Request
from tui_downloader.engine.origins import origin_of

SIZE = 20_000_000
PACE = 4_000_000.0
"""Bytes a second of each connection."""
REFUSED_MAX = 20
"""Refused requests over the life of a transfer."""
_BUSY = (("Retry-After", "120"),)

KINDS: dict[str, Callable[[Callable[[Request], bool]], Fault]] = {
    "429": lambda when: Status(429, when=when, turns_away=True),
    "503": lambda when: Status(503, when=when, turns_away=True),
    "503 with Retry-After": lambda when: Status(503, fields=_BUSY, when=when, turns_away=True),
    "403": lambda when: Status(403, when=when, turns_away=True),
    "closed unanswered": lambda when: Refuse(when=when, turns_away=True),
    "reset unanswered": lambda when: Refuse(reset=True, when=when, turns_away=True),
    "reset after the header": lambda when: ResetAfter(0, when=when, turns_away=True),
    "silent": lambda when: SlowHeaders(None, when=when, turns_away=True),
    "silent after the header": lambda when: StallAfter(0, when=when, turns_away=True),
    "silent in the middle": lambda when: StallAfter(300_000, when=when, turns_away=True),
    "200 instead of 206": lambda when: IgnoreRange(when=when, turns_away=True),
}


@pytest.mark.parametrize(("allowed", "known"), [(1, None), (2, None), (4, None), (2, 16)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_refusal_costs_neither_the_file_nor_the_servers_patience(
    fault_server: FaultServer, tmp_path: Path, kind: str, allowed: int, known: int | None
) -> None:
    refuse = KINDS[kind](lambda heard: heard.in_flight > allowed)
    content = body(1, SIZE)
    url = fault_server.add("/a", Resource(content), faults=[Pace(PACE), refuse])
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


@pytest.mark.parametrize("allowed", [1, 2, 4])
def test_connections_that_are_closed_at_once(tmp_path: Path, allowed: int) -> None:
    content = body(1, SIZE)
    with FaultServer(connections_max=allowed) as server, shared_parts() as shared:
        url = server.add("/a", Resource(content), faults=[Pace(PACE)])
        assert bring(url, tmp_path / "to", shared) == content
        assert 0 < server.refused_count <= REFUSED_MAX
