"""The verbs: what the user wants, written as intents.

Owns how a verb becomes rows and sees to a worker. Must never write what is true: that is the worker's half.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tui_downloader.model.lifecycle import SETTLED_STATES, Intent
from tui_downloader.model.request import Request
from tui_downloader.session.answers import Added, missing_error
from tui_downloader.session.session_file import SessionFile
from tui_downloader.state import downloads, queue_order, worker_row
from tui_downloader.state.database import Transaction


class Verbs(SessionFile):
    """The part of a session that changes what the user wants."""

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
