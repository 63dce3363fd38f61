"""The state file of a session: found by its identifier, opened when it is first needed.

Owns the connection and its lock; parts of the session that read or write build on it. Touches nothing on disk
until it is first used, and must never create the file for reading.
"""

from __future__ import annotations

import threading
from pathlib import Path

from tui_downloader import paths
from tui_downloader.session.opening import open_existing, open_or_create
from tui_downloader.state.changes import ChangeWatch
from tui_downloader.state.database import Database


class SessionFile:
    """The connection to a session's state file; used by one thread at a time, under its lock."""

    def __init__(self, identifier: str = "default", *, state_directory: Path | None = None) -> None:
        """Names a session; touches nothing.

        Args:
            identifier: Its name.
            state_directory: Where sessions lie; `None` is `TUIDL_STATE_DIR` or the system's user state directory.

        Raises:
            InvalidSessionNameError: The identifier cannot be used.
            SessionUnusableError: The state directory cannot be read.
        """
        state = paths.state_directory() if state_directory is None else state_directory.absolute()
        self.identifier = identifier
        self.directory = paths.session_directory(state, identifier)
        self.notices: list[str] = []
        """Sentences for the user about what opening the session did (a damaged file set aside)."""
        self._path = self.directory / paths.STATE_FILE
        self._lock = threading.RLock()
        self._database: Database | None = None
        self._watch: ChangeWatch | None = None

    def exists(self) -> bool:
        """Tells whether the session was ever used.

        Raises:
            SessionUnusableError: The state directory cannot be read.
        """
        return paths.is_there(self._path)

    def create(self) -> None:
        """Makes the session if it was never used.

        Raises:
            SessionUnusableError: It cannot be made, or its state file cannot be used.
        """
        with self._lock:
            self._writer()

    def close(self) -> None:
        """Closes the connections; the session can be used again afterwards."""
        with self._lock:
            for each in (self._watch, self._database):
                if each is not None:
                    each.close()
            self._watch = self._database = None

    def _reader(self) -> Database | None:
        """Returns the connection, or `None` if the session was never used."""
        if self._database is None:
            self._database = open_existing(self._path)
        return self._database

    def _writer(self) -> Database:
        """Returns the connection; creates the session on first use."""
        if self._database is None:
            self._database, notice = open_or_create(self._path)
            if notice:
                self.notices.append(notice)
        return self._database
