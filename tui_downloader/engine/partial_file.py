"""The part file: where bytes go while a download is unfinished.

Owns one open file, and notices when somebody else shortens it or the disk loses bytes. Must never follow a link,
truncate what is there, or write after it was closed.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.engine import rights
from tui_downloader.engine.failures import (
    ObjectChangedError,
    TransferError,
    disk_error,
    disk_errors,
    is_disk_full,
)
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.resume import ResumeData

_FLAGS = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """Which file it is, whatever its name."""

    device: int | None
    """Device number; `None` if it may have changed since (another boot)."""
    inode: int
    """Inode number (reused at once by some file systems: compare the size too)."""
    size: int
    """Bytes."""

    def is_of(self, status: os.stat_result) -> bool:
        """Tells whether it is the file that the system describes so."""
        same_device = self.device is None or self.device == status.st_dev
        return same_device and (self.inode, self.size) == (status.st_ino, status.st_size)


class PartFileLostError(ObjectChangedError):
    """The part file is not what was left there: gone, shortened or replaced; its text is a clause."""


class PartialFile:
    """One part file, open for writing at any offset."""

    def __init__(self, path: Path, descriptor: int) -> None:
        """Takes over an open descriptor; use `create` or `reopen`."""
        self.path = path
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._end = 0
        self._failure: OSError | None = None

    @classmethod
    def create(cls, path: Path) -> PartialFile:
        """Creates the file, for the user's eyes only; it must not be there.

        Raises:
            FileExistsError: Something has that name.
            TransferError: It cannot be created.
        """
        with disk_errors(path):
            try:
                return cls(path, os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, rights.UNFINISHED_MODE))
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

    @classmethod
    def open_finished(cls, path: Path) -> PartialFile:
        """Opens a finished file for reading only.

        Raises:
            TransferError: It cannot be opened, or is no regular file.
        """
        with disk_errors(path):
            part = cls(path, os.open(path, _FLAGS & ~os.O_RDWR | os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)))
            if not stat.S_ISREG(os.fstat(part._descriptor).st_mode):
                part.close()
                raise TransferError(Reason.DESTINATION, f"{path.name} is not a regular file")
        return part

    def write(self, data: bytes | bytearray | memoryview, offset: int) -> None:
        """Writes all of the bytes at an offset; releases the GIL.

        The file's length is looked at before each write: a write far behind would hide that somebody shortened it,
        and leave a hole of zeros.

        Raises:
            PartFileLostError: It was shortened; nothing was written.
            TransferError: The disk is full or the file cannot be written.
        """
        view = memoryview(data)
        self.check()
        try:
            end = self._end  # read before the length: the other connections make both grow, the length first
            if os.lseek(self._descriptor, 0, os.SEEK_END) < end:  # a fifth of the time of fstat
                raise PartFileLostError("the part file was shortened")
            while view:
                written = os.pwrite(self._descriptor, view, offset)
                view, offset = view[written:], offset + written
                with self._lock:
                    self._end = max(self._end, offset)
        except OSError as error:
            if not is_disk_full(error):
                self._note_failure(error)
            raise disk_error(error, self.path.parent) from error

    def check(self) -> None:
        """Raises again what a write or sync has met: whichever thread met it, the transfer is to hear of it.

        The system tells of bytes that it could not bring to the disk only once (fsync(2)): a later sync, which
        succeeds, proves nothing about them.

        Raises:
            TransferError: The disk has reported an error.
        """
        if self._failure is not None:
            raise disk_error(self._failure, self.path.parent) from self._failure

    @property
    def is_doubtful(self) -> bool:
        """Whether the disk has reported an error: only bytes synced before are on it for sure.

        A write that found no room is no such error: what was written before is there.
        """
        return self._failure is not None

    @property
    def is_deleted(self) -> bool:
        """Whether no name leads to the file any more: its bytes go when it is closed."""
        try:
            return os.fstat(self._descriptor).st_nlink == 0
        except OSError:
            return False  # closed, or the disk is gone: then nothing is known

    def read(self, offset: int, count: int) -> bytes:
        """Reads bytes back.

        Raises:
            TransferError: They cannot be read.
        """
        with disk_errors(self.path):
            return os.pread(self._descriptor, count, offset)

    def read_into(self, buffer: memoryview, offset: int) -> int:
        """Reads bytes back into a buffer; releases the GIL.

        Returns:
            How many bytes it was; at least one.

        Raises:
            TransferError: They cannot be read, or the file ends before them.
        """
        with disk_errors(self.path):
            if hasattr(os, "preadv"):
                count = os.preadv(self._descriptor, [buffer], offset)
            else:
                found = os.pread(self._descriptor, len(buffer), offset)
                count = len(found)
                buffer[:count] = found
        if not count:
            raise TransferError(Reason.DESTINATION, "the part file was shortened by somebody else")
        return count

    def sync(self) -> None:
        """Makes what was written survive a power loss.

        Raises:
            TransferError: The disk reports an error, or has reported one before.
        """
        self.check()
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self._note_failure(error)
            raise disk_error(error, self.path.parent) from error

    def sync_data(self) -> bool:
        """Makes the bytes written so far survive a power loss; called from another thread than the writers'.

        Returns:
            Whether that was done; the file may have been closed meanwhile. An error is raised by `check`, the next
            write and `sync`.
        """
        descriptor = self._descriptor
        if descriptor < 0 or self.is_doubtful:
            return False
        try:
            getattr(os, "fdatasync", os.fsync)(descriptor)
        except OSError as error:
            if descriptor == self._descriptor:
                self._note_failure(error)
            return False
        return descriptor == self._descriptor

    def cut(self, size: int) -> None:
        """Drops what lies behind the complete length (an earlier attempt expected more)."""
        with disk_errors(self.path):
            if os.fstat(self._descriptor).st_size > size:
                os.ftruncate(self._descriptor, size)
        with self._lock:
            self._end = min(self._end, size)

    def identity(self) -> FileIdentity:
        """Returns device, inode and size."""
        with disk_errors(self.path):
            status = os.fstat(self._descriptor)
        return FileIdentity(status.st_dev, status.st_ino, status.st_size)

    def give_rights(self, mode: int) -> None:
        """Sets the file's rights, where the file system knows rights."""
        rights.give(self._descriptor, mode)

    def is_at(self, path: Path) -> bool:
        """Tells whether a path leads to this very file, links not followed."""
        with disk_errors(path):
            own = os.fstat(self._descriptor)
            with contextlib.suppress(FileNotFoundError):
                there = os.lstat(path)
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
        stored = FileIdentity(resume_data.device, resume_data.inode, status.st_size) if resume_data.inode else None
        if stored is not None and not stored.is_of(status):
            raise PartFileLostError("the part file was replaced")
        self._end = resume_data.received.ranges[-1].stop if resume_data.received else 0
        if status.st_size < self._end:
            raise PartFileLostError("the part file was shortened")

    def _note_failure(self, error: OSError) -> None:
        """Keeps the first error of the disk."""
        if self._failure is None and self._descriptor >= 0:
            self._failure = error


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
