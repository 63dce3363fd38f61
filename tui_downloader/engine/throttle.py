"""Speed limits: token buckets that the connections of one or of all downloads share.

Owns how much may come when. Its burst is a quarter of a second, so that a limit is smooth. Must never sleep: it
says how long to wait.
"""

from __future__ import annotations

import threading
import time

BURST_SECONDS = 0.25
"""Most that may come at once, in seconds of the limit."""
READ_SECONDS = 0.1
"""Most that one read may take, in seconds of the limit."""
READ_BYTES_MIN = 1024
"""A read is never limited to less."""


class Throttle:
    """One limit in bytes a second; thread-safe; may change at any time."""

    def __init__(self, bytes_per_second: float | None = None) -> None:
        """Begins with a limit; `None` is none."""
        self._lock = threading.Lock()
        self._rate = bytes_per_second
        self._tokens = 0.0
        self._at = time.monotonic()

    def set_rate(self, bytes_per_second: float | None) -> None:
        """Changes the limit; `None` is none."""
        with self._lock:
            if bytes_per_second != self._rate:
                self._rate = bytes_per_second
                self._tokens, self._at = 0.0, time.monotonic()

    @property
    def read_bytes(self) -> int | None:
        """How much one read should take at the most; `None` is no limit."""
        rate = self._rate
        return None if rate is None else max(READ_BYTES_MIN, int(rate * READ_SECONDS))

    def take(self, count: int) -> float:
        """Takes tokens for bytes that have come.

        Args:
            count: Bytes.

        Returns:
            How long to wait before the next read, in seconds.
        """
        with self._lock:
            if self._rate is None:
                return 0.0
            now = time.monotonic()
            burst = self._rate * BURST_SECONDS
            self._tokens = min(burst, self._tokens + (now - self._at) * self._rate) - count
            self._at = now
            return max(0.0, -self._tokens / self._rate)


class Throttles:
    """The limits that hold for one transfer: its own and everybody's."""

    def __init__(self, *throttles: Throttle) -> None:
        """Combines limits; the strictest counts."""
        self._throttles = throttles

    @property
    def read_bytes(self) -> int | None:
        """How much one read should take at the most; `None` is no limit."""
        limits = [each.read_bytes for each in self._throttles]
        return min((each for each in limits if each is not None), default=None)

    def take(self, count: int) -> float:
        """Takes tokens from each; returns the longest wait, in seconds."""
        return max((each.take(count) for each in self._throttles), default=0.0)
