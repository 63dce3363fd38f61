"""When a server that nobody needs any more ends by itself.

Owns that decision and the counts behind it. Must never end anything, and must never read a clock: each
call says what time it is.
"""

from __future__ import annotations

import threading

_GRACE_SECONDS = 5.0
"""How long a server stays after any request: whoever just found it is about to fetch something."""


class Activity:
    """The transfers of one server; used by many threads."""

    def __init__(self, started_at: float, *, lifetime_seconds: float, quiet_seconds: float) -> None:
        """Start counting.

        Args:
            started_at: Now, on the monotonic clock, in seconds, as in all other methods.
            lifetime_seconds: How long an unused server stays.
            quiet_seconds: How long it stays without a transfer, once a file was fetched.
        """
        self._lock = threading.Lock()
        self._expires_at = started_at + lifetime_seconds
        self._quiet_seconds = quiet_seconds
        self._wanted_until = started_at
        self._running = 0
        self._fetched = False
        self._quiet_since = started_at

    @property
    def running(self) -> int:
        """How many transfers are running."""
        return self._running

    def touch(self, now: float) -> None:
        """Note that somebody asked for something.

        Args:
            now: The instant on the monotonic clock.
        """
        with self._lock:
            self._wanted_until = now + min(_GRACE_SECONDS, self._quiet_seconds)

    def begin(self) -> None:
        """Note that a transfer begins."""
        with self._lock:
            self._running += 1

    def end(self, now: float, *, fetched: bool) -> None:
        """Note that a transfer has ended.

        Args:
            now: The instant on the monotonic clock.
            fetched: Whether the last byte of the file was sent.
        """
        with self._lock:
            self._running -= 1
            self._fetched = self._fetched or fetched
            self._quiet_since = now

    def is_over(self, now: float) -> bool:
        """Return whether the server should end: never during a transfer.

        Counting the quiet time from the last transfer of any kind, not from the last fetched file, leaves
        a download that was just paused the time to go on.

        Args:
            now: The instant on the monotonic clock.
        """
        with self._lock:
            if self._running or now < self._wanted_until:
                return False
            quiet = self._fetched and now >= self._quiet_since + self._quiet_seconds
            return quiet or now >= self._expires_at
