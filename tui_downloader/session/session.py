"""A session: the object front ends hold, found again by its identifier.

Owns how verbs become intents and rows become snapshots. Touches nothing on disk until it is first used; must never
move a byte or touch a downloaded file: that is the worker's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event
from tui_downloader.model.lifecycle import SETTLED_STATES, Intent
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import Request
from tui_downloader.session import children
from tui_downloader.session.answers import Added, Changes, Inspection, as_shown, missing_error
from tui_downloader.session.look_ahead import LookAhead
from tui_downloader.session.opening import session_names
from tui_downloader.session.pages import Pages
from tui_downloader.session.preferences import Preferences
from tui_downloader.state import downloads, journal, probes, queue_order, worker_row
from tui_downloader.state.changes import ChangeWatch
from tui_downloader.state.database import Transaction
from tui_downloader.state.worker_row import WorkerStatus

if TYPE_CHECKING:
    from tui_downloader.session.replay import Replay

__all__ = ["Added", "Changes", "Session", "session_names"]


class Session(Preferences, Pages, LookAhead):
    """A background session; thread-safe. Its methods block: never call them on a UI thread."""

    # ------------------------------------------------------------------------------------------------- reading

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

    def limit_of_all(self) -> int | None:
        """Returns the session's own speed limit in bytes a second; 0 is none, `None` leaves it to the settings."""
        with self._lock:
            database = self._reader()
            return worker_row.read_control(database).bytes_per_second_max if database else None

    # --------------------------------------------------------------------------------------------------- verbs

    def add(self, requests: Sequence[Request], *, again: bool = False) -> list[Added]:
        """Adds downloads in one transaction and starts the worker.

        Args:
            requests: What to download.
            again: Add even what is there unfinished already.

        Returns:
            One answer each, in order.

        Raises:
            SessionUnusableError: The state file or the worker cannot be used.
        """
        with self._lock:
            database = self._writer()
            now = time.time()
            with database.transaction() as transaction:
                worker_row.set_held(transaction, held=False)
                answers = [_add(transaction, each, again=again, now=now) for each in requests]
            added = [
                Added(row, is_new)
                for download_id, is_new in answers
                if (row := downloads.read_one(database, download_id)) is not None
            ]
            self.ensure_worker()
            return added

    def pause(self, ids: Sequence[int]) -> None:
        """Pauses downloads; raises NoSuchDownloadError for missing ids after pausing the others."""
        self._verb(ids, Intent.PAUSE)

    def resume(self, ids: Sequence[int], *, url: str | None = None) -> None:
        """Resumes downloads, or tries waiting ones now.

        Args:
            ids: Which.
            url: A new URL for the same file (one id); what is on disk is kept if it proves to be the same.

        Raises:
            NoSuchDownloadError: Some ids are missing; the others are resumed.
        """
        self._verb(ids, Intent.RUN, url=url)

    def cancel(self, ids: Sequence[int]) -> None:
        """Cancels downloads; row and part file stay. Raises NoSuchDownloadError for missing ids."""
        self._verb(ids, Intent.CANCEL)

    def remove(self, ids: Sequence[int], *, delete_file: bool = False) -> None:
        """Removes downloads with their part files; raises NoSuchDownloadError for missing ids.

        Args:
            ids: Which.
            delete_file: Delete the finished files too.
        """
        self._verb(ids, Intent.REMOVE, delete_file=delete_file)

    def limit(self, ids: Sequence[int], bytes_per_second: int | None) -> None:
        """Limits the speed of downloads, each for itself; running ones at once.

        Args:
            ids: Which.
            bytes_per_second: The limit; `None` or 0 is none of their own.

        Raises:
            NoSuchDownloadError: Some ids are missing; the others are limited.
        """

        def change(transaction: Transaction) -> list[int]:
            return [each for each in ids if not downloads.set_limit(transaction, each, bytes_per_second or None)]

        self._change(ids, change)

    def limit_all(self, bytes_per_second: int | None) -> None:
        """Limits the speed of all downloads of the session together, at once.

        Args:
            bytes_per_second: The limit; 0 is none, `None` leaves it to the settings.
        """
        with self._lock:
            with self._writer().transaction() as transaction:
                worker_row.set_limit_of_all(transaction, bytes_per_second)
            self.ensure_worker()

    def move(self, ids: Sequence[int], *, up: bool, far: bool = False) -> int:
        """Moves unfinished downloads in the queue, past one neighbour that waits in it; completed ones stay.

        Args:
            ids: Which.
            up: Towards the front; the queue starts there.
            far: All the way, in the order given.

        Returns:
            How many stand elsewhere now.

        Raises:
            NoSuchDownloadError: Some ids are missing; the others are moved.
        """
        moved = 0

        def change(transaction: Transaction) -> list[int]:
            nonlocal moved
            moved = queue_order.move(transaction, ids, up=up, far=far)
            return downloads.missing_of(transaction, ids)

        self._change(ids, change)
        return moved

    def acknowledge(self, client: str, sequence: int) -> None:
        """Moves a client's cursor forward to an event; never back."""
        with self._lock, self._writer().transaction() as transaction:
            journal.acknowledge(transaction, client, sequence)

    def forget_cursor(self, client: str) -> None:
        """Makes a client see every kept event again."""
        with self._lock, self._writer().transaction() as transaction:
            journal.reset(transaction, client)

    def begin_replay(self, client: str = "screen") -> Replay:
        """Returns the events a client has not acknowledged, to be delivered in order."""
        from tui_downloader.session.replay import Replay  # late: most commands replay nothing

        return Replay(self, client)

    # -------------------------------------------------------------------------------------------------- worker

    def reconnect(self) -> None:
        """Does what opening the screen does: lets a held session go on and starts a worker if there is work."""
        with self._lock:
            if not self.exists():
                return
            database = self._writer()
            if worker_row.is_held(database):
                with database.transaction() as transaction:
                    worker_row.set_held(transaction, held=False)
            self.ensure_worker()

    def ensure_worker(self) -> None:
        """Starts a worker if there is work, a look ahead included; under a hold only for verbs not yet acted on.

        Raises:
            WorkerUnavailableError: It could not be started.
        """
        with self._lock:
            database = self._reader()
            children.reap()
            if database is None:
                return
            held = worker_row.is_held(database)
            looks = probes.has_work(database, held=held, now=time.time())
            if looks or downloads.has_work(database, held=held):
                from tui_downloader.session import launch  # late: reading needs no subprocess module

                launch.launch(self.directory, database)

    def stop(self, *, timeout_seconds: float = 10.0) -> bool:
        """Holds the session and waits until its worker has left; downloads keep their intent.

        Returns:
            Whether a worker was running.
        """
        if not self.exists():
            return False
        with self._lock:
            database = self._writer()
            with database.transaction() as transaction:
                worker_row.set_held(transaction, held=True)
            worker = worker_row.read(database)
        return worker.alive and children.wait_until(lambda: not worker.alive, timeout_seconds=timeout_seconds)

    def run_foreground(self) -> int:
        """Runs the worker in the foreground; returns its exit code."""
        with self._lock:
            database = self._writer()
            with database.transaction() as transaction:
                worker_row.set_held(transaction, held=False)
        from tui_downloader.session import launch  # late: reading needs no subprocess module

        return launch.run_foreground(self.directory, database)

    # ------------------------------------------------------------------------------------------------ internals

    def _verb(
        self, ids: Sequence[int], intent: Intent, *, url: str | None = None, delete_file: bool = False
    ) -> None:
        """Writes one intent to several rows."""

        def change(transaction: Transaction) -> list[int]:
            if intent is Intent.RUN:
                worker_row.set_held(transaction, held=False)
            return [
                each
                for each in ids
                if not downloads.set_intent(transaction, each, intent, url=url, delete_file=delete_file)
            ]

        self._change(ids, change)

    def _change(self, ids: Sequence[int], change: Callable[[Transaction], list[int]]) -> None:
        """Changes rows in one transaction, and starts the worker; `change` returns the ids that are missing."""
        with self._lock:
            if self._database is None and not self.exists():
                raise missing_error(ids)
            with self._writer().transaction() as transaction:
                missing = change(transaction)
            self.ensure_worker()
        if missing:
            raise missing_error(missing)


def _add(transaction: Transaction, request: Request, *, again: bool, now: float) -> tuple[int, bool]:
    """Adds one request, or finds it; one that had failed or was cancelled is resumed."""
    found = None if again else downloads.find_unfinished(transaction, request)
    if found is None:
        return downloads.insert(transaction, request, now=now), True
    if found.state in SETTLED_STATES and not request.paused:
        downloads.set_intent(transaction, found.id, Intent.RUN)
    return found.id, False
