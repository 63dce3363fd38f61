"""Several connections that bring one representation of known length together.

Owns the threads, their segments and errors. Extra connections are a gift: whatever happens to one of them, the
transfer goes on with the others; only a changed file ends them all.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tui_downloader.engine.connections import Connections
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import ObjectChangedError, TransferError
from tui_downloader.engine.growth import Growth
from tui_downloader.engine.hashing import Hasher
from tui_downloader.engine.origins import Origins
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.segments import Segment, SegmentTable
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.ranges import RangeSet

WAIT_SECONDS = 0.05
"""How often the transfer's own thread looks whether the others are done."""
STALL_SECONDS = 10.0
"""One connection of several that brings nothing for so long is replaced."""
REFUSAL_PAUSE_SECONDS = 0.4
"""Wait before a connection that was refused asks again: the server may not have seen the last one end."""
END_SECONDS = 1.0
"""How long all other connections together may take to end; later they can write nothing more."""
TRIES = 3
"""Errors in a row after which an extra connection ends."""

AskRange = Callable[[Segment], tuple[Exchange, ResponseHead]]
"""Asks for a segment's bytes; the response has passed the ladder."""


@dataclass(eq=False, slots=True)
class _Member:
    """One connection that brings bytes."""

    exchange: Exchange
    segment: Segment
    is_extra: bool


