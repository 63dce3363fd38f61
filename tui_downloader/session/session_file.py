"""The state file of a session: found by its identifier, opened when it is first needed.

Owns the connection and its lock; parts of the session that read or write build on it. Touches nothing on disk
until it is first used, and must never create the file for reading.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from tui_downloader import paths
from tui_downloader.errors import StateFileLostError
from tui_downloader.session.opening import open_existing, open_or_create
from tui_downloader.state.changes import ChangeWatch
from tui_downloader.state.database import Database

if TYPE_CHECKING:
    from tui_downloader.state.attendance import Attendance


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
        self._attendance: Attendance | None = None

    def exists(self) -> bool:
        """Tells whether the session was ever used.

        Raises:
            SessionUnusableError: The state directory cannot be read.
        """
        return paths.has_state(self._path)

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
            self.attend(attending=False)

    def attend(self, *, attending: bool) -> None:
        """Says whether a screen of this process tells its user what happens, so that the worker need not."""
        with self._lock:
            if self._attendance is None and attending:
                from tui_downloader.state.attendance import Attendance  # late: only screens attend

                self._attendance = Attendance(self.directory / paths.SCREEN_LOCK_FILE)
            if self._attendance is not None:
                self._attendance.attend(attending=attending)

    def ensure_worker(self) -> None:
        """Starts a worker if there is work."""
        raise NotImplementedError

    def _reader(self) -> Database | None:
        """Returns the connection, or `None` if the session was never used."""
        self._check_place()
        if self._database is None:
            self._database = open_existing(self._path)
        return self._database

    def _writer(self) -> Database:
        """Returns the connection; creates the session on first use."""
        self._check_place()
        if self._database is None:
            self._database, notice = open_or_create(self._path)
            if notice:
                self.notices.append(notice)
        self.check_writable()
        return self._database

    def mend(self) -> None:
        """Replaces the state file after a `DamagedStateFileError`, with what can be saved of it; a notice says so.

        Raises:
            SessionUnusableError: It cannot be replaced, or its worker does not leave.
        """
        with self._lock:
            self.close()
            from tui_downloader.session.opening import mend

            notice = mend(self._path)
            if notice:
                self.notices.append(notice)

    def check_writable(self) -> None:
        """Makes sure that the state file, if there is one, can be written.

        Raises:
            StateFileLostError: It cannot; what was read of it holds as of now.
        """
        if self._database is None or os.access(self._path, os.W_OK):
            return
        if paths.is_read_only(self._path):
            raise StateFileLostError("The state file cannot be written (read-only file system).")
        raise StateFileLostError("The state file cannot be written (permission denied).")

    def _check_place(self) -> None:
        """Makes sure that the file that is open is the one that has the name.

        SQLite goes on reading and writing a file that was deleted or replaced, and nobody else would ever see it.

        Raises:
            StateFileLostError: It is gone; the connection stays, it may come back. Or another one has its place;
                the next call opens that.
        """
        if self._database is None or self._database.is_current:
            return
        if paths.file_identity(self._path) is None:
            raise StateFileLostError("The state file is gone.")
        aside = self._set_aside(self._database.identity)
        self.close()
        if aside is not None:
            raise StateFileLostError(
                f"The state file was damaged; it was kept as {aside}. What could be saved from it is here again."
            )
        raise StateFileLostError("The state file was replaced by another one.")

    def _set_aside(self, identity: tuple[int, int] | None) -> Path | None:
        """Returns where the file that is open lies if it was set aside as damaged."""
        for each in self.directory.glob(f"{paths.STATE_FILE}.damaged-*"):
            if paths.file_identity(each) == identity:
                return each
        return None
