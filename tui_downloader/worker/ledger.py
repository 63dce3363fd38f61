"""The ledger: what happened is written into the row, the journal and the agenda, in one go.

Owns the writing of facts. Must never decide what happens next: that is the schedule's.
"""

from __future__ import annotations

import dataclasses
import time

from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.resume import Work
from tui_downloader.state import exchanges, journal
from tui_downloader.state.database import Transaction
from tui_downloader.state.running import RunningRows
from tui_downloader.worker import facts
from tui_downloader.worker.agenda import Agenda
from tui_downloader.worker.assignment import Assignment
from tui_downloader.worker.facts import Fact
from tui_downloader.worker.removal import delete_files
from tui_downloader.worker.wall_clock import clock_set

_SHOWN_SECONDS = 1.0
"""A wait that is shown by so much too short or too long is told anew."""

_ANSWERED = frozenset({State.TRANSFERRING, State.VERIFYING})
"""States that follow a response: there is a network."""


class Ledger:
    """Writes facts about downloads; used by the main thread only."""

    def __init__(self, rows: RunningRows, agenda: Agenda, running: dict[int, Assignment]) -> None:
        """Writes nothing yet.

        Args:
            rows: The rows.
            agenda: Takes each row in as it is then.
            running: The transfers, by the id of their download.
        """
        self.rows = rows
        """The rows."""
        self.running = running
        """The transfers, by the id of their download."""
        self._agenda = agenda

    def write(self, transaction: Transaction, download_id: int, fact: Fact) -> Work:
        """Writes a fact and returns the row as it is then."""
        work = self.rows.write(transaction, download_id, fact.columns)
        self._tell(transaction, download_id, fact)
        if work.download.state is State.WAITING:
            self._agenda.due_at.pop(download_id, None)
        self._take_in(work)
        if work.download.state in _ANSWERED:
            self._network_is_back(transaction)
        return work

    def defer(self, work: Work, fact: Fact) -> Work:
        """Takes a fact about a held row that is written with its next one; returns the row as it will be."""
        work = self.rows.defer(work.download.id, fact.columns)
        self._take_in(work)
        return work

    def end(self, transaction: Transaction, work: Work, fact: Fact) -> None:
        """Writes how a transfer ended; of a file that is complete nothing is left to do but to remove it.

        Args:
            transaction: The transaction.
            work: The row as it is by now.
            fact: How it ended, in columns.
        """
        if fact.columns["state"] != State.COMPLETED.value or work.download.intent is Intent.REMOVE:
            self.write(transaction, work.download.id, fact)
            return
        self.rows.note(transaction, work.download.id, fact.columns)
        self._tell(transaction, work.download.id, fact)
        self._agenda.drop(work.download.id)

    def settle(self, transaction: Transaction, work: Work, state: State) -> None:
        """Brings a row at rest into the state its verb leads to."""
        if state is State.QUEUED:
            fact = facts.requeued(work)
        else:
            left = facts.at_rest(work, boot_id=self.rows.boot_id)
            fact = facts.stopped(work, left, state=state, now=time.time())
        self.write(transaction, work.download.id, fact)

    def acknowledge(self, transaction: Transaction, work: Work) -> None:
        """Says that a verb needs nothing more."""
        acted = work.download.intent_number
        running = self.running.get(work.download.id)
        if running is not None:
            running.work = self.write(transaction, work.download.id, Fact({"acted_number": acted}))
            return
        self.rows.note(transaction, work.download.id, {"acted_number": acted})
        self._take_in(dataclasses.replace(work, download=dataclasses.replace(work.download, acted_number=acted)))

    def remove(self, transaction: Transaction, work: Work) -> None:
        """Deletes the part file (and the finished file, if asked for) and makes the row a tombstone."""
        latest = self.rows.read(transaction, work.download.id)
        work = latest or work  # whether the file goes too may have been said since the last look
        problem = delete_files(work)
        exchanges.delete(transaction, work.download.id)
        self.write(transaction, work.download.id, facts.removed(work, problem=problem, now=time.time()))

    def clock_set(self, transaction: Transaction, moved: float) -> None:
        """Moves the instants of what waits and of what runs with the wall clock; every wait stays as long.

        Args:
            transaction: The transaction.
            moved: By how many seconds the clock was set forward; with 0.0 only waits are told anew.
        """
        now, monotonic = time.time(), time.monotonic()
        for download_id, due_at in list(self._agenda.due_at.items()):
            work, remaining = self._agenda[download_id], max(0.0, due_at - monotonic)
            shown = (work.download.retry_at or 0.0) - now
            if moved or abs(shown - remaining) >= _SHOWN_SECONDS:
                fact = clock_set(work, moved=moved, now=now, remaining_seconds=remaining)
                self.write(transaction, download_id, fact)
        for running in self.running.values() if moved else ():
            fact = clock_set(running.work, moved=moved, now=now, remaining_seconds=None)
            running.work = self.write(transaction, running.work.download.id, fact)

    def note_waits(self, transaction: Transaction, *, at_least: float = 0.0) -> None:
        """Stores what remains of each wait: the next worker goes on with it, whatever the clock did.

        Args:
            transaction: The transaction.
            at_least: Only of those that still last so many seconds.
        """
        now = time.monotonic()
        for download_id, due_at in self._agenda.due_at.items():
            remaining = max(0.0, due_at - now)
            if remaining >= at_least:
                self.rows.note(transaction, download_id, {"retry_delay_seconds": remaining})

    def _tell(self, transaction: Transaction, download_id: int, fact: Fact) -> None:
        """Writes what a fact has beside its columns."""
        if fact.exchange is not None:
            exchanges.write(transaction, download_id, fact.exchange)
        now = time.time()
        for event in fact.events:
            journal.append(transaction, download_id, event, now=now)

    def _network_is_back(self, transaction: Transaction) -> None:
        """Queues everything that waited for the network."""
        for work in self._agenda.offline:
            columns = {"state": State.QUEUED.value, "retry_at": None, "retry_delay_seconds": None}
            self.write(transaction, work.download.id, Fact(columns))

    def _take_in(self, work: Work) -> None:
        """Keeps a row as it is now."""
        self._agenda.take_in(work, now=time.monotonic())
