"""Many threads in simulated time: each runs alone until it waits, then the one whose wait ends first goes on.

Owns the clock. What happens depends on nothing but the code under test: seconds of traffic take milliseconds.
"""

from __future__ import annotations

import contextlib
import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field


class Over(Exception):  # noqa: N818 -- ends a simulated thread, not an error
    """Raised in every thread that would wait beyond the end."""


@dataclass(order=True, slots=True)
class _Sleeper:
    """A thread that waits."""

    due_at: float
    order: int
    turn: threading.Event = field(default_factory=threading.Event, compare=False)


class SimulatedTime:
    """A clock that moves only when everybody waits."""

    def __init__(self, *, seconds: float, begins_at: float = 1000.0) -> None:
        """Begin now; `run` ends after so many seconds."""
        self.now = begins_at
        self.begins_at = begins_at
        self._ends_at = begins_at + seconds
        self._order = itertools.count()
        self._sleepers: list[_Sleeper] = []
        self._threads: list[threading.Thread] = []
        self._all_done = threading.Event()
        self._failure: BaseException | None = None

    def clock(self) -> float:
        """Return the time, in seconds."""
        return self.now

    @property
    def passed(self) -> float:
        """Seconds since the begin."""
        return self.now - self.begins_at

    def wait(self, seconds: float) -> None:
        """Wait in simulated time; the threads whose waits end earlier run meanwhile."""
        if seconds <= 0:
            return
        own = _Sleeper(self.now + seconds, next(self._order))
        heapq.heappush(self._sleepers, own)
        self._wake_next()
        own.turn.wait()
        own.turn.clear()
        if self.now > self._ends_at:
            raise Over

    def start(self, work: Callable[[], object], *, after: float = 0.0) -> None:
        """Have work done in a thread of its own, from so many seconds after the begin on."""
        own = _Sleeper(self.begins_at + after, next(self._order))
        heapq.heappush(self._sleepers, own)

        def run() -> None:
            own.turn.wait()
            try:
                with contextlib.suppress(Over):
                    work()
            except BaseException as error:  # noqa: BLE001 -- raised again by run()
                self._failure = error
            self._wake_next()

        self._threads.append(threading.Thread(target=run, daemon=True))

    def run(self) -> None:
        """Let everything happen; raises what a thread raised."""
        for each in self._threads:
            each.start()
        self._wake_next()
        assert self._all_done.wait(60), "a simulated thread waits outside of simulated time"
        if self._failure is not None:
            raise self._failure

    def _wake_next(self) -> None:
        if not self._sleepers:
            self._all_done.set()
            return
        first = heapq.heappop(self._sleepers)
        self.now = max(self.now, first.due_at)
        first.turn.set()
