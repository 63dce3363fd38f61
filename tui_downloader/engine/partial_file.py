"""The part file: where bytes go while a download is unfinished.

Owns one open file. Must never follow a link, truncate what is there, or write after it was closed.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.engine.failures import TransferError, disk_errors
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.resume import ResumeData

_FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which file it is, whatever its name."""

    device: int
    """Device number."""
    inode: int
    """Inode number (reused at once by some file systems: compare the size too)."""
    size: int
    """Bytes."""


class PartFileLostError(Exception):
    """The part file is not what was left there: gone, shortened or replaced; its text is a clause."""


class PartialFile:
    """One part file, open for writing at any offset."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Takes over an open descriptor; use `create` or `reopen`."""
        self.path = path
        self._descriptor = descriptor

    @classmethod
    def create(cls, path: Path) -> PartialFile:
        """Creates the file; it must not be there.

        Raises:
            FileExistsError: Something has that name.
            TransferError: It cannot be created.
        """
        with disk_errors(path):
            try:
                return cls(path, os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o666))
            except FileExistsError:
                pass
        raise FileExistsError(path)

    @classmethod
    def reopen(cls, resume_data: ResumeData) -> PartialFile:
        """Opens the file a former attempt left.

        Args:
            resume_data: Its path, identity and the bytes it must hold.

        Raises:
            PartFileLostError: It is gone, shortened or replaced.
            TransferError: It cannot be opened.
        """
        path = resume_data.part_path
        with disk_errors(path):
            try:
                descriptor = os.open(path, _FLAGS)
            except FileNotFoundError:
                raise PartFileLostError("the part file is gone") from None
        part = cls(path, descriptor)
        try:
            part._check(resume_data)
        except BaseException:
            part.close()
            raise
        return part

    def write(self, data: bytes | bytearray | memoryview, offset: int) -> None:
        """Writes all of the bytes at an offset; releases the GIL.

        Raises:
            TransferError: The disk is full or the file cannot be written.
        """
        view = memoryview(data)
        with disk_errors(self.path):
            while view:
                written = os.pwrite(self._descriptor, view, offset)
                view, offset = view[written:], offset + written

    def read(self, offset: int, count: int) -> bytes:
        """Reads bytes back.

        Raises:
            TransferError: They cannot be read.
        """
        with disk_errors(self.path):
            return os.pread(self._descriptor, count, offset)

    def sync(self) -> None:
        """Makes what was written survive a power loss.

        Raises:
            TransferError: The disk reports an error.
        """
        with disk_errors(self.path):
            os.fsync(self._descriptor)

    def sync_data(self) -> bool:
        """Makes the bytes written so far survive a power loss; called from another thread than the writers'.

        Returns:
            Whether that was done; the file may have been closed meanwhile.
        """
        descriptor = self._descriptor
        if descriptor < 0:
            return False
        try:
            getattr(os, "fdatasync", os.fsync)(descriptor)
        except OSError:
            return False  # the next write or the final sync says what is wrong
        return descriptor == self._descriptor

    def cut(self, size: int) -> None:
        """Drops what lies behind the complete length (an earlier attempt expected more)."""
        with disk_errors(self.path):
            if os.fstat(self._descriptor).st_size > size:
                os.ftruncate(self._descriptor, size)

    def identity(self) -> FileIdentity:
        """Returns device, inode and size."""
        with disk_errors(self.path):
            status = os.fstat(self._descriptor)
        return FileIdentity(status.st_dev, status.st_ino, status.st_size)

    def still_there(self) -> bool:
        """Tells whether the path still leads to this very file."""
        with disk_errors(self.path):
            own = os.fstat(self._descriptor)
            with contextlib.suppress(FileNotFoundError):
                there = os.lstat(self.path)
                return (there.st_dev, there.st_ino) == (own.st_dev, own.st_ino)
        return False

    def close(self) -> None:
        """Closes the file; a second call does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _check(self, resume_data: ResumeData) -> None:
        """Compares the open file with what is known of it."""
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise TransferError(Reason.DESTINATION, f"{self.path.name} is not a regular file")
        stored = (resume_data.device, resume_data.inode)
        if None not in stored and stored != (status.st_dev, status.st_ino):
            raise PartFileLostError("the part file was replaced")
        needed = resume_data.received.ranges[-1].stop if resume_data.received else 0
        if status.st_size < needed:
            raise PartFileLostError("the part file was shortened")


def set_aside(path: Path, *, inode: int | None = None) -> int | None:
    """Renames an old part file to `….stale`, over an older one; the new file's bytes replace it in the end.

    Args:
        path: The part file.
        inode: Only if it is this very file; `None` does not ask.

    Returns:
        Its size in bytes; `None` if there was nothing.

    Raises:
        TransferError: It cannot be renamed.
    """
    with disk_errors(path):
        try:
            status = os.lstat(path)
            if inode is not None and status.st_ino != inode:
                return None
            path.rename(stale_path(path))
        except FileNotFoundError:
            return None
        return status.st_size


def stale_path(part_path: Path) -> Path:
    """Returns where the bytes of an older version of the file are kept."""
    return part_path.with_name(f"{part_path.name}.stale")
