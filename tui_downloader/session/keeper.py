"""When a worker that stopped in the middle of its work is started again.

Owns the back-off. Must never start anything itself or read a clock: the feed asks it once a second.
"""

from __future__ import annotations

from collections import deque

STOPS_MAX = 3
"""So many stops within `WINDOW_SECONDS` are too many."""
WINDOW_SECONDS = 60.0
"""Over what time stops are counted."""
PAUSE_FIRST_SECONDS = 30.0
"""First pause after too many stops; it doubles."""
PAUSE_MAX_SECONDS = 600.0
"""Longest pause."""
HEALTHY_SECONDS = 10.0
"""A worker that ran for so long is well again."""


class WorkerKeeper:
    """Decides, once a second, whether a worker is to be started."""

    def __init__(self) -> None:
        """Begins without a stop."""
        self._stops: deque[float] = deque()
        self._pause = PAUSE_FIRST_SECONDS
        self._running_since: float | None = None
        self.next_start: float | None = None
        """When the next start is due after too many stops, monotonic seconds; `None` while all is well."""

    def wants_start(self, *, running: bool, has_work: bool, now: float) -> bool:
        """Tells whether to start a worker now.

        Args:
            running: Whether one runs.
            has_work: Whether there is something to do.
            now: Monotonic seconds.
        """
        if running or not has_work:
            self._is_well(running=running, now=now)
            return False
        self._running_since = None
        if self.next_start is not None:
            if now < self.next_start:
                return False
            self._stops.clear()
            self.next_start = now + self._pause
            self._pause = min(self._pause * 2, PAUSE_MAX_SECONDS)
            return True
        self._stops.append(now)
        while self._stops and self._stops[0] < now - WINDOW_SECONDS:
            self._stops.popleft()
        if len(self._stops) < STOPS_MAX:
            return True
        self.next_start = now + self._pause
        self._pause = min(self._pause * 2, PAUSE_MAX_SECONDS)
        return False

    def _is_well(self, *, running: bool, now: float) -> None:
        """Forgets the stops of a worker that has run for a while, or that has nothing left to do."""
        if self._running_since is None:
            self._running_since = now
        if not running or now - self._running_since >= HEALTHY_SECONDS:
            self._stops.clear()
            self._pause = PAUSE_FIRST_SECONDS
            self.next_start = None
