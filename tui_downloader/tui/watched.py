"""The closer look at the watched download, and the speeds of all that run.

Owns what is kept between two looks, bounded in memory. Must never read a clock or the session, and never be
touched by two threads: it belongs to the feed's.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.session.answers import Inspection

SPEED_SECONDS = 60.0
"""How far back speeds are kept."""
SAMPLE_SECONDS = 0.2
"""Two samples of one download are at least so far apart."""
DOWNLOADS_MAX = 64
"""Of how many downloads speeds are kept; those that moved last."""
ARRIVING_SECONDS = 1.0
"""Bytes that came within this time count as arriving."""

_SAMPLES_MAX = int(SPEED_SECONDS / SAMPLE_SECONDS) + 1


class Sample(NamedTuple):
    """The speed of a download at one moment."""

    at: float
    """Monotonic seconds."""
    bytes_per_second: float
    """As its row had it: smoothed over about 3 s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a closer look at a download brought."""

    download_id: int
    """Which one."""
    at: float
    """When it was looked at, monotonic seconds."""
    received: RangeSet
    """Which bytes are on disk; none once it is completed."""
    arriving: RangeSet = field(default_factory=RangeSet)
    """Which of them came just now."""
    exchange: RecordedExchange | None = None
    """Its last request and response; `None` before the first."""
    speeds: tuple[Sample, ...] = ()
    """Its speed over the last minute, oldest first."""


class Watcher:
    """Remembers speeds and the last looks at one download."""

    def __init__(self) -> None:
        """Begins without any."""
        self._speeds: OrderedDict[int, deque[Sample]] = OrderedDict()
        self._looks: deque[tuple[float, RangeSet]] = deque()
        self._seen: tuple[int, int] | None = None
        self._last: Watched | None = None

    def sample(self, rows: Iterable[Download], *, now: float) -> None:
        """Notes the speeds of those rows that move.

        Args:
            rows: Rows that were just read because they changed.
            now: Monotonic seconds.
        """
        for each in rows:
            if each.state is not State.TRANSFERRING:
                continue
            samples = self._speeds.setdefault(each.id, deque(maxlen=_SAMPLES_MAX))
            self._speeds.move_to_end(each.id)
            if not samples or now - samples[-1].at >= SAMPLE_SECONDS:
                samples.append(Sample(now, each.bytes_per_second))
        while len(self._speeds) > DOWNLOADS_MAX:
            self._speeds.popitem(last=False)

    def is_due(self, download: Download, *, now: float) -> bool:
        """Tells whether another look would bring anything new.

        Args:
            download: The watched one's row.
            now: Monotonic seconds.
        """
        if self._seen != (download.id, download.revision) or self._last is None:
            return True
        return bool(self._last.arriving) and now - self._last.at >= ARRIVING_SECONDS

    def look(self, download: Download, inspection: Inspection, *, now: float) -> Watched:
        """Takes in a look.

        Args:
            download: The watched one's row, read before.
            inspection: What the session knows beside it.
            now: Monotonic seconds.
        """
        if self._last is None or self._last.download_id != download.id or download.state is not State.TRANSFERRING:
            self._looks.clear()
        self._looks.append((now, inspection.received))
        while len(self._looks) > 1 and now - self._looks[1][0] >= ARRIVING_SECONDS:
            self._looks.popleft()
        self._seen = (download.id, download.revision)
        self._last = Watched(
            download_id=download.id,
            at=now,
            received=inspection.received,
            arriving=inspection.received.without(self._looks[0][1]),
            exchange=inspection.exchange,
            speeds=self._last_minute(download.id),
        )
        return self._last

    def _last_minute(self, download_id: int) -> tuple[Sample, ...]:
        """Returns the speeds of the minute before the newest one."""
        samples = self._speeds.get(download_id)
        if not samples:
            return ()
        return tuple(each for each in samples if each.at >= samples[-1].at - SPEED_SECONDS)
