"""One running transfer: its thread, and what it tells, committed.

Owns the thread and the row's columns while it runs. Must never commit anything after the transfer ended or was
given up: a thread that hangs in a name look-up may come back at any time.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from tui_downloader.engine.failures import TransferError, forget_way
from tui_downloader.engine.order import TransferOrder
from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.engine.transfer import Transfer
from tui_downloader.errors import SessionUnusableError
from tui_downloader.model.download import Digest
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Reason, Resumable, State
from tui_downloader.model.progress import SpeedMeter
from tui_downloader.model.request import log_url
from tui_downloader.model.resume import Work
from tui_downloader.protocol.filename import choose_filename
from tui_downloader.state.database import SqlValue, Transaction
from tui_downloader.state.running import RunningRows
from tui_downloader.worker import facts, names
from tui_downloader.worker.desk import Desk
from tui_downloader.worker.facts import Fact, Received
from tui_downloader.worker.log import logger
from tui_downloader.worker.new_events import began_event
from tui_downloader.worker.outcomes import Outcome, words_of
from tui_downloader.worker.schedule import SMALL_BYTES
from tui_downloader.worker.threads import Threads

Writer = Callable[[Transaction, int, Fact], Work]
"""Writes a fact about a download and returns its row as it is then."""

NamesTaken = Callable[[str, int], Sequence[str]]
"""Returns the names that other unfinished downloads hold in a directory."""

Answer = TypeVar("Answer")

_HANGING_SECONDS = 1.0


class Assignment:
    """A transfer in its thread; the main thread's side of it."""

    def __init__(
        self,
        work: Work,
        *,
        desk: Desk,
        write: Writer,
        names_taken: NamesTaken,
        shared: Shared,
        rows: RunningRows,
        guessed: bool = False,
    ) -> None:
        """Prepares; `start` begins."""
        self.work = work
        """The row as last written; main thread only."""
        self.guessed = guessed
        """Whether it was started because it is probably small, and nobody knows yet; main thread only."""
        self.ended = False
        """Whether its outcome was taken in; main thread only."""
        self._brief = guessed
        self._before = work
        self._desk = desk
        self._write = write
        self._names_taken = names_taken
        self._rows = rows
        self._restarts_max = shared.settings.restarts_max
        self._wanted_name: str | None = None
        self._abandoned = False
        self._part_tries = 0
        self._stopped_at: float | None = None
        order = TransferOrder(
            request=work.request,
            resume_data=work.resume_data,
            filename=work.download.filename,
            digest=work.download.digest,
            bytes_expected=work.download.bytes_expected if work.download.reason is Reason.DISK_FULL else None,
        )
        self._transfer = Transfer(order, self, shared)
        self._meter = SpeedMeter(now=time.monotonic())
        self._metered = 0
        self._owed: dict[str, SqlValue] = {}
        self._synced_at = 0
        self._on_end: Callable[[Transaction, Assignment, Outcome], None] | None = None

    # ------------------------------------------------------------------------------------------- main thread

    def start(self, threads: Threads, on_end: Callable[[Transaction, Assignment, Outcome], None]) -> None:
        """Begins in a thread; `on_end` is called in the main thread, inside a transaction, when it has ended."""
        self._on_end = on_end
        if not self._brief:
            logger.info("download %d: attempt begins, %s", self.work.download.id, log_url(self.work.request.url))
        threads.run(self._run)

    def log_end(self, outcome: Outcome) -> None:
        """Logs how it ended; of a probably small one this is the only line."""
        url = f", {log_url(self.work.request.url)}" if self._brief else ""
        logger.info("download %d: attempt ends: %s%s", self.work.download.id, words_of(outcome), url)

    def stop(self) -> None:
        """Stops the transfer; its end comes through `on_end`."""
        self._transfer.stop()

    def take_in(self, work: Work) -> None:
        """Takes in what the user wants by now: another limit holds at once; for another URL it begins anew."""
        if work.request.url != self.work.request.url:
            self.stop()
        self._transfer.throttle.set_rate(work.request.bytes_per_second_max)
        self.work = work

    def supervise(self, *, now: float) -> Outcome | None:
        """Watches the transfer's limits.

        Args:
            now: Monotonic seconds.

        Returns:
            How it ended, if it was stopped but its thread hangs where nothing can interrupt it (a name look-up).
        """
        self._transfer.supervise(now=now)
        cause = self._transfer.stop_cause
        if cause is None or self.work.download.state is State.VERIFYING:
            return None
        if self._stopped_at is None:
            self._stopped_at = now
        if now - self._stopped_at < _HANGING_SECONDS:
            return None
        return Stopped(cause) if cause is StopCause.ASKED else TransferError(Reason.TIMEOUT, "no answer in time")

    @property
    def is_told_later(self) -> bool:
        """Whether that it has begun need not be told at once: it is probably over before anybody could see it."""
        return self._brief and self._before.download.state is State.QUEUED

    @property
    def probing(self) -> bool:
        """Whether it is the one that looks for the network."""
        return self._before.download.reason is Reason.OFFLINE and self.work.download.state is State.CONNECTING

    def repeats(self, outcome: Outcome) -> bool:
        """Whether it ended as it had waited before: for the same thing, and without a response in between."""
        same = isinstance(outcome, TransferError) and outcome.reason is self._before.download.reason
        return same and self.work.download.state is State.CONNECTING

    def abandon(self) -> None:
        """Lets nothing that this thread says count any more."""
        self._abandoned = True
        self._transfer.stop()

    def received(self) -> Received:
        """Returns how far it is."""
        return Received(self._transfer.received, self._transfer.bytes_expected, self._rows.boot_id)

    @property
    def bytes_expected(self) -> int | None:
        """Complete length; `None` while it is not known."""
        return self._transfer.bytes_expected

    @property
    def unsynced_bytes(self) -> int:
        """Bytes written since the last sync."""
        return self._transfer.bytes_written - self._synced_at

    def sync(self) -> None:
        """Makes what is on disk survive a power loss, and has that committed; for a thread of its own."""
        restarts, self._synced_at = self.work.download.restarts, self._transfer.bytes_written
        synced = self._transfer.sync()
        if synced:
            self._desk.tell(lambda transaction: self._note_synced(transaction, str(synced), restarts))

    def _note_synced(self, transaction: Transaction, synced: str, restarts: int) -> None:
        """Commits which bytes survive, unless the transfer has ended meanwhile or begun with another part file."""
        if not self.ended and not self._abandoned and restarts == self.work.download.restarts:
            self._rows.note(transaction, self.work.download.id, {"synced": synced})

    def with_owed(self, fact: Fact) -> Fact:
        """Returns a fact together with what no fact has told yet."""
        owed = self.take_owed()
        return dataclasses.replace(fact, columns={**owed, **fact.columns}) if owed else fact

    def take_owed(self) -> dict[str, SqlValue]:
        """Returns the columns that no fact has told yet, to be committed with the next one."""
        owed, self._owed = self._owed, {}
        return owed

    def progress_columns(self, *, now: float) -> dict[str, SqlValue] | None:
        """Returns the columns of the periodic commit; `None` while there is nothing to say.

        Args:
            now: Monotonic seconds.
        """
        if not self._transfer.connections:
            return None
        written = self._transfer.bytes_written
        speed = self._meter.add(written - self._metered, now=now)
        self._metered = written
        return {
            **self.take_owed(),
            **self.received().columns,
            "bytes_per_second": round(speed, 1),
            "connections": self._transfer.connections,
        }

    # --------------------------------------------------------------------------------------- transfer's thread

    def place(
        self, head: ResponseHead, *, resumable: Resumable, digest: Digest | None, part_taken: bool
    ) -> tuple[Path, str]:
        """Reserves names and commits what the first response says."""
        self._part_tries = self._part_tries + 1 if part_taken else 0

        def place_now(transaction: Transaction) -> tuple[Path, str]:
            filename, part_path = self._choose_names(head)
            began = began_event(self._before, EventKind.STARTED, offset=0, now=time.time())
            fact = facts.response_came(
                head,
                self.work,
                began,
                filename=filename,
                part_path=part_path,
                resumable=resumable,
                digest=digest,
            )
            self._note(transaction, fact)
            return part_path, filename

        return self._ask(place_now)

    def place_complete(
        self, head: ResponseHead, identity: FileIdentity, *, resumable: Resumable
    ) -> tuple[Path, str]:
        """Reserves names and commits the response together with what is complete already."""
        received = self.received()

        def place_now(transaction: Transaction) -> tuple[Path, str]:
            filename, part_path = self._choose_names(head)
            began = began_event(self._before, EventKind.STARTED, offset=0, now=time.time())
            came = facts.response_came(
                head, self.work, began, filename=filename, part_path=part_path, resumable=resumable
            )
            complete = facts.verifying(identity, received)
            self._note(transaction, dataclasses.replace(came, columns={**came.columns, **complete.columns}))
            return part_path, filename

        return self._ask(place_now)

    def created(self, identity: FileIdentity) -> None:
        """Has committed which file the part file is; nothing waits for that, of a small one with the next fact."""
        self._owed = {"device": identity.device, "inode": identity.inode}
        expected = self._transfer.bytes_expected
        if expected is None or expected > SMALL_BYTES:
            self._desk.tell(self._note_owed)

    def _note_owed(self, transaction: Transaction) -> None:
        """Commits what no fact has told yet; main thread only."""
        if self._owed and not self._abandoned and not self.ended:
            self.work = self._rows.write(transaction, self.work.download.id, self.take_owed())

    def resumed(self, head: ResponseHead, *, offset: int, verdict: Resumable, digest: Digest | None) -> None:
        """Commits that the rest is coming."""
        began = began_event(self._before, EventKind.RESUMED, offset=offset, now=time.time(), verdict=verdict)
        self._commit(lambda: facts.resumed(head, began, verdict=verdict, digest=digest))

    def started_over(self, *, why: str, kept_bytes: int | None) -> None:
        """Commits that the old bytes are not used; gives up when that happens too often."""
        if self.work.download.restarts >= self._restarts_max:
            raise TransferError(Reason.GAVE_UP, f"gave up after {self.work.download.restarts} starts over: {why}")
        self._commit(lambda: facts.started_over(self.work, why=why, kept_bytes=kept_bytes))

    def verifying(self, identity: FileIdentity) -> None:
        """Commits which file gets the final name."""
        received = self.received()
        self._commit(lambda: facts.verifying(identity, received))

    def rename(self, taken: str) -> str:
        """Chooses and commits another final name."""

        def rename_now(transaction: Transaction) -> str:
            directory = self.work.request.directory
            base = self._wanted_name or taken
            others = self._names_taken(str(directory), self.work.download.id)
            name = names.choose(directory, base, taken=[*others, taken])
            self._note(transaction, facts.renamed(taken, name))
            return name

        return self._ask(rename_now)

    def _run(self) -> None:
        """The thread: runs the transfer and hands in how it ended."""
        outcome: Outcome
        try:
            outcome = self._transfer.run()
        except (TransferError, Stopped) as error:
            forget_way(error)
            outcome = error
        except SessionUnusableError:
            return  # nothing can be recorded: the worker says so and begins anew, and so will this transfer
        except Exception as error:  # noqa: BLE001 -- the supervisor's border: a defect of ours ends one transfer, not the worker
            logger.exception("download %d: the transfer broke", self._before.download.id)
            outcome = TransferError(
                Reason.BAD_RESPONSE, f"the transfer broke ({type(error).__name__}); see the log"
            )
        self._desk.tell(lambda transaction: self._end(transaction, outcome), durable=True)

    def _end(self, transaction: Transaction, outcome: Outcome) -> None:
        """Takes the end in, unless the transfer was given up before."""
        if not self._abandoned and self._on_end is not None:
            self._on_end(transaction, self, outcome)

    def _ask(self, work: Callable[[Transaction], Answer]) -> Answer:
        """Has work done by the main thread; a transfer that no longer counts is stopped instead."""

        def guarded(transaction: Transaction) -> Answer:
            if self._abandoned or self.ended:
                raise Stopped(StopCause.ASKED)
            return work(transaction)

        return self._desk.ask(guarded)

    def _commit(self, fact: Callable[[], Fact]) -> None:
        """Commits a fact that is built in the main thread, from the row as it is then."""
        self._ask(lambda transaction: self._note(transaction, fact()))

    def _note(self, transaction: Transaction, fact: Fact) -> None:
        """Writes a fact and keeps the row as it is then; main thread only."""
        self.work = self._write(transaction, self.work.download.id, self.with_owed(fact))

    def _choose_names(self, head: ResponseHead) -> tuple[str, Path]:
        """Chooses file name and part file name; an earlier attempt's part file name is kept."""
        request, download = self.work.request, self.work.download
        wanted = choose_filename(
            requested=request.filename,
            disposition=head.disposition,
            final_url=head.final_url,
            original_url=request.url,
            media_type=head.media_type,
        )
        self._wanted_name = wanted
        left = self.work.resume_data
        others = self._names_taken(str(request.directory), download.id)
        filename = names.choose(request.directory, wanted, taken=others)
        kept = None if self._part_tries else names.keep_part(left, request.directory)
        if kept is not None:
            return filename, kept
        return filename, names.choose_part(request.directory, filename, skip=self._part_tries)
