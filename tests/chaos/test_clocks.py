"""Somebody sets the wall clock, by days and back, before and while downloads wait and run."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from tests.chaos.interposition import clock_variables, set_clock, why_not_interposable, write_python
from tests.end_to_end.home import Home
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter, Status
from tests.support.session_control import wait_until
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State

pytestmark = pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))

THREE_DAYS, AN_HOUR_BACK = 259_200.0, -3600.0
SHIFTS = pytest.mark.parametrize("shift", [THREE_DAYS, AN_HOUR_BACK], ids=["days ahead", "an hour back"])
CONTENT = body(1, 1_500_000)
WAIT_SECONDS = 8.0
"""What the server asks for: long enough that a slow machine sees the download wait."""
LATE_SECONDS = 60.0
"""How late a slow machine may be; every shift is much more."""


class Clocked(Home):
    """A user's place whose programs all look at one wall clock, which tests set."""

    def __init__(self, root: Path) -> None:
        """Begin with the right time."""
        super().__init__(root)
        self._shift = root / "clock"
        self.set_clock(0.0)
        variables = clock_variables(self._shift)
        write_python(root / "python", variables)
        self.command_line.environment.update(variables)

    def set_clock(self, seconds: float) -> None:
        """Set the clock, so many seconds from the right time."""
        self.seconds = seconds
        set_clock(self._shift, seconds)

    @property
    def now(self) -> float:
        """What the clock shows, Unix seconds."""
        return time.time() + self.seconds


@pytest.fixture
def clocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clocked]:
    """Yield a place whose workers look at its clock."""
    monkeypatch.setenv("TUIDL_CONFIG", str(tmp_path / "settings.toml"))
    home = Clocked(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    try:
        yield home
    finally:
        home.close()


def _waiting(clocked: Clocked, server: FaultServer, *fields: tuple[str, str]) -> int:
    """Add a download that its server asks to wait; return its id once it does."""
    faults = [Status(503, fields=fields, times=1)]
    (download_id,) = clocked.control.add(server.add("/a.bin", Resource(CONTENT), faults=faults))
    clocked.control.wait_for(download_id, State.WAITING)
    return download_id


def _waited(clocked: Clocked, server: FaultServer, download_id: int, began: float) -> float:
    """Return after how many true seconds the server was asked again, and that the file came."""
    server.wait_for(lambda log: len(log) > 1, timeout_seconds=LATE_SECONDS)
    waited = time.monotonic() - began
    clocked.control.wait_for(download_id, State.COMPLETED)
    return waited


def _moved(clocked: Clocked, download_id: int) -> bool:
    """Tell whether a download began, by today's clock, just now."""
    at = clocked.control.row(download_id).started_at
    return at is not None and abs(at - clocked.now) < 60


@SHIFTS
def test_a_clock_set_while_a_download_waits(clocked: Clocked, fault_server: FaultServer, shift: float) -> None:
    began = time.monotonic()
    download_id = _waiting(clocked, fault_server, ("Retry-After", str(int(WAIT_SECONDS))))
    clocked.set_clock(shift)

    def is_told_anew() -> bool:
        at = clocked.control.row(download_id).retry_at
        return at is not None and -LATE_SECONDS <= at - clocked.now <= WAIT_SECONDS

    wait_until(is_told_anew, what="a time left that is neither negative nor too long", seconds=WAIT_SECONDS)
    (row,) = json.loads(clocked.command_line.ok("list", "--json").out)
    assert row["state"] != "waiting" or -LATE_SECONDS <= row["retry_at"] - clocked.now <= WAIT_SECONDS
    assert WAIT_SECONDS <= _waited(clocked, fault_server, download_id, began) < WAIT_SECONDS + LATE_SECONDS
    began_event = next(each for each in clocked.session.events() if "waited_seconds" in each.fields)
    assert WAIT_SECONDS - 1 <= float(began_event.fields["waited_seconds"] or 0) <= WAIT_SECONDS + LATE_SECONDS


@SHIFTS
def test_a_date_to_wait_for_counts_from_the_servers_clock(
    clocked: Clocked, fault_server: FaultServer, shift: float
) -> None:
    clocked.set_clock(shift)
    asked = ("Retry-After", formatdate(time.time() + 1000, usegmt=True))
    row = clocked.control.row(_waiting(clocked, fault_server, asked))
    assert row.retry_at is not None
    assert 1000 - LATE_SECONDS < row.retry_at - clocked.now <= 1001


@SHIFTS
def test_a_worker_is_killed_while_a_download_waits_and_the_clock_is_set(
    clocked: Clocked, fault_server: FaultServer, shift: float
) -> None:
    began = time.monotonic()
    download_id = _waiting(clocked, fault_server, ("Retry-After", str(int(WAIT_SECONDS))))
    clocked.control.kill_worker()
    clocked.set_clock(shift)
    clocked.session.reconnect()
    clocked.control.worker_pid()

    def is_told_anew() -> bool:
        row = clocked.control.row(download_id)
        return row.retry_at is not None and -LATE_SECONDS <= row.retry_at - clocked.now <= WAIT_SECONDS + 1

    wait_until(is_told_anew, what="a time left that is neither negative nor too long", seconds=WAIT_SECONDS)
    assert WAIT_SECONDS <= _waited(clocked, fault_server, download_id, began) < 2 * WAIT_SECONDS + LATE_SECONDS


@SHIFTS
def test_a_clock_set_while_bytes_come(clocked: Clocked, fault_server: FaultServer, shift: float) -> None:
    url = fault_server.add("/a.bin", Resource(CONTENT), faults=[StallAfter(400_000)])
    (download_id,) = clocked.control.add(url)
    clocked.control.wait_for_bytes(download_id, 400_000)
    with clocked.terminal() as terminal:
        terminal.wait_for_text("a.bin")
        clocked.set_clock(shift)
        wait_until(lambda: _moved(clocked, download_id), what="the start told anew")
        fault_server.release()
        row = clocked.control.wait_for(download_id, State.COMPLETED)
        terminal.wait_for_text("finished")
        assert not re.search(r"-\d+:\d\d|-\d+ (s|min|h|days)\b", terminal.text), terminal.text
        terminal.kill()
    finished = next(each for each in clocked.session.events() if each.kind is EventKind.FINISHED)
    assert 0 < float(finished.fields["seconds"] or 0) < 10 * LATE_SECONDS
    assert row.started_at is not None
    assert row.finished_at is not None
    assert 0 < row.finished_at - row.started_at < 10 * LATE_SECONDS
    assert abs(row.finished_at - clocked.now) < 60
    told = clocked.command_line.ok("show", str(download_id)).out
    assert not re.search(r"-\d+:\d\d|-\d+ (s|min|h|days)\b|\d+ days", told), told
