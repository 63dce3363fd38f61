"""A finished file whose digest is still to be recorded.

Owns its descriptor until it is closed. Nothing waits for it: whatever happens, the file is complete.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tui_downloader.engine.hashing import Hasher
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.engine.verification import RECORDED
from tui_downloader.model.download import Digest


class Unhashed:
    """An open file and what was hashed of it."""

    def __init__(self, file: PartialFile, hasher: Hasher, size: int) -> None:
        """Takes both over.

        Args:
            file: The file, whatever its name is now.
            hasher: What was hashed of it so far; it hashes with the recorded algorithm.
            size: Its length in bytes.
        """
        self._file = file
        self._hasher = hasher
        self._size = size

    @classmethod
    def of(cls, path: Path) -> Unhashed:
        """Opens a finished file whose digest an earlier worker did not get to.

        Raises:
            TransferError: It cannot be opened, or is no regular file.
        """
        file = PartialFile.open_finished(path)
        try:
            size = file.identity().size
        except BaseException:
            file.close()
            raise
        return cls(file, Hasher({RECORDED}), size)

    def digest(self, check: Callable[[], None]) -> Digest:
        """Hashes what is left.

        Args:
            check: Called between reads; raises when somebody wants to leave.

        Raises:
            TransferError: The file cannot be read, or is shorter now.
        """
        values = self._hasher.finish(self._file, self._size, check)
        return Digest(RECORDED, values[RECORDED], "computed", verified=False)

    def close(self) -> None:
        """Closes the file."""
        self._hasher.close()
        self._file.close()
