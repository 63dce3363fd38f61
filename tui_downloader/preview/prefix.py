"""The beginning of a file as if it were all of it.

Owns `Prefix`. Must never read a byte behind the prefix: there are holes, or bytes of another attempt.
"""

from __future__ import annotations

import io
import os


class Prefix(io.RawIOBase):
    """The first bytes of a file, as if it ended there."""

    def __init__(self, descriptor: int, size: int) -> None:
        """Begins at the first byte.

        Args:
            descriptor: The open file; it stays the caller's.
            size: How many bytes are valid.
        """
        super().__init__()
        self._descriptor = descriptor
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """Says yes."""
        return True

    def seekable(self) -> bool:
        """Says yes."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Moves; behind the end there is nothing to read."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io passes a memoryview
        """Reads what of the buffer's length lies before the end."""
        wanted = max(0, min(len(buffer), self._size - self._position))
        data = os.pread(self._descriptor, wanted, self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
