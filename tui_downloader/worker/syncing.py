"""Making running downloads safe against a power loss, every few seconds or many bytes.

Owns the one thread that waits for the disk. Must never hold up a transfer or the main loop.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Protocol

SYNC_SECONDS = 5.0
"""How often the bytes of running downloads are synced."""
SYNC_BYTES = 64 * 1024 * 1024
"""A download that has written so much since is synced sooner: so the disk works while bytes come, and the last
sync, for which the finish waits, is short (0.5 s for 1 GiB otherwise, measured)."""


class Syncable(Protocol):
    """A running download."""

    @property
    def unsynced_bytes(self) -> int:
        """Bytes written since the last sync."""

    def sync(self) -> None:
        """Syncs its bytes and has that committed."""


class Syncing:
    """At most one round at a time, on a thread of its own."""

    def __init__(self, *, now: float) -> None:
        """Begins at `now` (monotonic seconds); the first round comes a while later."""
        self._thread: threading.Thread | None = None
        self._next_at = now + SYNC_SECONDS

    def sync_if_due(self, running: Iterable[Syncable], *, now: float) -> None:
        """Starts a round if it is time for one and the last one has ended; monotonic seconds."""
        if self._thread is not None and self._thread.is_alive():
            return
        everybody = now >= self._next_at
        batch = [each for each in running if everybody or each.unsynced_bytes >= SYNC_BYTES]
        if everybody:
            self._next_at = now + SYNC_SECONDS
        if batch:
            self._thread = threading.Thread(target=_sync_all, args=(batch,), name="sync", daemon=True)
            self._thread.start()


def _sync_all(batch: Iterable[Syncable]) -> None:
    """The thread: one after the other."""
    for each in batch:
        each.sync()
