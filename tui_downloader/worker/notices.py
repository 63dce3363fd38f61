"""Notices: one notification on the desktop for each burst of downloads that end.

Owns when a burst is over. It is kept in memory only, so each notice is shown at most once: one that a killed
worker did not get to is told by the inbox. Must never make a transfer wait, nor tell what a screen tells already.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tui_downloader.model.ending_words import burst_words
from tui_downloader.model.events import Event
from tui_downloader.notify import desktop
from tui_downloader.notify.desktop import HOW_TO, Way
from tui_downloader.paths import SCREEN_LOCK_FILE
from tui_downloader.settings import Settings
from tui_downloader.state import journal
from tui_downloader.state.attendance import is_attended
from tui_downloader.state.database import Database, Transaction
from tui_downloader.worker.log import logger

QUIET_SECONDS = 2.0
"""A burst is over when nothing has ended for so long."""
BURST_SECONDS = 30.0
"""A burst that does not end is told of so often."""
_EVENTS_AT_ONCE = 1000
_SHOWING = frozenset({"auto", "desktop"})


def is_over(*, began_at: float, last_at: float, now: float) -> bool:
    """Tells whether a burst is to be told now (all of them seconds of one clock)."""
    return now - last_at >= QUIET_SECONDS or now - began_at >= BURST_SECONDS


class Notices:
    """The notices of one session; its methods are called in the main thread."""

    def __init__(self, directory: Path, settings: Callable[[], Settings]) -> None:
        """Tells nothing yet.

        Args:
            directory: The session's.
            settings: Returns the settings as they are now.
        """
        self._screen_lock = directory / SCREEN_LOCK_FILE
        self._session = directory.name
        self._settings = settings
        self._way = desktop.way_of(desktop.look(os.environ))
        self._position = 0
        self._burst: list[Event] = []
        self._began_at = self._last_at = 0.0
        self._showing: threading.Thread | None = None
        self._complained = False

    @property
    def busy(self) -> bool:
        """Whether anything is still to be told."""
        return bool(self._burst) or (self._showing is not None and self._showing.is_alive())

    def begin(self, transaction: Transaction) -> None:
        """Begins behind what has happened already."""
        self._position = journal.last(transaction)

    def look(self, database: Database) -> None:
        """Takes what the journal has of new endings, and tells of them when the burst is over."""
        last, now = journal.last(database), time.monotonic()
        if last > self._position:
            if self._settings().notifications in _SHOWING and self._way is not Way.NO_DESKTOP:
                self._gather(journal.read_ended(database, after=self._position, limit=_EVENTS_AT_ONCE), now=now)
            self._position = last
        if self._burst and is_over(began_at=self._began_at, last_at=self._last_at, now=now):
            self._tell()

    def _gather(self, events: list[Event], *, now: float) -> None:
        """Adds to the burst, or begins one."""
        if events:
            self._began_at = self._began_at if self._burst else now
            self._last_at = now
            self._burst += events

    def _tell(self) -> None:
        """Has the burst told in a thread, unless a screen does or the one before is still being told."""
        if self._showing is not None and self._showing.is_alive():
            return
        burst, self._burst = self._burst, []
        if is_attended(self._screen_lock):
            return
        sentences = burst_words(burst)
        if self._session != "default":
            sentences = (*sentences, f"Session: {self._session}")
        self._showing = threading.Thread(target=self._show, args=(sentences,), name="notice", daemon=True)
        self._showing.start()

    def _show(self, sentences: tuple[str, ...]) -> None:
        """The thread: shows one notice; the first that cannot be shown is logged."""
        if self._way is Way.NO_PROGRAM:
            problem: str | None = f"to have them, {HOW_TO}"
        else:
            problem = desktop.show(self._way, sentences)
        if problem is not None and not self._complained:
            self._complained = True
            logger.warning("the desktop shows no notifications: %s", problem)
