"""A body of unknown length over one connection, decoded where the server insists on a coding.

Owns its bytes. Complete is what the framing says is complete; a length that was never told cannot be checked. A
body that is said to be a range must be exactly that long, whatever its framing.
"""

from __future__ import annotations

from tui_downloader.engine.coding import Decoder
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import ObjectChangedError, TransferError
from tui_downloader.engine.hashing import Hasher
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.ranges import ByteRange, RangeSet


class Stream:
    """One response's body on its way to the disk."""

    def __init__(
        self,
        part: PartialFile,
        before: RangeSet,
        *,
        start: int,
        stop: int | None,
        decoder: Decoder | None,
        hasher: Hasher,
    ) -> None:
        """Prepares.

        Args:
            part: Where the bytes go.
            before: What is on disk.
            start: Where the body begins.
            stop: One past its last byte; `None` if nothing tells.
            decoder: Undoes the content coding; `None` takes the bytes as they are.
            hasher: Hears of every byte.
        """
        self._part = part
        self._decoder = decoder
        self._hasher = hasher
        self._before = before
        self._start = start
        self._stop = stop
        self._position = start
        self.size = 0
        """Connections that bring bytes now: 0 or 1."""

    @property
    def received(self) -> RangeSet:
        """The bytes on disk."""
        position = self._position
        return self._before.add(ByteRange(self._start, position)) if position > self._start else self._before

    @property
    def bytes_written(self) -> int:
        """Bytes written by this stream."""
        return self._position - self._start

    def supervise(self, *, now: float) -> None:
        """Does nothing: a single connection is watched by its transfer."""

    def run(self, exchange: Exchange) -> None:
        """Writes the whole body.

        Raises:
            TransferError: The connection was lost, the coding is damaged or the disk is full.
            ObjectChangedError: It is longer than its range: none of its bytes can be trusted.
            Stopped: It was stopped.
        """
        self.size = 1
        try:
            for block in exchange.blocks():
                for piece in self._decoder.decode(block) if self._decoder else (block,):
                    self._write(exchange, piece)
            if self._decoder:
                self._write(exchange, self._decoder.finish())
        finally:
            self.size = 0
        if self._stop is not None and self._position < self._stop:
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")

    def _write(self, exchange: Exchange, data: bytes | memoryview) -> None:
        """Writes at the position and only then says so."""
        exchange.stopper.check()
        if self._stop is not None and self._position + len(data) > self._stop:
            self._position = self._start
            raise ObjectChangedError("the server sent more bytes than it was asked for")
        self._part.write(data, self._position)
        self._hasher.feed(memoryview(data), self._position)
        self._position += len(data)
