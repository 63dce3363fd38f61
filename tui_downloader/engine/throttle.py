"""Speed limits: token buckets that the connections of one or of all downloads share.

Owns how much may come when. Bytes are paid for before they are handed on, first come, first served, in pieces so
small that all who share a limit get their turn ten times a second: a limit is smooth however many there are. Must
never sleep: it is the caller who waits, for as long as it is told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator

BURST_SECONDS = 0.125
"""Most that is saved up while too little comes, in seconds of the limit; with one more piece, never more than a
quarter of a second comes at once."""
TURN_SECONDS = 0.1
"""What all who share a limit take in one turn, in seconds of the limit."""
LOOK_SECONDS = 0.1
"""Longest wait before looking again: the limit may have changed."""
HELD_SECONDS = 1.0
"""A limit that made somebody wait so recently is what is slow."""

_HALF_A_BYTE = 0.5
"""Nobody waits for less."""


class Throttle:
    """One limit in bytes a second; thread-safe; may change at any time."""

    def __init__(
        self, bytes_per_second: float | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begins with a limit.

        Args:
            bytes_per_second: The limit; `None` or 0 is none.
            clock: Seconds that never go back.
        """
        self._clock = clock
        self._lock = threading.Lock()
        self._rate = bytes_per_second or None
        self._transfers = 0
        self._taken = 0
        self._paid = 0.0
        self._at = clock()

    def set_rate(self, bytes_per_second: float | None) -> bool:
        """Changes the limit; what waits under the old one goes on at once.

        Args:
            bytes_per_second: The limit; `None` or 0 is none.

        Returns:
            Whether it was another one.
        """
        rate = bytes_per_second or None
        with self._lock:
            if rate == self._rate:
                return False
            self._rate = rate
            self._paid, self._at = float(self._taken), self._clock()
            return True

    def join(self, count: int) -> None:
        """Says that so many more (or fewer) transfers share the limit."""
        with self._lock:
            self._transfers += count

    def piece_bytes(self, connections: int) -> int | None:
        """Returns how much one of a transfer's connections may take in its turn.

        Args:
            connections: How many the transfer has; transfers get equal shares, whatever their connections.

        Returns:
            Bytes, at least 1; `None` is no limit.
        """
        rate = self._rate
        if rate is None:
            return None
        return max(1, int(rate * TURN_SECONDS / (max(1, self._transfers) * max(1, connections))))

    def take(self, count: int) -> int:
        """Queues up for so many bytes; returns the place in the queue, for `wait_seconds`."""
        if self._rate is None:
            return 0
        with self._lock:
            self._pay()
            self._taken += count
            return self._taken

    def wait_seconds(self, place: int) -> float:
        """Returns how long it takes, as things are now, until everything up to a place in the queue is paid."""
        with self._lock:
            self._pay()
            rate, owed = self._rate, place - self._paid
        return owed / rate if rate is not None and owed > _HALF_A_BYTE else 0.0

    def _pay(self) -> None:
        """Adds what the time since the last call pays for."""
        now = self._clock()
        if self._rate is not None:
            most = self._taken + self._rate * BURST_SECONDS
            self._paid = min(most, self._paid + (now - self._at) * self._rate)
        self._at = now


class Throttles:
    """The limits that hold for one transfer: its own and everybody's; the strictest counts."""

    def __init__(self, *throttles: Throttle, clock: Callable[[], float] = time.monotonic) -> None:
        """Combines limits.

        Args:
            throttles: The limits.
            clock: Seconds that never go back.
        """
        self._throttles = throttles
        self._clock = clock
        self._lock = threading.Lock()
        self._connections = 0
        self._held_at: float | None = None

    @property
    def connections(self) -> int:
        """Connections of the transfer that receive a body now."""
        return self._connections

    @property
    def piece_bytes(self) -> int | None:
        """How much one read should take at the most; `None` is no limit."""
        limits = [each.piece_bytes(self._connections) for each in self._throttles]
        return min((each for each in limits if each is not None), default=None)

    @property
    def hold_back(self) -> bool:
        """Whether a connection had to wait for a limit within the last second."""
        return self._held_at is not None and self._clock() - self._held_at < HELD_SECONDS

    def paced(self, blocks: Iterable[memoryview], wait: Callable[[float], None]) -> Iterator[memoryview]:
        """Hands one connection's bytes on as the limits allow it.

        Args:
            blocks: Bytes as they come.
            wait: Waits for so many seconds, 0 included; what it raises ends it all.

        Yields:
            The blocks, whole where there is no limit, else piece by piece.
        """
        self._count(1)
        try:
            for block in blocks:
                rest = block
                while rest:
                    piece = rest[: self.piece_bytes]
                    self._await_turn(len(piece), wait)
                    yield piece
                    rest = rest[len(piece) :]
        finally:
            self._count(-1)

    def _await_turn(self, count: int, wait: Callable[[float], None]) -> None:
        """Queues up with all limits for so many bytes, and waits until the last of them has its turn."""
        places = [each.take(count) for each in self._throttles]
        while seconds := max(map(Throttle.wait_seconds, self._throttles, places), default=0.0):
            self._held_at = self._clock()
            wait(min(seconds, LOOK_SECONDS))
        wait(0.0)

    def _count(self, step: int) -> None:
        """Counts a connection; the transfer shares the limits from its first to its last."""
        with self._lock:
            before, self._connections = self._connections, self._connections + step
            if 0 in {before, self._connections}:
                for each in self._throttles:
                    each.join(step)
