"""Sessions with a journal but without a worker.

Owns the making. Must never start a process.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.model.events import EventKind, NewEvent
from tui_downloader.model.request import Request
from tui_downloader.session.opening import open_or_create
from tui_downloader.session.session import Session
from tui_downloader.state import downloads, journal


class Written:
    """A session and the worker's side of its state file."""

    def __init__(self, state: Path) -> None:
        """Make the session's file with one paused download."""
        self.session = Session("test", state_directory=state)
        self.database, notice = open_or_create(self.session.directory / "state.sqlite3")
        assert notice is None
        with self.database.transaction() as transaction:
            request = Request(url="https://example.com/a.iso", directory=state, paused=True)
            self.download_id = downloads.insert(transaction, request, now=1.0)

    def tell(self, kind: EventKind, **fields: str | float | None) -> None:
        """Append an event, as the worker does."""
        with self.database.transaction() as transaction:
            journal.append(transaction, self.download_id, NewEvent(kind, fields), now=2.0)

    def close(self) -> None:
        """Close both connections."""
        self.session.close()
        self.database.close()
