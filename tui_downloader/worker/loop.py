"""The worker's main loop: reads verbs, plans, acts, records, and leaves when there is nothing to do.

Owns the state file's second half and all transfers. All SQLite is done in this thread.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from tui_downloader import __version__, paths
from tui_downloader.engine.origins import Origins
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.transport import Transports
from tui_downloader.model.download import Digest
from tui_downloader.model.resume import Work
from tui_downloader.state import downloads, origins, probes, worker_row
from tui_downloader.state import work as work_rows
from tui_downloader.state.changes import News
from tui_downloader.state.database import Database, Transaction
from tui_downloader.state.process import boot_id, own_start_time
from tui_downloader.state.running import RunningRows
from tui_downloader.worker import facts
from tui_downloader.worker.agenda import Agenda
from tui_downloader.worker.assignment import Assignment
from tui_downloader.worker.desk import Desk, gathering
from tui_downloader.worker.hooks import Hooks
from tui_downloader.worker.ledger import Ledger
from tui_downloader.worker.limits import Limits
from tui_downloader.worker.log import Log, logger
from tui_downloader.worker.notices import Notices
from tui_downloader.worker.probing import Probing
from tui_downloader.worker.recording import Recording
from tui_downloader.worker.schedule import Plan, plan
from tui_downloader.worker.syncing import Syncing
from tui_downloader.worker.transfers import Transfers
from tui_downloader.worker.upkeep import Upkeep, prune
from tui_downloader.worker.wall_clock import WallClock

POLL_SECONDS = 0.05
"""How often the state file is looked at for new verbs."""
_HOUSEKEEPING_SECONDS = 1.0
_NOTE_WAITS_SECONDS = 30.0
"""How often what remains of longer waits is stored, so that they are no longer though the worker is killed."""


class Worker:
    """One run of the worker of one session."""

    def __init__(self, state_file: Path, log: Log, limits: Limits) -> None:
        """Opens a state file that is prepared; the caller holds the worker lock."""
        self._state_file = state_file
        self._state_identity = paths.file_identity(state_file)
        self._limits = limits
        self._settings = limits.settings
        self._log = log
        self._instance = os.urandom(16).hex()
        self._boot_id = boot_id()
        self._durable = Database(state_file, durable=True, checkpoints=True)
        self._quick = Database(state_file, durable=False, checkpoints=True)
        self._news = News(state_file, self._durable, self._quick)
        self._desk = Desk()
        self._syncing = Syncing(now=time.monotonic())
        self._recording = Recording(self._record_digest)
        self._probing = Probing(self._desk, self._names_taken)
        known = Origins(origins.read(self._durable, now=time.time()))
        self._hooks = Hooks(state_file.parent, self._desk, lambda: self._settings)
        self._notices = Notices(state_file.parent, lambda: self._settings)
        self._running: dict[int, Assignment] = {}
        self._rows = RunningRows(boot_id=self._boot_id)
        self._agenda = Agenda()
        self._ledger = Ledger(self._rows, self._agenda, self._running)
        self._transfers = Transfers(
            self._ledger,
            Shared(Transports(), known, limits.throttle, limits.settings),
            desk=self._desk,
            recording=self._recording,
            names_taken=self._names_taken,
        )
        self._upkeep = Upkeep(self._durable, now=time.monotonic())
        self._clock = WallClock(wall=time.time(), monotonic=time.monotonic())
        self._took_over = False
        self._leaving = False
        self._held = False
        self._busy_at = time.monotonic()
        self._kept_house_at = 0.0
        self._waits_noted_at = time.monotonic()

    @property
    def is_expected(self) -> bool:
        """Whether it has said that it works, and nobody asked it to leave."""
        return self._took_over and not self._leaving

    def run(self) -> None:
        """Works until there is nothing left to do or somebody asks to leave."""
        self._listen_to_signals()
        self._take_over()
        try:
            while not self._may_leave():
                self._read_verbs()
                self._mind_clock()
                self._carry_out(self._plan())
                gather_seconds = gathering(len(self._running))
                self._desk.serve(
                    self._durable, self._quick, timeout_seconds=POLL_SECONDS, gather_seconds=gather_seconds
                )
                self._watch_over(now=time.monotonic())
                self._tell_endings()
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
            self._hooks.begin(transaction)
            self._notices.begin(transaction)
            prune(transaction, self._settings)
        self._took_over = True
        self._news.came()
        self._read_control()
        self._probing.read(self._durable)
        self._take_new()
        for work in work_rows.read_work(self._durable, boot_id=self._boot_id):
            self._take_in(work)
        self._mind_clock(taking_over=True)
        if self._settings.record_sha256:
            for download_id, path in work_rows.read_owed(self._durable):
                self._recording.take(download_id, path)
        logger.info("worker %d begins, version %s, %d downloads to do", row.pid, __version__, len(self._agenda))

    def _may_leave(self) -> bool:
        """Leaves when idle for a while or asked to; no verb that was committed before is lost."""
        if self._running:
            self._busy_at = time.monotonic()
            return False
        if self._leaving:
            with self._durable.transaction() as transaction:
                self._ledger.note_waits(transaction)
                self._leave(transaction)
            return True
        idle = (
            not (
                self._agenda
                or any(each.busy for each in (self._recording, self._probing, self._hooks, self._notices))
            )
            if not self._held
            else not self._agenda.pending
        )
        if not idle:
            self._busy_at = time.monotonic()
            return False
        if not self._held and time.monotonic() - self._busy_at < self._settings.worker_idle_seconds:
            return False
        if not self._held and self._upkeep.work(self._settings, now=time.monotonic()):
            return False
        with self._durable.transaction() as transaction:
            held, now = worker_row.is_held(transaction), time.time()
            if downloads.has_work(transaction, held=held) or probes.has_work(transaction, held=held, now=now):
                return False
            self._leave(transaction)
        return True

    def _leave(self, transaction: Transaction) -> None:
        """Says that nobody works any more."""
        self._hooks.leave(transaction)
        worker_row.clear(transaction)

    def _close(self) -> None:
        """Stops what still runs (after a failure of the loop itself) and closes everything."""
        self._transfers.abandon()
        self._hooks.close()
        self._recording.close()
        self._probing.close()
        self._transfers.shared.transports.close()
        self._news.close()
        self._quick.close()
        self._durable.close()
        logger.info("worker %d leaves", os.getpid())

    # ------------------------------------------------------------------------------------------------ one round

    def _read_verbs(self) -> None:
        """Takes in what front ends wrote since the last look."""
        if not self._news.came():
            return
        seen = self._control.revision
        self._read_control()
        self._probing.read(self._durable)
        news = self._take_new()
        news += work_rows.read_new_verbs(self._durable, boot_id=self._boot_id)
        if self._control.adjusted > seen:
            news += work_rows.read_adjusted(self._durable, after=seen, boot_id=self._boot_id)
        for work in news:
            self._rows.outdate(work.download.id)
            running = self._running.get(work.download.id)
            if running is not None:
                work = self._rows.read(self._durable, work.download.id) or work  # noqa: PLW2901 -- what was deferred counts
                running.take_in(work)
            self._take_in(work)

    def _take_new(self) -> list[Work]:
        """Takes in what was added, all at once: until its turn has come it needs nothing more."""
        if not work_rows.has_new(self._durable):
            return []
        with self._quick.transaction() as transaction:
            return work_rows.take_new(transaction, boot_id=self._boot_id)

    def _read_control(self) -> None:
        """Takes in what front ends ask of the worker as a whole."""
        self._control = worker_row.read_control(self._durable)
        self._held = self._control.held
        self._limits.ask(self._control.bytes_per_second_max)
        if self._control.retire_instance == self._instance:
            self._leaving = True

    def _take_in(self, work: Work) -> None:
        """Keeps a row as it is now."""
        self._agenda.take_in(work, now=time.monotonic())

    def _plan(self) -> Plan:
        """Asks the schedule what to do."""
        entries = self._agenda.entries(
            self._running, expects_small=self._transfers.expects_small, now=time.monotonic()
        )
        return plan(entries, at_once=self._settings.downloads_at_once, held=self._held or self._leaving)

    def _carry_out(self, steps: Plan) -> None:
        """Does what the plan says; all rows at rest in one transaction."""
        self._transfers.stop(steps.stop)
        for transfer in self._running.values():
            transfer.guessed = transfer.guessed and transfer.bytes_expected is None
        if steps.settle or steps.acknowledge or steps.remove:
            with self._quick.transaction() as transaction:  # a lost end of it would be planned again
                for download_id, state in steps.settle:
                    self._ledger.settle(transaction, self._agenda[download_id], state)
                for download_id in steps.acknowledge:
                    self._ledger.acknowledge(transaction, self._agenda[download_id])
                for download_id in steps.remove:
                    self._ledger.remove(transaction, self._agenda[download_id])
        self._transfers.begin(self._quick, [self._agenda[each] for each in steps.start])

    def _watch_over(self, *, now: float) -> None:
        """Sees to what runs: limits, progress, what must reach the disk."""
        self._transfers.supervise(self._durable, now=now)
        if not (self._held or self._leaving):
            self._probing.supervise(self._transfers.shared, now=now)
        self._transfers.record_progress(self._quick, now=now)
        self._syncing.sync_if_due(self._running.values(), now=now)

    def _tell_endings(self) -> None:
        """Has the outside told of downloads that have ended."""
        self._hooks.look(self._durable)
        self._notices.look(self._durable)

    def _mind_clock(self, *, taking_over: bool = False) -> None:
        """Tells instants and waits anew when somebody has set the clock, perhaps between two workers."""
        moved = self._clock.moved(wall=time.time(), monotonic=time.monotonic())
        if moved:
            logger.warning("the clock was set by %.0f s", moved)
        if moved or (taking_over and self._agenda.due_at):
            with self._quick.transaction() as transaction:
                self._ledger.clock_set(transaction, moved)

    def _leave_if_deleted(self) -> None:
        """Leaves when the state file is no longer there: nobody could ever reach this worker again."""
        if not self._leaving and paths.file_identity(self._state_file) != self._state_identity:
            logger.warning("the state file is gone: leaving")
            self._leaving = True

    def _keep_house(self) -> None:
        """Rotates the log, writes down what was learned of origins, and sees to the state file, now and then."""
        now = time.monotonic()
        if now - self._kept_house_at >= _HOUSEKEEPING_SECONDS:
            self._kept_house_at = now
            self._leave_if_deleted()
            self._log.rotate_if_large()
            if self._limits.look():
                self._settings = self._limits.settings
                self._transfers.shared = dataclasses.replace(self._transfers.shared, settings=self._settings)
            if now >= self._waits_noted_at + _NOTE_WAITS_SECONDS:
                self._waits_noted_at = now
                if any(due_at - now >= _NOTE_WAITS_SECONDS for due_at in self._agenda.due_at.values()):
                    with self._quick.transaction() as transaction:
                        self._ledger.note_waits(transaction, at_least=_NOTE_WAITS_SECONDS)
            news = self._transfers.shared.origins.take_news()
            if news:
                with self._quick.transaction() as transaction:
                    for origin, connections in news.items():
                        origins.write(transaction, origin, connections, now=time.time())
            self._upkeep.work_if_quiet(self._settings, is_busy=bool(self._running), now=now)

    def _names_taken(self, directory: str, but: int) -> Sequence[str]:
        """Returns the names that other unfinished downloads hold in a directory."""
        return downloads.taken_names(self._durable, directory, but=but)

    def _record_digest(self, download_id: int, digest: Digest | None) -> None:
        """Has a digest committed that came after its file; called in the thread that computed it."""
        columns = facts.digest_came(digest).columns
        self._desk.tell(lambda transaction: downloads.update(transaction, download_id, columns))
