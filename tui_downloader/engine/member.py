"""One of the connections that bring a representation together.

Owns the way of one segment from its request to its last byte, and what counts as a refusal. Must never choose the
segment, nor decide what happens after an error.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from tui_downloader.engine.connections import Connections
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import ObjectChangedError, TransferError
from tui_downloader.engine.hashing import Hasher
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.engine.segments import Segment, SegmentTable
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.model.lifecycle import Reason

REFUSED_BYTES = 1024 * 1024
"""A response that ends before so many bytes of its segment came was no gift: it counts as a refusal."""

QUIET_SECONDS = 1.5
"""A connection that brought nothing for so long may have been turned away in the middle of its response; servers
that pace pause for up to a second."""

SILENT_SECONDS = 0.5
"""A connection that brought nothing for so long may be about to be turned away, and others with it."""

AskRange = Callable[[Exchange, Segment], None]
"""Asks for a segment's bytes; returns once the header is there and has passed the ladder."""


@dataclass(frozen=True, slots=True)
class Supply:
    """What the connections of one transfer share."""

    table: SegmentTable
    """What is missing."""
    part: PartialFile
    """Where bytes go."""
    connections: Connections
    """Every exchange is opened there."""
    ask_range: AskRange | None
    """How to ask for a segment; `None` if ranges are not possible."""
    hasher: Hasher
    """Hears of every byte."""


class RefusedError(TransferError):
    """A request for a range brought next to nothing; wraps what came instead."""

    def __init__(self, error: TransferError) -> None:
        """Keeps reason, sentence and status of the original."""
        super().__init__(
            error.reason,
            str(error),
            http_status=error.http_status,
            retry_after_seconds=error.retry_after_seconds,
        )
        self.exchange = error.exchange


class Member:
    """One connection; everything but `stop` and the properties is for its own thread."""

    def __init__(self, supply: Supply, *, is_extra: bool) -> None:
        """Begins without a segment.

        Args:
            supply: What all share.
            is_extra: Whether the transfer can do without it.
        """
        self._supply = supply
        self.is_extra = is_extra
        """Whether the transfer can do without it."""
        self.is_waiting = False
        """Whether it has nothing to do, and is no connection at all."""
        self.is_receiving = False
        """Whether a header has come whose body has not ended."""
        self.segment: Segment | None = None
        """What it brings or asks for."""
        self.has_delivered = False
        """Whether it ever brought a whole segment."""
        self.was_cut = False
        """Whether its last response was left before its end."""
        self.failures = 0
        """Errors in a row."""
        self._is_asked = False
        self._exchange: Exchange | None = None

    def delivers(self, now: float) -> bool:
        """Tells whether bytes of its present segment have come, the last ones not long ago (monotonic seconds)."""
        segment = self.segment
        return segment is not None and segment.brought > 0 and now - segment.moved_at < QUIET_SECONDS

    def moves(self, now: float) -> bool:
        """Tells whether it is not silent (monotonic seconds)."""
        segment = self.segment
        return segment is None or now - segment.moved_at < SILENT_SECONDS

    def is_unproven(self, now: float) -> bool:
        """Tells whether its present request may still turn out to be refused (monotonic seconds)."""
        segment = self.segment
        if segment is None or not self._is_asked:
            return False
        return segment.brought < REFUSED_BYTES or now - segment.moved_at >= QUIET_SECONDS

    def stop(self, cause: StopCause) -> None:
        """Ends what it is doing; from any thread."""
        exchange = self._exchange
        if exchange is not None:
            exchange.stopper.stop(cause)

    def bring(self, segment: Segment, exchange: Exchange | None = None) -> None:
        """Brings a segment, and hands back what of it did not come.

        Args:
            segment: Claimed from the table.
            exchange: Its response's body begins at the segment's position; `None` asks for it.

        Raises:
            RefusedError: The request brought next to nothing.
            TransferError: The response ended early, or the disk failed.
            ObjectChangedError: The representation is another one now.
            Stopped: Somebody asked for it.
        """
        self._is_asked = is_asked = exchange is None
        self.segment = segment
        try:
            self._exchange = exchange = exchange or self._supply.connections.begin()
            if is_asked:
                assert self._supply.ask_range is not None
                self._supply.ask_range(exchange, segment)
            self.is_receiving = True
            self._receive(exchange, segment)
            self.has_delivered, self.failures = True, 0
        except Stopped as stopped:
            if stopped.cause is StopCause.ASKED or self._supply.connections.stop_cause is not None:
                raise
            error = TransferError(Reason.TIMEOUT, "the connection stalled")
            raise (RefusedError(error) if is_asked else error) from stopped
        except TransferError as error:
            of_disk = error.reason in {Reason.DISK_FULL, Reason.DESTINATION}
            if of_disk or not is_asked or not self._is_refusal(error, segment):
                raise
            raise RefusedError(error) from error
        finally:
            self._end(exchange, segment)

    def _end(self, exchange: Exchange | None, segment: Segment) -> None:
        """Hands the segment back and closes the response."""
        self.is_receiving = False
        self._supply.table.release(segment)
        self.segment = self._exchange = None
        if exchange is not None:
            self._supply.connections.drop(exchange)

    @staticmethod
    def _is_refusal(error: TransferError, segment: Segment) -> bool:
        """Tells a connection that the server does not want from one that was lost; a stalled one is not wanted."""
        return error.reason is Reason.TIMEOUT or segment.brought < REFUSED_BYTES

    def _receive(self, exchange: Exchange, segment: Segment) -> None:
        """Writes a response's body into a segment, which may get shorter or longer meanwhile."""
        self.was_cut = False
        for block in exchange.blocks():
            rest = self._write(exchange, segment, block)
            if rest and segment.stop == segment.first_stop:
                self._supply.table.release(segment, discard=True)
                raise ObjectChangedError("the server sent more bytes than it was asked for")
            if not segment.room:
                self.was_cut = segment.position < segment.first_stop
                return
        if segment.room:
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")

    def _write(self, exchange: Exchange, segment: Segment, block: memoryview) -> int:
        """Writes what of a block belongs to the segment; returns how many bytes do not."""
        supply, size = self._supply, len(block)
        count = supply.table.reserve(segment, size)
        if count:
            exchange.stopper.check()
            mine = block if count == size else block[:count]
            supply.part.write(mine, segment.position)
            supply.hasher.feed(mine, segment.position)
            supply.table.wrote(segment, count, now=monotonic())
        return size - count
