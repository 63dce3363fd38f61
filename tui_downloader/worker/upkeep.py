"""What is done to the state file when nothing else is to be done.

Owns when: once an hour, in pieces, and only while no transfer runs. Must never fail the worker: what cannot be
written now is done another time.
"""

from __future__ import annotations

import time

from tui_downloader.errors import SessionUnusableError
from tui_downloader.settings import Settings
from tui_downloader.state import downloads, journal, origins, probes, retention
from tui_downloader.state.database import Database, Transaction
from tui_downloader.worker.log import logger

EVERY_SECONDS = 3600.0
"""How often there is something to look for."""
QUIET_SECONDS = 10.0
"""No transfer has run for so long: none is about to begin."""
TOMBSTONE_SECONDS = 86_400.0
"""How long a removed row stays for readers to see it go."""
_DAY_SECONDS = 86_400.0


class Upkeep:
    """Takes away what is old, then the room it took."""

    def __init__(self, database: Database, *, now: float) -> None:
        """Begins with everything to do.

        Args:
            database: The worker's connection.
            now: Monotonic seconds.
        """
        self._database = database
        self._due_at = 0.0
        self._quiet_since = now

    def work_if_quiet(self, settings: Settings, *, is_busy: bool, now: float) -> None:
        """Does a piece while downloads wait for better times: asked once a second.

        Args:
            settings: How long things are kept.
            is_busy: Whether a transfer runs.
            now: Monotonic seconds.
        """
        if is_busy:
            self._quiet_since = now
        elif now - self._quiet_since >= QUIET_SECONDS:
            self.work(settings, now=now)

    def work(self, settings: Settings, *, now: float) -> bool:
        """Does a piece of the work, if any is due.

        Args:
            settings: How long things are kept.
            now: Monotonic seconds.

        Returns:
            Whether something was done: more may be left.
        """
        if now < self._due_at:
            return False
        try:
            if self._forget_old(settings):
                return True
            self._due_at = now + EVERY_SECONDS
            with self._database.transaction() as transaction:
                prune(transaction, settings)
            if retention.is_wasteful(self._database):
                retention.rewrite(self._database)
                logger.info("the state file was rewritten without what held nothing")
        except SessionUnusableError as error:
            logger.warning("the state file is kept as it is: %s", error)
            self._due_at = now + EVERY_SECONDS
        return False

    def _forget_old(self, settings: Settings) -> bool:
        """Takes a batch of old rows away; tells whether there were any."""
        if not settings.keep_days:
            return False
        now = time.time()
        old = retention.read_old(self._database, before=now - settings.keep_days * _DAY_SECONDS)
        if old:
            with self._database.transaction() as transaction:
                retention.forget(transaction, old, now=now)
            logger.info("%d downloads left the list: they finished long ago", len(old))
        return bool(old)


def prune(transaction: Transaction, settings: Settings) -> None:
    """Deletes what is older than it is kept: origins, looks at servers, tombstones, events."""
    now = time.time()
    origins.prune(transaction, now=now)
    probes.prune(transaction, now=now)
    downloads.prune_tombstones(transaction, before=now - TOMBSTONE_SECONDS)
    journal.prune(transaction, before=now - settings.journal_days * _DAY_SECONDS, keep=settings.journal_events)