class Crew:
    """The connections of one transfer while its body comes."""

    def __init__(
        self,
        table: SegmentTable,
        part: PartialFile,
        *,
        connections: Connections,
        ask_range: AskRange | None,
        growth: Growth,
        origins: Origins,
        origin: str,
        hasher: Hasher,
    ) -> None:
        """Prepares; no thread runs yet.

        Args:
            table: What is missing.
            part: Where bytes go.
            connections: Every exchange is opened there.
            ask_range: How to ask for a segment; `None` if ranges are not possible.
            growth: How many connections there should be.
            origins: Counts connections over all downloads.
            origin: The origin that sends the bytes.
            hasher: Hears of every byte.
        """
        self.table = table
        self._part = part
        self._connections = connections
        self._ask_range = ask_range
        self._growth = growth
        self._origins = origins
        self._origin = origin
        self._hasher = hasher
        self._lock = threading.Lock()
        self._members: list[_Member] = []
        self._threads: list[threading.Thread] = []
        self._extras = 0
        self._ending = False
        self._owner = 0
        self._changed: str | None = None
        self.bytes_written = 0
        """Bytes written by all connections."""

    @property
    def received(self) -> RangeSet:
        """The bytes on disk."""
        return self.table.received

    @property
    def size(self) -> int:
        """Connections that bring bytes now."""
        return len(self._members)

    def run(self, exchange: Exchange, segment: Segment) -> None:
        """Brings all missing bytes; the first connection is the calling thread's.

        Args:
            exchange: Its response's body begins at the segment's position.
            segment: Claimed from the table.

        Raises:
            TransferError: Nobody gets any further.
            ObjectChangedError: The representation is another one now.
            Stopped: It was stopped.
        """
        self._owner = threading.get_ident()
        self._origins.enter(self._origin, must=True)
        try:
            error = self._try(partial(self._receive, exchange, segment), segment)
            while self.table.missing_bytes:
                self._connections.check()
                if self._changed is not None:
                    raise ObjectChangedError(self._changed)
                error = self._next(error)
        finally:
            self._origins.leave(self._origin)
            self._end_others()
        if self._changed is not None:
            raise ObjectChangedError(self._changed)

    def supervise(self, *, now: float) -> None:
        """Replaces stalled connections, adds and ends others; called a few times a second from another thread."""
        members = list(self._members)
        if len(members) > 1:
            for each in members:
                if each.segment.room and now - each.segment.moved_at > STALL_SECONDS:
                    each.exchange.stopper.stop(StopCause.TOO_SLOW)
        if self._ask_range is None or self._ending or not members:
            return
        target = self._growth.decide(now=now, received=self.bytes_written, missing=self.table.missing_bytes)
        with self._lock:
            running = 1 + self._extras
        for _ in range(target - running):
            self._add_one()
        if running > target:
            extras = [each for each in members if each.is_extra]
            for each in extras[-(running - target) :]:
                each.exchange.stopper.stop(StopCause.ASKED)

    # ------------------------------------------------------------------------------------------ the calling thread

    def _next(self, error: TransferError | None) -> TransferError | None:
        """Does the next thing that the calling thread can do; returns what stands in its way."""
        if error is not None and not self._others_alive():
            raise error
        segment = None
        if error is None and self._ask_range is not None:
            segment = self.table.claim(sharers=self._growth.target, now=time.monotonic())
        if segment is None:
            if error is None and not self._others_alive():
                raise TransferError(Reason.CONNECTION_LOST, "connection lost")
            self._connections.pause(WAIT_SECONDS)
            return error
        return self._try(partial(self._fetch, segment), segment)

    def _try(self, act: Callable[[], None], segment: Segment) -> TransferError | None:
        """Acts on a segment; hands it back in any case, and returns the error of this connection."""
        try:
            act()
        except TransferError as error:
            if error.reason in {Reason.DISK_FULL, Reason.DESTINATION}:
                raise
            return error
        except Stopped as stopped:
            if stopped.cause is StopCause.ASKED or self._connections.stop_cause is not None:
                raise
            return TransferError(Reason.TIMEOUT, "the connection stalled")
        finally:
            self.table.release(segment)
        return None

    # ----------------------------------------------------------------------------------------------- other threads

    def _add_one(self) -> None:
        """Starts one more connection, if the origin has room."""
        if not self._origins.enter(self._origin):
            return
        thread = threading.Thread(target=self._extra, name="connection", daemon=True)
        with self._lock:
            if not self._ending and self._changed is None:
                self._extras += 1
                thread.start()
                self._threads = [each for each in self._threads if each.is_alive()] + [thread]
                return
        self._origins.leave(self._origin)

    def _extra(self) -> None:
        """An extra connection: brings segment after segment until nothing is left or it fails too often."""
        failures = 0
        try:
            while not self._ending and failures < TRIES and self._growth.target > 1:
                segment = self.table.claim(sharers=self._growth.target, now=time.monotonic())
                if segment is None:
                    return
                error = self._try(partial(self._fetch, segment), segment)
                if error is None:
                    failures = 0
                    continue
                failures += 1
                self._note_failure(error)
                self._connections.pause(REFUSAL_PAUSE_SECONDS * failures)
        except (Stopped, ObjectChangedError, TransferError):
            return  # the transfer's own thread says so
        finally:
            with self._lock:
                self._extras -= 1
            self._origins.leave(self._origin)

    def _note_failure(self, error: TransferError) -> None:
        """Steps back where a request was refused, rather than a body cut."""
        if not isinstance(error, RangeRefusedError):
            return
        with self._lock:
            running = len(self._members)
        self._growth.refused(running)

    def _others_alive(self) -> bool:
        """Tells whether another connection is at work."""
        return any(each.is_alive() for each in self._threads)

    def _end_others(self) -> None:
        """Ends the extra connections; those that hang where nothing can interrupt them can write nothing more."""
        with self._lock:
            self._ending = True
        for member in list(self._members):
            member.exchange.stopper.stop(StopCause.ASKED)
        due_at = time.monotonic() + END_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, due_at - time.monotonic()))

    def _note_change(self, why: str) -> None:
        """Ends what all connections bring: it belongs to a representation that is no longer there."""
        self._changed = why
        for member in list(self._members):
            member.exchange.stopper.stop(StopCause.TOO_SLOW)

    # ------------------------------------------------------------------------------------------------------- bytes

    def _fetch(self, segment: Segment) -> None:
        """Asks for a segment's bytes and receives them."""
        assert self._ask_range is not None
        try:
            exchange, _ = self._ask_range(segment)
        except ObjectChangedError as error:
            self._note_change(str(error))
            raise
        except TransferError as error:
            raise RangeRefusedError(error) from error
        self._receive(exchange, segment)

    def _receive(self, exchange: Exchange, segment: Segment) -> None:
        """Writes a response's body into a segment, which may get shorter meanwhile."""
        member = _Member(exchange, segment, threading.get_ident() != self._owner)
        self._members.append(member)
        try:
            for block in exchange.blocks():
                rest = self._write(exchange, segment, block)
                if rest and segment.stop == segment.first_stop:
                    self.table.release(segment, discard=True)
                    raise ObjectChangedError("the server sent more bytes than it was asked for")
                if not segment.room:
                    return
        except ObjectChangedError as error:
            self._note_change(str(error))
            raise
        finally:
            self._members.remove(member)
            self._connections.drop(exchange)
        if segment.room:
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")

    def _write(self, exchange: Exchange, segment: Segment, block: memoryview) -> int:
        """Writes what of a block belongs to the segment; returns how many bytes do not."""
        count = self.table.reserve(segment, len(block))
        if count:
            exchange.stopper.check()
            self._part.write(block[:count], segment.position)
            self._hasher.feed(block[:count], segment.position)
            self.table.wrote(segment, count, now=time.monotonic())
            with self._lock:
                self.bytes_written += count
        return len(block) - count


class RangeRefusedError(TransferError):
    """A request for a range brought no bytes; wraps what came instead."""

    def __init__(self, error: TransferError) -> None:
        """Keeps reason, sentence and status of the original."""
        super().__init__(
            error.reason,
            str(error),
            http_status=error.http_status,
            retry_after_seconds=error.retry_after_seconds,
        )
