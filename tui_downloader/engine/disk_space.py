"""Whether files have room on their disks.

Owns what running downloads still need, per file system, so that two of them are not promised the same room. Must
never reserve anything on the disk itself: part files are sparse, and somebody else may fill it at any time.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from tui_downloader.engine.failures import TransferError, directory_errors
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason
from tui_downloader.units import format_bytes

KEPT_FREE_BYTES = 1024 * 1024
"""What downloads leave free, in bytes: the state file, its log and everybody else must still be able to write."""


class DiskSpace:
    """Promises of room to running downloads; thread-safe."""

    def __init__(self) -> None:
        """Begins without any."""
        self._lock = threading.Lock()
        self._promised: dict[object, tuple[int, int]] = {}

    def promise(self, holder: object, directory: Path, needed: int | None) -> None:
        """Promises room to a download, instead of what it was promised before.

        Args:
            holder: Whose promise it is; `leave` ends it.
            directory: Where the file ends.
            needed: Bytes that are missing. A file of unknown length (`None`) is promised nothing: it may begin
                while anything is free. One that misses none (0) needs no room.

        Raises:
            TransferError: The disk is too full, or the directory cannot be used.
        """
        with directory_errors(directory):
            device, free = directory.stat().st_dev, free_bytes(directory)
        with self._lock:
            self._promised.pop(holder, None)
            others = sum(count for there, count in self._promised.values() if there == device)
            if free is not None and needed != 0 and _exceeds(free, needed, others):
                raise _disk_full(directory, free=free, needed=needed, others=others)
            self._promised[holder] = (device, needed or 0)

    def still_needs(self, holder: object, missing: int) -> None:
        """Lowers a promise to the bytes that are still missing."""
        with self._lock:
            if holder in self._promised:
                device, promised = self._promised[holder]
                self._promised[holder] = (device, min(promised, missing))

    def leave(self, holder: object) -> None:
        """Ends a promise; a second call does nothing."""
        with self._lock:
            self._promised.pop(holder, None)


def check_not_full(directory: Path) -> None:
    """Checks, while bytes come, that a little is still free.

    Less than all running downloads still need is no reason to end any of them: room may be made before they get
    there. Only on the last bytes of the disk they end.

    Raises:
        TransferError: The disk is about to be full, or the directory cannot be used.
    """
    with directory_errors(directory):
        free = free_bytes(directory)
    if free is not None and free < KEPT_FREE_BYTES:
        raise _disk_full(directory, free=free, needed=None, others=0)


def free_bytes(directory: Path) -> int | None:
    """Returns what is free for the user on a directory's file system; `None` where the system does not know.

    Raises:
        OSError: The directory cannot be asked.
    """
    if not hasattr(os, "statvfs"):
        import shutil  # and with it every format of archives

        return shutil.disk_usage(directory).free
    there = os.statvfs(directory)
    return there.f_bavail * there.f_frsize if there.f_blocks else None  # some network file systems answer zeros


def _exceeds(free: int, needed: int | None, others: int) -> bool:
    """Tells whether there is too little for one more file."""
    return free < KEPT_FREE_BYTES + (0 if needed is None else needed + others)


def _disk_full(directory: Path, *, free: int, needed: int | None, others: int) -> TransferError:
    """Words what is missing; `needed` is `None` where that is not known."""
    wanted = "" if needed is None else f"{format_bytes(needed)} needed, "
    promised = (
        f", {format_bytes(others)} of it promised to other downloads" if others and needed is not None else ""
    )
    return TransferError(
        Reason.DISK_FULL,
        f"disk full: {wanted}{format_bytes(free)} free in {safe(str(directory))}{promised}",
    )
