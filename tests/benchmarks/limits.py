"""How exactly and how smoothly a speed limit is kept, by real connections to a real server.

Owns the sampling: a transfer in this process, looked at twenty times a second. Figures are of what was written.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.engine import Ground
from tests.benchmarks.table import Row
from tests.engine.transferring import Place
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.order import TransferOrder
from tui_downloader.engine.origins import Origins, origin_of
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.stopping import Stopped
from tui_downloader.engine.throttle import Throttle
from tui_downloader.engine.transfer import Transfer
from tui_downloader.engine.transport import Transports
from tui_downloader.model.request import Request
from tui_downloader.settings import Settings

RATES = [500_000, 5_000_000, 50_000_000]
CONNECTIONS = [1, 4, 16]
SECONDS = 6.0
SAMPLE_SECONDS = 0.05
FILE_SECONDS = 9
"""How long the file would take: it must not end before the measurement does."""
FILE_BYTES_MIN = 100_000_000


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at a running transfer."""

    at: float
    """Seconds since the first byte."""
    written: int
    """Bytes written so far."""
    front: int
    """Bytes of them that follow one another from the first one on."""
    connections: int
    """Connections that bring bytes."""


def limits(ground: Ground) -> list[Row]:
    """Deviation over five seconds, and the largest burst, of each limit with each number of connections."""
    rows = []
    for rate in RATES:
        size = max(FILE_BYTES_MIN, rate * FILE_SECONDS)
        ground.file(f"limits/{size}", size)
        url = ground.nginx.url(f"/limits/{size}")
        for connections in CONNECTIONS:
            samples = measured(url, ground.scratch(), rate=rate, connections=connections)
            most = max(each.connections for each in samples)
            name = f"limit {rate / 1e6:g} MB/s, {most} connections"
            last = samples[-1]
            rows += [
                Row(f"{name}: off by", "≤ 5 %", ours=[deviation(samples, rate) * 100], unit="%"),
                Row(f"{name}: burst", "≤ 250 ms", ours=[burst_seconds(samples, rate) * 1000], unit="ms"),
                Row(f"{name}: at the front", "", ours=[last.front / last.written * 100], unit="%"),
            ]
    return rows


def measured(url: str, directory: Path, *, rate: int, connections: int) -> list[Sample]:
    """Run a transfer for a while and look at it.

    Args:
        url: A file that takes longer.
        directory: Where its part file goes.
        rate: The limit, in bytes a second.
        connections: How many; the origin is known for them.
    """
    samples: list[Sample] = []
    with _running(url, directory, rate=rate, connections=connections) as transfer:
        began = 0.0
        due_at = time.monotonic()
        while not samples or samples[-1].at < SECONDS:
            now = time.monotonic()
            written = transfer.bytes_written
            if written and not began:
                began = now
            if began:
                front = transfer.received.contiguous
                samples.append(Sample(now - began, written, front, transfer.connections))
            transfer.supervise(now=now)
            due_at += SAMPLE_SECONDS
            time.sleep(max(0.0, due_at - time.monotonic()))
    return samples


@contextmanager
def _running(url: str, directory: Path, *, rate: int, connections: int) -> Iterator[Transfer]:
    """Give a running transfer, which ends with the block."""
    origins = Origins({origin_of(url): connections})
    request = Request(url=url, directory=directory, connections_max=connections)
    order = TransferOrder(request=request, resume_data=None, filename=None)
    transports = Transports()
    transfer = Transfer(order, Place(directory), Shared(transports, origins, Throttle(rate), Settings()))

    def run() -> None:
        with suppress(Stopped, TransferError):
            transfer.run()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield transfer
    finally:
        transfer.stop()
        thread.join()
        transports.close()


def deviation(samples: list[Sample], rate: int) -> float:
    """Return how far the speed over five seconds is off the limit, as a fraction of it, at its worst."""
    worst = 0.0
    for first in samples:
        later = [each for each in samples if each.at >= first.at + 5.0]
        if later:
            speed = (later[0].written - first.written) / (later[0].at - first.at)
            worst = max(worst, abs(speed / rate - 1))
    return worst


def burst_seconds(samples: list[Sample], rate: int) -> float:
    """Return by how much any stretch brought more than the limit, in seconds of the limit."""
    least = most = 0.0
    for each in samples:
        excess = each.written - rate * each.at
        most = max(most, excess - least)
        least = min(least, excess)
    return most / rate
