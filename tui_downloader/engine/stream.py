"""A body of unknown length over one connection, decoded where the server insists on a coding.

Owns its bytes. Complete is what the framing says is complete; a length that was never told cannot be checked.
"""

from __future__ import annotations

from tui_downloader.engine.coding import Decoder
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.hashing import Hasher
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.model.ranges import ByteRange, RangeSet


class Stream:
    """One response's body on its way to the disk."""

    def __init__(self, part: PartialFile, offset: int, decoder: Decoder | None, hasher: Hasher) -> None:
        """Begins at an offset, behind what is on disk."""
        self._part = part
        self._decoder = decoder
        self._hasher = hasher
        self._offset = offset
        self._position = offset
        self.size = 0
        """Connections that bring bytes now: 0 or 1."""

    @property
    def received(self) -> RangeSet:
        """The bytes on disk, from the first on."""
        return RangeSet.of([ByteRange(0, self._position)] if self._position else [])

    @property
    def bytes_written(self) -> int:
        """Bytes written by this stream."""
        return self._position - self._offset

    def supervise(self, *, now: float) -> None:
        """Does nothing: a single connection is watched by its transfer."""

    def run(self, exchange: Exchange) -> None:
        """Writes the whole body.

        Raises:
            TransferError: The connection was lost, the coding is damaged or the disk is full.
            Stopped: It was stopped.
        """
        self.size = 1
        try:
            for block in exchange.blocks():
                self._write(exchange, self._decoder.decode(block) if self._decoder else block)
            if self._decoder:
                self._write(exchange, self._decoder.finish())
        finally:
            self.size = 0

    def _write(self, exchange: Exchange, data: bytes | memoryview) -> None:
        """Writes at the position and only then says so."""
        exchange.stopper.check()
        self._part.write(data, self._position)
        self._hasher.feed(memoryview(data), self._position)
        self._position += len(data)
