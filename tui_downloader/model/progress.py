"""Speed and sums: what can be said about bytes that move.

Owns the smoothing. Must never read a clock: time is an argument.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State

SMOOTHING_SECONDS = 3.0
"""Time constant of the speed's exponential smoothing."""


class SpeedMeter:
    """Turns byte counts into a smoothed speed."""

    def __init__(self, *, now: float) -> None:
        """Begins at `now` (monotonic seconds) with no bytes."""
        self._at = now
        self._started_at = now
        self._average = 0.0

    def add(self, count: int, *, now: float) -> float:
        """Takes in the bytes that came since the last call.

        Args:
            count: Bytes since the last call.
            now: Monotonic seconds.

        Returns:
            Bytes a second, smoothed over about 3 s; exact in the first seconds.
        """
        passed = now - self._at
        if passed <= 0:
            return self.bytes_per_second(now=now)
        keep = math.exp(-passed / SMOOTHING_SECONDS)
        self._average = self._average * keep + count / passed * (1 - keep)
        self._at = now
        return self.bytes_per_second(now=now)

    def bytes_per_second(self, *, now: float) -> float:
        """Returns the smoothed speed; the start, when the average is still filling, is corrected for."""
        age = now - self._started_at
        return self._average / (1 - math.exp(-age / SMOOTHING_SECONDS)) if age > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the downloads that move."""

    running: int
    """Downloads with a transfer."""
    bytes_per_second: float
    """Their speed together."""
    seconds_left: float | None
    """Until the last of them is done at the present speed; `None` if it cannot be told."""


def totals(downloads: Iterable[Download]) -> Totals:
    """Sums up the live downloads of a session (queued ones count as running: they go on by themselves)."""
    live = [each for each in downloads if each.running or each.state is State.QUEUED]
    speed = sum(each.bytes_per_second for each in live)
    left = [
        each.bytes_expected - each.bytes_received if each.bytes_expected is not None else None for each in live
    ]
    known = bool(live) and speed >= 1 and all(each is not None for each in left)
    return Totals(
        running=len(live),
        bytes_per_second=speed,
        seconds_left=sum(each for each in left if each is not None) / speed if known else None,
    )
