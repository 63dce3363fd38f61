"""The journal as a client of the session sees it: what happened, and how far the client has seen.

Owns reading events and moving cursors. Must never write an event: the worker does.
"""

from __future__ import annotations

from tui_downloader.model.events import Event
from tui_downloader.session.session_file import SessionFile
from tui_downloader.state import journal


class Journal(SessionFile):
    """The part of a session that tells what happened."""

    def events(self, *, after: int = 0, limit: int | None = None) -> list[Event]:
        """Returns the journal's events after a sequence number, in order."""
        with self._lock:
            database = self._reader()
            return journal.read(database, after=after, limit=limit) if database else []

    def events_of(self, download_id: int, *, limit: int = 50) -> list[Event]:
        """Returns the last events of one download, in order."""
        with self._lock:
            database = self._reader()
            return journal.read_of(database, download_id, limit=limit) if database else []

    def outcomes(self, *, limit: int) -> list[Event]:
        """Returns the last outcomes (`events.is_outcome`), newest first: the inbox."""
        with self._lock:
            database = self._reader()
            return journal.read_outcomes(database, limit=limit) if database else []

    def count_outcomes(self, *, after: int, up_to: int) -> int:
        """Returns how many outcomes lie behind one event, up to another one."""
        with self._lock:
            database = self._reader()
            return journal.count_outcomes(database, after=after, up_to=up_to) if database else 0

    def cursor(self, client: str) -> int:
        """Returns the last event a client acknowledged; 0 for a new one."""
        with self._lock:
            database = self._reader()
            return journal.cursor(database, client) if database else 0

    def acknowledge(self, client: str, sequence: int) -> None:
        """Moves a client's cursor forward to an event; never back."""
        with self._lock, self._writer().transaction() as transaction:
            journal.acknowledge(transaction, client, sequence)

    def forget_cursor(self, client: str) -> None:
        """Makes a client see every kept event again."""
        with self._lock, self._writer().transaction() as transaction:
            journal.reset(transaction, client)
