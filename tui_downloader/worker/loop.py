"""The worker's main loop: reads verbs, plans, acts, records, and leaves when there is nothing to do.

Owns the state file's second half and all transfers. All SQLite is done in this thread.
"""

from __future__ import annotations

import os
import random
import signal
import time
import uuid
from pathlib import Path

from tui_downloader import __version__
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.order import Finished
from tui_downloader.engine.origins import Origins
from tui_downloader.engine.partial_file import stale_path
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.stopping import Stopped
from tui_downloader.engine.throttle import Throttle
from tui_downloader.engine.transport import Transports
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.resume import Work
from tui_downloader.settings import Settings
from tui_downloader.state import creation, downloads, journal, origins, worker_row
from tui_downloader.state import work as work_rows
from tui_downloader.state.changes import ChangeWatch
from tui_downloader.state.database import Database, Transaction
from tui_downloader.state.process import boot_id, own_start_time
from tui_downloader.worker import facts
from tui_downloader.worker.agenda import Agenda
from tui_downloader.worker.assignment import Assignment, Outcome
from tui_downloader.worker.desk import Desk
from tui_downloader.worker.facts import Fact, Received
from tui_downloader.worker.log import Log, logger
from tui_downloader.worker.schedule import SETTLED_BY, Plan, is_pending, plan
from tui_downloader.worker.syncing import Syncing

POLL_SECONDS = 0.05
"""How often the state file is looked at for new verbs."""
PROGRESS_SECONDS = 0.25
"""How often progress and resume data of all transfers are committed together."""
_HOUSEKEEPING_SECONDS = 1.0
_TOMBSTONE_SECONDS = 86_400.0


