"""One running download and its disk: room promised to it, and what happens there behind its back.

Owns the look, about once a second, at part file, directory and free room. Must never hold up anybody: a disk that
does not answer holds up one thread of its own.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

from tui_downloader.engine.disk_space import DiskSpace, check_not_full
from tui_downloader.engine.failures import TransferError, directory_errors
from tui_downloader.engine.finish import TAMPERED
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason

LOOK_SECONDS = 1.0
"""How often it is looked."""


class DiskWatch:
    """The disk of one transfer."""

    def __init__(
        self,
        space: DiskSpace,
        directory: Path,
        *,
        missing: Callable[[], int | None],
        on_trouble: Callable[[PartialFile | None, TransferError], None],
    ) -> None:
        """Prepares; looks at nothing yet.

        Args:
            space: Promises of all downloads.
            directory: Where the file ends.
            missing: Returns how many bytes are still to come; `None` if unknown.
            on_trouble: Hears, in another thread, what happened to a part file, or to the directory of one to come.
        """
        self._space = space
        self._directory = directory
        self._missing = missing
        self._on_trouble = on_trouble
        self._thread: threading.Thread | None = None
        self._next_at: float | None = None
        self._ended = False

    def promise(self, needed: int | None) -> None:
        """Has room promised; see `DiskSpace.promise`.

        Raises:
            TransferError: The disk is too full, or the directory cannot be used.
        """
        self._space.promise(self, self._directory, needed)

    def look_if_due(self, part: PartialFile | None, *, now: float) -> None:
        """Starts a look if it is time and the last one has ended.

        Args:
            part: The open part file; `None` while there is none.
            now: Monotonic seconds.
        """
        if self._next_at is None:
            self._next_at = now + LOOK_SECONDS
        looking = self._thread is not None and self._thread.is_alive()
        if self._ended or looking or now < self._next_at:
            return
        self._next_at = now + LOOK_SECONDS
        self._thread = threading.Thread(target=self._look, args=(part,), name="disk-watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Looks no more, and needs no room: all bytes are there, or nothing more comes. May be called twice."""
        self._ended = True
        self._space.leave(self)

    def _look(self, part: PartialFile | None) -> None:
        """The thread: one look."""
        missing = self._missing()
        if missing is not None:
            self._space.still_needs(self, missing)
        try:
            check_directory(self._directory)
            if part is not None:
                check_part(part, self._directory, missing=missing)
        except TransferError as error:
            if not self._ended:
                self._on_trouble(part, error)


def check_directory(directory: Path) -> None:
    """Checks that files can be made in a directory.

    Raises:
        TransferError: They cannot; the sentence says why.
    """
    shown = safe(str(directory))
    with directory_errors(directory):
        try:
            there = stat.S_ISDIR(directory.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError):
            there = False
    if not there:
        raise TransferError(Reason.DESTINATION, f"the directory {shown} is gone")
    if not os.access(directory, os.W_OK | os.X_OK):
        raise TransferError(Reason.DESTINATION, f"the directory {shown} is not writable")


def check_part(part: PartialFile, directory: Path, *, missing: int | None) -> None:
    """Checks that a part file can go on where it is.

    That it was shortened is not looked for here: `PartialFile.write` does so each time, and the finish once more.

    Args:
        part: The open part file.
        directory: Where the file ends.
        missing: Bytes still to come; `None` if unknown.

    Raises:
        TransferError: It cannot; the sentence says why.
    """
    part.check()
    if not part.is_at(part.path):
        raise TransferError(Reason.DESTINATION, TAMPERED)
    if missing != 0:
        check_not_full(directory)
