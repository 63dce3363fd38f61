"""Making running downloads safe against a power loss, every few seconds.

Owns the one thread that waits for the disk. Must never hold up a transfer or the main loop.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Protocol

SYNC_SECONDS = 5.0
"""How often the bytes of running downloads are synced."""


class Syncable(Protocol):
    """A running download."""

    def sync(self) -> None:
        """Syncs its bytes and has that committed."""


class Syncing:
    """At most one round at a time, on a thread of its own."""

    def __init__(self, *, now: float) -> None:
        """Begins at `now` (monotonic seconds); the first round comes a while later."""
        self._thread: threading.Thread | None = None
        self._next_at = now + SYNC_SECONDS

    def sync_if_due(self, running: Iterable[Syncable], *, now: float) -> None:
        """Starts a round if it is time and the last one has ended; monotonic seconds."""
        if now < self._next_at or (self._thread is not None and self._thread.is_alive()):
            return
        self._next_at = now + SYNC_SECONDS
        batch = list(running)
        if batch:
            self._thread = threading.Thread(target=_sync_all, args=(batch,), name="sync", daemon=True)
            self._thread.start()


def _sync_all(batch: Iterable[Syncable]) -> None:
    """The thread: one after the other."""
    for each in batch:
        each.sync()
