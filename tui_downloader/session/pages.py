"""A session's downloads a page at a time: the newest for the first frame, the older ones after it.

Owns how a long list is read without waiting for all of it. Must never leave a row out: what was written meanwhile
is told by `Session.changes`.
"""

from __future__ import annotations

from tui_downloader.model.download import Download
from tui_downloader.session.answers import Changes, Newest, as_shown
from tui_downloader.session.session_file import SessionFile
from tui_downloader.state import downloads, pages, worker_row


class Pages(SessionFile):
    """The part of a session that reads page after page."""

    def newest(self, limit: int) -> Newest:
        """Returns the newest downloads as of one commit, and how many there are in all.

        Args:
            limit: At most so many downloads.

        Raises:
            SessionUnusableError: The state file cannot be read.
        """
        with self._lock:
            database = self._reader()
            if database is None:
                return Newest(Changes(0, (), worker_row.NO_WORKER), {})
            with database.snapshot():
                status = worker_row.status(database)
                rows = pages.read_page(database, limit=limit)
                shown = tuple(as_shown(each, alive=status.running) for each in rows)
                counts = pages.count_states(database)
                return Newest(Changes(downloads.read_revision(database), shown, status), counts)

    def older(self, before: int, *, limit: int) -> tuple[Download, ...]:
        """Returns the downloads that come before one, by id.

        Args:
            before: An id; only lower ones are returned.
            limit: At most so many; fewer are the last there are.

        Raises:
            SessionUnusableError: The state file cannot be read.
        """
        with self._lock:
            database = self._reader()
            if database is None:
                return ()
            alive = worker_row.read(database).alive
            return tuple(
                as_shown(each, alive=alive) for each in pages.read_page(database, before=before, limit=limit)
            )
