"""Every fault of the table, in every situation, through a real worker: never a wrong file under the final name."""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from tests.support.fault_server import FaultServer
from tests.support.faults import Fault, Pace, StallAfter, is_get, is_ranged, starts_after_zero
from tests.support.request import Request
from tests.support.session_control import SessionControl, session_control, sha256, wait_until
from tests.worker.fault_matrix import (
    LYING_RANGES,
    MATRIX,
    ONLY_THE_FIRST,
    Outcome,
    Row,
)
from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State

SMALL, LARGE = 3_000_000, 12_000_000
"""Size of the object on one connection and on four: read from the socket itself; worth four connections."""
SETTINGS = """
retry_first_seconds = 0.05
header_seconds = 0.6
minimum_speed_seconds = 1.0
restarts_max = 2
worker_idle_seconds = 600.0
"""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionControl]:
    """Yield a session whose worker serves the whole module."""
    root = tmp_path_factory.mktemp("matrix")
    (root / "settings.toml").write_text(SETTINGS)
    with session_control(root) as made:
        yield made


@pytest.fixture
def session(shared: SessionControl, monkeypatch: pytest.MonkeyPatch) -> SessionControl:
    """Return the shared session, started again with its own settings where it was killed."""
    monkeypatch.setenv("TUIDL_CONFIG", str(shared.root / "settings.toml"))
    return shared


_numbers = itertools.count()


class Case:
    """One download of one row."""

    def __init__(self, session: SessionControl, server: FaultServer, row: Row, *, size: int) -> None:
        self.session = session
        self.server = server
        self.row = row
        self.resource = row.resource(size)
        self.directory = session.downloads / str(len(list(session.downloads.iterdir())))
        self.directory.mkdir()
        self.id = 0

    def begin(self, faults: list[Fault], *, connections: int) -> None:
        """Serve the object with faults and add the download."""
        url = self.server.add("/a.bin", self.resource, faults=faults)
        request = self.session.request(url, connections_max=connections)
        (added,) = self.session.session.add([replace(request, directory=self.directory)])
        self.id = added.download.id

    def check(self, outcome: Outcome) -> None:
        """Wait for what must come; then lift the fault and wait for the right file."""
        if outcome.reason is None:
            self._check_file(outcome.content(self.resource.content))
            return
        if outcome.reason.waits:
            wait_until(lambda: self._waited(outcome), what=f"waiting for {outcome.reason}")
        else:
            row = self._at_its_end()
            assert (row.state, row.reason) == (State.FAILED, outcome.reason), row.error
        assert not [each.name for each in self.directory.iterdir() if ".part" not in each.name]
        self.server.add("/a.bin", self.resource)
        self.session.session.resume([self.id])
        self._check_file(self.resource.content)

    def _check_file(self, content: bytes) -> None:
        row = self._at_its_end()
        assert row.state is State.COMPLETED, f"{row.reason}: {row.error}"
        assert row.path is not None
        assert sha256(row.path) == hashlib.sha256(content).hexdigest(), "a wrong file under the final name"
        assert list(self.directory.iterdir()) == [row.path]

    def _at_its_end(self) -> Download:
        return self.session.wait_until_acted(self.id, State.COMPLETED, State.FAILED)

    def _waited(self, outcome: Outcome) -> bool:
        """Tell whether it has waited for the reason, and for long enough."""
        assert self.session.row(self.id).state not in {State.COMPLETED, State.FAILED}, self.session.row(self.id)
        return any(
            each.kind is EventKind.WAITING
            and each.fields["reason"] == outcome.reason
            and float(each.fields["retry_seconds"] or 0) >= outcome.retry_seconds
            for each in self.session.session.events_of(self.id)
        )


@pytest.fixture
def case(request: pytest.FixtureRequest, session: SessionControl) -> Iterator[Case]:
    """Yield the download of a row; what a failed test leaves of it is removed.

    Its server has an address of its own where the system has more than one: the worker remembers for each origin
    how many connections were worth it, and the ports of servers that have ended are given out again.
    """
    row, size = request.param
    number = next(_numbers)
    address = f"127.0.{1 + number // 200}.{1 + number % 200}" if sys.platform == "linux" else "127.0.0.1"
    with FaultServer(address=address) as server:
        made = Case(session, server, row, size=size)
        yield made
        session.session.remove([made.id])


def _rows(size: int, names: Sequence[str] | None = None) -> pytest.MarkDecorator:
    """Run a test with the rows of these names, or all."""
    rows = [each for each in MATRIX if names is None or each.name in names]
    return pytest.mark.parametrize(
        "case", [(each, size) for each in rows], ids=[each.name for each in rows], indirect=True
    )


@_rows(SMALL)
def test_from_the_first_request_on(case: Case) -> None:
    case.begin([*case.row.faults(is_get, None)], connections=1)
    case.check(case.row.first)


@_rows(SMALL)
def test_after_a_pause_or_a_killed_worker(case: Case) -> None:
    stall = StallAfter(SMALL // 2, when=lambda heard: heard.number == 1)
    case.begin([stall, *case.row.faults(lambda heard: heard.number > 1, None)], connections=1)
    case.session.wait_for_bytes(case.id, SMALL // 4)
    if MATRIX.index(case.row) % 2:
        case.session.kill_worker()
        case.session.session.reconnect()
    else:
        case.session.session.pause([case.id])
        case.session.wait_for(case.id, State.PAUSED, State.COMPLETED, State.FAILED)
        case.session.session.resume([case.id])
    case.check(case.row.resumed)


@_rows(LARGE, ONLY_THE_FIRST)
def test_on_every_connection_but_the_first(case: Case) -> None:
    case.begin([Pace(400_000, until_release=True), *case.row.faults(is_ranged, None)], connections=2)
    case.server.wait_for(lambda log: any(is_ranged(each.request) for each in log), timeout_seconds=30)
    case.server.release()
    case.check(Outcome())


@_rows(LARGE, LYING_RANGES)
def test_on_every_connection_but_the_first_again_and_again(case: Case) -> None:
    case.begin([Pace(12_000_000), *case.row.faults(is_ranged, None)], connections=2)
    case.check(Outcome())


@_rows(LARGE, [each.name for each in MATRIX if each.one_of_four is not None])
def test_on_one_of_four_connections(case: Case) -> None:
    def is_third(heard: Request) -> bool:
        return heard.in_flight >= 3 and starts_after_zero(heard)

    def is_late(heard: Request) -> bool:
        return heard.number >= 3

    assert case.row.one_of_four is not None
    faults = case.row.faults(is_late, None) if case.row.lasting else case.row.faults(is_third, 1)
    case.begin([Pace(400_000, until_release=True), *faults], connections=4)
    case.server.wait_for(lambda log: any(is_third(each.request) for each in log), timeout_seconds=30)
    case.server.release()
    case.check(case.row.one_of_four)
