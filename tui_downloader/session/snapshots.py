"""What is true now: the rows as snapshots, what changed since, and whether a worker holds the session.

Owns reading rows. Must never write, nor create the session by reading it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_downloader.model.download import Download
from tui_downloader.model.ranges import RangeSet
from tui_downloader.session.answers import Changes, Inspection, as_shown, missing_error
from tui_downloader.session.session_file import SessionFile
from tui_downloader.state import downloads, worker_row
from tui_downloader.state.changes import ChangeWatch
from tui_downloader.state.worker_row import WorkerStatus


class Snapshots(SessionFile):
    """The part of a session that reads rows."""

    def snapshots(self) -> list[Download]:
        """Returns all downloads by id; without a live worker, live ones read as queued and at rest.

        Raises:
            SessionUnusableError: The state file cannot be read.
        """
        with self._lock:
            database = self._reader()
            if database is None:
                return []
            with database.snapshot():
                alive = worker_row.read(database).alive
                return [as_shown(each, alive=alive) for each in downloads.read_all(database)]

    def download(self, download_id: int) -> Download:
        """Returns one download.

        Raises:
            NoSuchDownloadError: There is none with this id.
        """
        with self._lock:
            database = self._reader()
            found = downloads.read_one(database, download_id) if database else None
            if database is None or found is None:
                raise missing_error([download_id])
            return as_shown(found, alive=worker_row.read(database).alive)

    def find(self, ids: Sequence[int]) -> dict[int, Download]:
        """Returns the downloads with these ids that are there, by id."""
        with self._lock:
            database = self._reader()
            if database is None:
                return {}
            alive = worker_row.read(database).alive
            return {each.id: as_shown(each, alive=alive) for each in downloads.read_some(database, ids)}

    def changes(self, after_revision: int = 0) -> Changes:
        """Returns the rows written after a revision, and the worker's status."""
        with self._lock:
            database = self._reader()
            if database is None:
                return Changes(0, (), worker_row.NO_WORKER)
            with database.snapshot():
                status = worker_row.status(database)
                rows = downloads.read_newer(database, after_revision)
                shown = tuple(as_shown(each, alive=status.running) for each in rows)
                return Changes(downloads.read_revision(database), shown, status)

    def has_changed(self) -> bool:
        """Tells whether anything was committed since the last call; takes microseconds."""
        with self._lock:
            if self._reader() is None:
                return False
            if self._watch is None:
                self._watch = ChangeWatch(self._path)
            return self._watch.has_changed()

    def worker_status(self) -> WorkerStatus:
        """Returns whether a live worker holds the session, and whether the session is held."""
        with self._lock:
            database = self._reader()
            return worker_row.status(database) if database else worker_row.NO_WORKER

    def has_work(self) -> bool:
        """Tells whether a worker would have something to do."""
        with self._lock:
            database = self._reader()
            return database is not None and downloads.has_work(database, held=worker_row.is_held(database))

    def inspect(self, download_id: int) -> Inspection:
        """Returns what only a closer look at one download needs: its ranges and its last exchange."""
        from tui_downloader.state import exchanges

        with self._lock:
            database = self._reader()
            if database is None:
                return Inspection(RangeSet(), None)
            return Inspection(
                downloads.read_received(database, download_id), exchanges.read(database, download_id)
            )

    def limit_of_all(self) -> int | None:
        """Returns the session's own speed limit in bytes a second; 0 is none, `None` leaves it to the settings."""
        with self._lock:
            database = self._reader()
            return worker_row.read_control(database).bytes_per_second_max if database else None
