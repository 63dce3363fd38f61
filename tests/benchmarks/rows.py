"""What 100,000 rows cost: one of them changing, a letter of the filter, its hits, another order.

Owns the measures of the long list, in a pseudo-terminal.
"""

from __future__ import annotations

import sys

from tests.benchmarks.engine import Ground
from tests.benchmarks.start import Painted, painted
from tests.benchmarks.table import Row
from tests.support.session_control import SessionControl, session_control
from tui_downloader.state import downloads
from tui_downloader.state.database import Database

COUNT = 100_000
"""How many downloads there are."""
CHANGES = 40
"""How many changes are written, four a second."""

_QUIET_SECONDS = 2.0
_STEP_SECONDS = 0.25


def long_list(ground: Ground) -> list[Row]:
    """CPU of one change, and the waits for keys, for the filter and for another order."""
    change = Row("CPU of one change in 100,000 rows", "", unit="ms")
    key = Row("worst wait for a key, four changes a second", "≤ 50 ms", unit="ms")
    letter = Row("worst wait for a letter of the filter", "≤ 50 ms", unit="ms")
    hits = Row("from the filter’s last letter to its hits", "", unit="ms")
    order = Row("from the sort key to 100,000 names in order", "", unit="ms")
    with session_control(ground.scratch(), "default") as control:
        urls = [f"https://example.org/number-{_mixed(number)}.iso" for number in range(COUNT)]
        control.session.add([control.request(url, paused=True) for url in urls], again=True)
        environment = {"TUIDL_STATE_DIR": str(control.root / "state"), "HOME": str(control.root)}
        with painted(b".iso", [sys.executable, "-m", "tui_downloader"], environment) as screen:
            _wait_until_quiet(screen)
            idle = _cpu_of(screen, control, changes=0)
            change.ours.append((_cpu_of(screen, control, changes=CHANGES) - idle) / CHANGES * 1000)
            key.ours.append(max(_waits_while_changing(screen, control)) * 1000)
            screen.seconds_to_answer(b"/", b"Esc clears")
            typed = "NUMBER"  # in capitals, which only the field shows
            waits = [screen.seconds_to_answer(typed[at].encode(), typed[: at + 1].encode()) for at in range(6)]
            letter.ours.append(max(waits) * 1000)
            hits.ours.append(screen.seconds_to_answer(b"-4711.", b"number-4711.iso") * 1000)
            screen.seconds_to_answer(b"\r\x1b", b"newest first")
            screen.seconds_to_answer(b",", b"added last on top")
            order.ours.append(screen.seconds_to_answer(b"3", b"number-4708.iso") * 1000)
    return [change, key, letter, hits, order]


def _mixed(number: int) -> int:
    """Return another number for each below COUNT, so that neighbours in time are none by name."""
    return number * 7919 % COUNT


def _cpu_of(screen: Painted, control: SessionControl, *, changes: int) -> float:
    """Return the CPU time of the screen while so many changes are written."""
    before = screen.cpu_seconds
    for at in range(CHANGES):
        if at < changes:
            _change(control, at)
        screen.read_for(_STEP_SECONDS)
    return screen.cpu_seconds - before


def _waits_while_changing(screen: Painted, control: SessionControl) -> list[float]:
    """Return the waits for the cursor to move, a change before each."""
    waits = []
    for at in range(CHANGES):
        _change(control, at)
        waits.append(screen.seconds_to_answer(b"j" if at < CHANGES / 2 else b"k", "▌".encode()))
        screen.read_for(_STEP_SECONDS)
    return waits


def _change(control: SessionControl, at: int) -> None:
    """Write another amount into one row, in the middle of all but for the newest ones."""
    database = Database(control.session.directory / "state.sqlite3")
    try:
        with database.transaction() as transaction:
            download_id = COUNT - at % 10 if at % 2 else COUNT // 2
            downloads.update(transaction, download_id, {"bytes_received": at + 1})
    finally:
        database.close()


def _wait_until_quiet(screen: Painted) -> None:
    """Wait until the program uses little of a core: everything was read."""
    while True:
        before = screen.cpu_seconds
        screen.read_for(_QUIET_SECONDS)
        if screen.cpu_seconds - before < _QUIET_SECONDS * 0.1:
            return