class Worker:
    """One run of the worker of one session."""

    def __init__(self, state_file: Path, log: Log, settings: Settings) -> None:
        """Opens the state file; the caller holds the worker lock."""
        creation.prepare(state_file)
        self._state_file = state_file
        self._state_identity = file_identity(state_file)
        self._settings = settings
        self._log = log
        self._instance = uuid.uuid4().hex
        self._boot_id = boot_id()
        self._durable = Database(state_file, durable=True, checkpoints=True)
        self._quick = Database(state_file, durable=False, checkpoints=True)
        self._watch = ChangeWatch(state_file)
        self._desk = Desk()
        self._syncing = Syncing(now=time.monotonic())
        throttle = Throttle(settings.bytes_per_second_max or None)
        self._shared = Shared(
            Transports(), Origins(origins.read(self._durable, now=time.time())), throttle, settings
        )
        self._agenda = Agenda()
        self._running: dict[int, Assignment] = {}
        self._leaving = False
        self._held = False
        self._busy_at = time.monotonic()
        self._recorded_at = 0.0
        self._kept_house_at = 0.0

    def run(self) -> None:
        """Works until there is nothing left to do or somebody asks to leave."""
        self._listen_to_signals()
        self._take_over()
        try:
            while not self._may_leave():
                self._read_verbs()
                self._carry_out(self._plan())
                self._desk.serve(self._durable, timeout_seconds=POLL_SECONDS)
                self._supervise()
                self._record_progress()
                self._syncing.sync_if_due(self._running.values(), now=time.monotonic())
                self._keep_house()
        finally:
            self._close()

    # --------------------------------------------------------------------------------------------- coming, going

    def _listen_to_signals(self) -> None:
        """SIGTERM and SIGINT mean: commit and leave; a closed terminal means nothing."""

        def leave(_number: int, _frame: object) -> None:
            self._leaving = True
            self._desk.wake()

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _take_over(self) -> None:
        """Reads all work and says who works now."""
        now = time.time()
        row = worker_row.WorkerRow(self._instance, os.getpid(), own_start_time(), __version__)
        with self._durable.transaction() as transaction:
            worker_row.write(transaction, row, now=now)
            origins.prune(transaction, now=now)
            downloads.prune_tombstones(transaction, before=now - _TOMBSTONE_SECONDS)
            settings = self._settings
            journal.prune(transaction, before=now - settings.journal_days * 86_400, keep=settings.journal_events)
        self._watch.has_changed()
        for work in work_rows.read_work(self._durable, boot_id=self._boot_id):
            self._take_in(work)
        self._held = worker_row.is_held(self._durable)
        logger.info("worker %d begins, version %s, %d downloads to do", row.pid, __version__, len(self._agenda))

    def _may_leave(self) -> bool:
        """Leaves when idle for a while or asked to; no verb that was committed before is lost."""
        if self._running:
            self._busy_at = time.monotonic()
            return False
        if self._leaving:
            self._note_remaining_waits()
            with self._durable.transaction() as transaction:
                worker_row.clear(transaction)
            return True
        idle = not self._agenda if not self._held else not self._agenda.pending
        if not idle:
            self._busy_at = time.monotonic()
            return False
        if not self._held and time.monotonic() - self._busy_at < self._settings.worker_idle_seconds:
            return False
        with self._durable.transaction() as transaction:
            if downloads.has_work(transaction, held=worker_row.is_held(transaction)):
                return False
            worker_row.clear(transaction)
        return True

    def _note_remaining_waits(self) -> None:
        """Stores what remains of each wait: the next worker goes on with it, whatever the clock did."""
        now = time.monotonic()
        with self._durable.transaction() as transaction:
            for download_id, due_at in self._agenda.due_at.items():
                downloads.update(transaction, download_id, {"retry_delay_seconds": max(0.0, due_at - now)})

    def _close(self) -> None:
        """Stops what still runs (after a failure of the loop itself) and closes everything."""
        for each in self._running.values():
            each.abandon()
        self._shared.transports.close()
        self._watch.close()
        self._quick.close()
        self._durable.close()
        logger.info("worker %d leaves", os.getpid())

    # ------------------------------------------------------------------------------------------------ one round

    def _read_verbs(self) -> None:
        """Takes in what front ends wrote since the last look."""
        if not self._watch.has_changed():
            return
        self._held = worker_row.is_held(self._durable)
        if worker_row.retire_instance(self._durable) == self._instance:
            self._leaving = True
        for work in work_rows.read_new_verbs(self._durable, boot_id=self._boot_id):
            running = self._running.get(work.download.id)
            if running is not None:
                if work.request.url != running.work.request.url:
                    running.stop()  # a new link: the transfer begins again with it
                running.work = work
            self._take_in(work)

    def _take_in(self, work: Work) -> None:
        """Keeps a row as it is now."""
        self._agenda.take_in(work, now=time.monotonic())

    def _plan(self) -> Plan:
        """Asks the schedule what to do."""
        entries = self._agenda.entries(self._running, now=time.monotonic())
        return plan(entries, at_once=self._settings.downloads_at_once, held=self._held or self._leaving)

    def _carry_out(self, steps: Plan) -> None:
        """Does what the plan says; all rows in one transaction."""
        for download_id in steps.stop:
            self._running[download_id].stop()
        if not (steps.settle or steps.acknowledge or steps.remove or steps.start):
            return
        started: list[Assignment] = []
        with self._durable.transaction() as transaction:
            for download_id, state in steps.settle:
                self._settle(transaction, self._agenda[download_id], state)
            for download_id in steps.acknowledge:
                self._acknowledge(transaction, self._agenda[download_id])
            for download_id in steps.remove:
                self._remove(transaction, self._agenda[download_id])
            for download_id in steps.start:
                before = self._agenda[download_id]
                self._write(transaction, download_id, facts.attempt_began(before, now=time.time()))
                started.append(self._assign(before))
        for each in started:
            each.work = self._agenda[each.work.download.id]
            self._running[each.work.download.id] = each
            each.start(self._ended)

    def _supervise(self) -> None:
        """Watches limits of all transfers."""
        now = time.monotonic()
        for each in list(self._running.values()):
            outcome = each.supervise(now=now)
            if outcome is not None:
                each.abandon()
                with self._durable.transaction() as transaction:
                    self._ended(transaction, each, outcome)

    def _record_progress(self) -> None:
        """Commits progress and resume data of all running transfers together, about four times a second."""
        now = time.monotonic()
        if now - self._recorded_at < PROGRESS_SECONDS:
            return
        self._recorded_at = now
        rows = {
            download_id: columns
            for download_id, each in self._running.items()
            if (columns := each.progress_columns(now=now)) is not None
        }
        if rows:
            with self._quick.transaction() as transaction:
                for download_id, columns in rows.items():
                    downloads.update(transaction, download_id, columns)

    def _leave_if_deleted(self) -> None:
        """Leaves when the state file is no longer there: nobody could ever reach this worker again."""
        if not self._leaving and file_identity(self._state_file) != self._state_identity:
            logger.warning("the state file is gone: leaving")
            self._leaving = True

    def _keep_house(self) -> None:
        """Rotates the log, and writes down what was learned of origins, now and then."""
        now = time.monotonic()
        if now - self._kept_house_at >= _HOUSEKEEPING_SECONDS:
            self._kept_house_at = now
            self._leave_if_deleted()
            self._log.rotate_if_large()
            news = self._shared.origins.take_news()
            if news:
                with self._quick.transaction() as transaction:
                    for origin, connections in news.items():
                        origins.write(transaction, origin, connections, now=time.time())

    # ------------------------------------------------------------------------------------------------- the rows

    def _write(self, transaction: Transaction, download_id: int, fact: Fact) -> Work:
        """Writes a fact and returns the row as it is then."""
        downloads.update(transaction, download_id, fact.columns)
        now = time.time()
        for event in fact.events:
            journal.append(transaction, download_id, event, now=now)
        work = work_rows.read_work_of(transaction, download_id, boot_id=self._boot_id)
        assert work is not None, "only the worker deletes rows"
        if work.download.state is State.WAITING:
            self._agenda.due_at.pop(download_id, None)
        self._take_in(work)
        if work.download.state is State.TRANSFERRING:
            self._network_is_back(transaction)
        return work

    def _network_is_back(self, transaction: Transaction) -> None:
        """Queues everything that waited for the network."""
        for work in self._agenda.offline:
            columns = {"state": State.QUEUED.value, "retry_at": None, "retry_delay_seconds": None}
            self._write(transaction, work.download.id, Fact(columns))

    def _settle(self, transaction: Transaction, work: Work, state: State) -> None:
        """Brings a row at rest into the state its verb leads to."""
        if state is State.QUEUED:
            fact = facts.requeued(work)
        else:
            fact = facts.stopped(work, self._at_rest(work), state=state, now=time.time())
        self._write(transaction, work.download.id, fact)

    def _acknowledge(self, transaction: Transaction, work: Work) -> None:
        """Says that a verb needs nothing more."""
        written = self._write(transaction, work.download.id, Fact({"acted_number": work.download.intent_number}))
        running = self._running.get(work.download.id)
        if running is not None:
            running.work = written

    def _remove(self, transaction: Transaction, work: Work) -> None:
        """Deletes the part file (and the finished file, if asked for) and makes the row a tombstone."""
        latest = work_rows.read_work_of(transaction, work.download.id, boot_id=self._boot_id)
        work = latest or work  # whether the file goes too may have been said since the last look
        download, left = work.download, work.resume_data
        doomed = (
            [left.part_path, stale_path(left.part_path)] if left is not None and left.inode is not None else []
        )
        if work.delete_file and download.state is State.COMPLETED and download.path is not None:
            doomed.append(download.path)
        for path in doomed:
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                logger.warning("download %d: %s was not deleted: %s", download.id, path, error.strerror)
        self._write(transaction, download.id, facts.removed(work, now=time.time()))

    def _assign(self, work: Work) -> Assignment:
        """Makes the transfer of a row."""
        return Assignment(
            work,
            desk=self._desk,
            write=self._write,
            names_taken=lambda directory, but: downloads.taken_names(self._durable, directory, but=but),
            shared=self._shared,
            boot_id=self._boot_id,
        )

    def _ended(self, transaction: Transaction, assignment: Assignment, outcome: Outcome) -> None:
        """Takes in how a transfer ended."""
        assignment.ended = True
        download_id = assignment.work.download.id
        self._running.pop(download_id, None)
        work = work_rows.read_work_of(transaction, download_id, boot_id=self._boot_id)
        assert work is not None, "only the worker deletes rows"
        fact = self._fact_of_end(work, outcome, assignment.received(), probed=assignment.probing)
        self._write(transaction, download_id, fact)
        logger.info("download %d: attempt ends: %s", download_id, _words(outcome))

    def _fact_of_end(self, work: Work, outcome: Outcome, received: Received, *, probed: bool) -> Fact:
        """Chooses the fact for an outcome; a verb given meanwhile counts more than an error."""
        now = time.time()
        if isinstance(outcome, Finished):
            return facts.finished(work, outcome, now=now)
        intent = work.download.intent
        if isinstance(outcome, Stopped) or (is_pending(work) and intent is not Intent.RUN):
            return facts.stopped(work, received, state=SETTLED_BY.get(intent, State.QUEUED), now=now)
        jitter = random.random()  # noqa: S311 -- spreads retries, no secret
        return facts.failed(
            work, outcome, received, now=now, settings=self._settings, jitter=jitter, probed=probed
        )

    def _at_rest(self, work: Work) -> Received:
        """Returns how far a download at rest is."""
        left = work.resume_data
        ranges = left.received if left else RangeSet()
        return Received(ranges, work.download.bytes_expected, self._boot_id)


def file_identity(path: Path) -> tuple[int, int] | None:
    """Returns device and inode of a file without opening it; `None` if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _words(outcome: Outcome) -> str:
    """Words an outcome for the log, without URLs."""
    if isinstance(outcome, Finished):
        return f"finished, {outcome.size} bytes"
    if isinstance(outcome, TransferError):
        return f"{outcome.reason.value}: {outcome}"
    return f"stopped ({outcome.cause.value})"
