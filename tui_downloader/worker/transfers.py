"""The transfers that run: begun, watched, and taken in when they have ended.

Owns their threads, and what is written of all of them together. Must never choose which of them run: that is the
schedule's. All of it is called in the main thread.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from tui_downloader.engine.order import Finished
from tui_downloader.engine.origins import origin_of
from tui_downloader.engine.shared import Shared
from tui_downloader.model.resume import Work
from tui_downloader.state.database import Database, Transaction
from tui_downloader.worker import facts
from tui_downloader.worker.assignment import Assignment, NamesTaken
from tui_downloader.worker.desk import Desk
from tui_downloader.worker.ledger import Ledger
from tui_downloader.worker.outcomes import Outcome, fact_of_end
from tui_downloader.worker.recording import Recording
from tui_downloader.worker.schedule import SMALL_BYTES
from tui_downloader.worker.threads import Threads

PROGRESS_SECONDS = 0.25
"""How often progress and resume data of all transfers are committed together."""
SUPERVISE_SECONDS = 0.05
"""How often limits are watched, however often errands come."""


class Transfers:
    """Begins, watches and ends the transfers of one worker."""

    def __init__(
        self, ledger: Ledger, shared: Shared, *, desk: Desk, recording: Recording, names_taken: NamesTaken
    ) -> None:
        """Runs none yet.

        Args:
            ledger: Writes what happens to them, and knows those that run.
            shared: What all of them share.
            desk: Where their threads hand in what is to be written.
            recording: Takes the files whose digest comes later.
            names_taken: Returns the names that other unfinished downloads hold in a directory.
        """
        self.shared = shared
        """What those that begin from now on share."""
        self._ledger = ledger
        self._rows = ledger.rows
        self._running = ledger.running
        self._desk = desk
        self._recording = recording
        self._names_taken = names_taken
        self._threads = Threads("transfer")
        self._recorded_at = 0.0
        self._supervised_at = 0.0

    def expects_small(self, url: str) -> bool:
        """Tells whether a file of unknown length is probably small: its server's last one was."""
        return self.shared.origins.expects_small(origin_of(url))

    def stop(self, download_ids: Sequence[int]) -> None:
        """Stops transfers; each end comes later."""
        for download_id in download_ids:
            self._running[download_id].stop()

    def begin(self, database: Database, works: Sequence[Work]) -> None:
        """Begins transfers.

        That a file has begun which is probably small is written only with what comes of it, or with the progress
        if that takes longer than a moment: a worker that is killed before has nothing of it on disk.

        Args:
            database: Commits that survive a killed process.
            works: The rows as they were last read.
        """
        if not works:
            return
        self._rows.hold(database, works)
        begun = [self._assign(work) for work in works]
        told_now = [each for each in begun if not each.is_told_later]
        if told_now:
            with database.transaction() as transaction:
                for each in told_now:
                    fact = facts.attempt_began(each.work, now=time.time())
                    each.work = self._ledger.write(transaction, each.work.download.id, fact)
        for each in begun:
            if each.is_told_later:
                each.work = self._ledger.defer(each.work, facts.attempt_began(each.work, now=time.time()))
            self._running[each.work.download.id] = each
            each.start(self._threads, self.ended)

    def supervise(self, database: Database, *, now: float) -> None:
        """Watches the limits of all transfers, a few times a second.

        Args:
            database: Commits that survive a power loss.
            now: Monotonic seconds.
        """
        if now - self._supervised_at < SUPERVISE_SECONDS:
            return
        self._supervised_at = now
        for each in list(self._running.values()):
            outcome = each.supervise(now=now)
            if outcome is not None:
                each.abandon()
                with database.transaction() as transaction:
                    self.ended(transaction, each, outcome)

    def record_progress(self, database: Database, *, now: float) -> None:
        """Commits progress and resume data of all running transfers together, about four times a second.

        Args:
            database: Commits that survive a killed process.
            now: Monotonic seconds.
        """
        if now - self._recorded_at < PROGRESS_SECONDS:
            return
        self._recorded_at = now
        rows = {
            download_id: columns
            for download_id, each in self._running.items()
            if (columns := each.progress_columns(now=now)) is not None
        }
        for download_id in self._rows.owing:
            rows.setdefault(download_id, {})
        if rows:
            with database.transaction() as transaction:
                for download_id, columns in rows.items():
                    self._rows.note(transaction, download_id, columns)

    def ended(self, transaction: Transaction, assignment: Assignment, outcome: Outcome) -> None:
        """Takes in how a transfer ended."""
        assignment.ended = True
        download_id = assignment.work.download.id
        self._running.pop(download_id, None)
        work = self._rows.read(transaction, download_id)
        assert work is not None, "only the worker deletes rows"
        fact = fact_of_end(
            work,
            outcome,
            assignment.received(),
            settings=self.shared.settings,
            probed=assignment.repeats(outcome),
            now=time.time(),
        )
        self._ledger.end(transaction, work, assignment.with_owed(fact))
        self._rows.release(download_id)
        assignment.log_end(outcome)
        if isinstance(outcome, Finished):
            self.shared.origins.finished(origin_of(work.request.url), small=outcome.size <= SMALL_BYTES)
            if outcome.unhashed is not None:
                self._recording.take(download_id, outcome.unhashed)

    def abandon(self) -> None:
        """Lets nothing that their threads say count any more."""
        for each in self._running.values():
            each.abandon()

    def _assign(self, work: Work) -> Assignment:
        """Makes the transfer of a row."""
        return Assignment(
            work,
            desk=self._desk,
            write=self._ledger.write,
            names_taken=self._names_taken,
            shared=self.shared,
            rows=self._rows,
            guessed=work.download.bytes_expected is None and self.expects_small(work.request.url),
        )
