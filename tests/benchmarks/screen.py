"""What an open screen costs: memory, CPU while 16 downloads of 10,000 move, and the wait for a key's effect.

Owns the measures of the running screen, in a pseudo-terminal.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.engine import Ground
from tests.benchmarks.start import SMALLEST, Painted, painted
from tests.benchmarks.table import Row
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Pace
from tests.support.session_control import SessionControl, session_control

ACTIVE = 16
"""How many downloads move."""
KEYS = 40
"""How many keys are pressed."""

_MB = 1_000_000
_QUIET_SECONDS = 2.0
_WATCH_SECONDS = 15.0


def memory(ground: Ground) -> list[Row]:
    """Resident memory of the screen once every download was read, beside the smallest Textual app."""
    rows = []
    for count in (10, 10_000, 100_000):
        row = Row(f"screen memory, {count} rows", "", unit="MB")
        with session_control(ground.scratch(), "default") as control, _screen(control, count) as screen:
            _wait_until_quiet(screen)
            row.ours.append(screen.memory_bytes / _MB)
        with painted(b"painted", [sys.executable, "-c", SMALLEST], {}) as smallest:
            row.others["smallest Textual app"] = [smallest.memory_bytes / _MB]
        rows.append(row)
    return rows


def moving(ground: Ground) -> list[Row]:
    """CPU of the screen and the wait for a key, 16 of 10,000 downloads moving, drawn four times a second."""
    cpu = Row("screen CPU, 10,000 rows, 16 active", "≤ 5 %", unit="%")
    latency = Row("worst wait for a key, the same", "≤ 50 ms", unit="ms")
    settings = ground.scratch() / "settings.toml"
    settings.write_text(f"downloads_at_once = {ACTIVE}\n")
    os.environ["TUIDL_CONFIG"] = str(settings)
    with FaultServer() as server, session_control(ground.scratch(), "default") as control:
        _add_paused(control, 10_000 - ACTIVE)
        urls = [
            server.add(f"/{at}.iso", Resource(bytes(90 * _MB)), faults=[Pace(_MB / 2)]) for at in range(ACTIVE)
        ]
        control.session.add([control.request(url) for url in urls])
        with _screen(control, 0) as screen:
            _wait_until_quiet(screen, share=0.25)
            begun, started = screen.cpu_seconds, time.monotonic()
            screen.read_for(_WATCH_SECONDS)
            cpu.ours.append((screen.cpu_seconds - begun) / (time.monotonic() - started) * 100)
            waits = [screen.seconds_to_answer(b"j" if at < KEYS / 2 else b"k", "▌".encode()) for at in range(KEYS)]
            latency.ours.append(max(waits) * 1000)
        control.session.stop()
    del os.environ["TUIDL_CONFIG"]
    return [cpu, latency]


def _add_paused(control: SessionControl, count: int) -> None:
    """Fill the session."""
    urls = [f"https://example.org/{number}.iso" for number in range(count)]
    control.session.add([control.request(url, paused=True) for url in urls], again=True)


@contextmanager
def _screen(control: SessionControl, count: int) -> Iterator[Painted]:
    """Open the screen of a session with so many more downloads."""
    _add_paused(control, count)
    root: Path = control.root
    environment = {"TUIDL_STATE_DIR": str(root / "state"), "HOME": str(root)}
    with painted(b".iso", [sys.executable, "-m", "tui_downloader"], environment) as screen:
        yield screen


def _wait_until_quiet(screen: Painted, *, share: float = 0.05) -> None:
    """Wait until the program uses little of a core: everything was read."""
    while True:
        before = screen.cpu_seconds
        screen.read_for(_QUIET_SECONDS)
        if screen.cpu_seconds - before < _QUIET_SECONDS * share:
            return
