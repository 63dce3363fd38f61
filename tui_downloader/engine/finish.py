"""The last step: from part file to final name, without overwriting anything.

Owns the rename and its recognition after a crash. Must never replace a file that has the name already.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path

from tui_downloader.engine.failures import TransferError, directory_errors, disk_errors
from tui_downloader.engine.partial_file import FileIdentity, PartialFile, stale_path
from tui_downloader.engine.unnamed import UnnamedFile
from tui_downloader.model.lifecycle import Reason

TAMPERED = "the part file was changed or deleted by somebody else"
"""What is said of a part file that is not as it was left."""

_NO_LINKS = {
    errno.EPERM,
    errno.EACCES,
    errno.EINVAL,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
}
"""How systems say that a file system has no hard links (EACCES: Android's shared storage). Where one of them means
something else, the placeholder fails the same way, and that error counts."""

_HERE = -100
"""AT_FDCWD: paths are as they are anywhere else (openat(2))."""
_ONLY_IF_FREE = 1
"""RENAME_NOREPLACE (renameat2(2))."""


def check_untouched(part: PartialFile, identity: FileIdentity, *, size: int) -> None:
    """Checks that the path leads to our file, and that it is as long as it must be.

    Raises:
        TransferError: It does not, or is not.
    """
    if identity.size != size or not part.is_at(part.path):
        raise TransferError(Reason.DESTINATION, TAMPERED)


def give_name(part: PartialFile, destination: Path) -> bool:
    """Gives a complete file its final name if nothing has that name, and looks whether it was ours that got it.

    Returns:
        False: something has the name.

    Raises:
        PartFileLostError: It cannot be given a name as it is.
        TransferError: It cannot be renamed, or another file got the name.
    """
    if isinstance(part, UnnamedFile):
        return part.link_to(destination)
    if not move_without_overwriting(part.path, destination):
        return False
    if not part.is_at(
        destination
    ):  # somebody has put another file, or a link, in its place: it loses the name again
        with disk_errors(destination):
            destination.unlink(missing_ok=True)
        raise TransferError(Reason.DESTINATION, TAMPERED)
    return True


def drop_stale(part_path: Path) -> None:
    """Deletes an older version's bytes, kept until the new ones had the name.

    Raises:
        TransferError: They cannot be deleted.
    """
    with disk_errors(part_path):
        stale_path(part_path).unlink(missing_ok=True)


def move_without_overwriting(part_path: Path, destination: Path) -> bool:
    """Gives the part file its final name if nothing has that name.

    `link` then `unlink`, so that there is no moment in which a file of that name could be overwritten; where the
    file system has no links, Linux renames only to a free name; where it cannot do that either, an exclusively
    created placeholder is renamed over.

    Returns:
        False: something has the name.

    Raises:
        TransferError: It cannot be renamed.
    """
    with disk_errors(destination):
        try:
            os.link(part_path, destination, follow_symlinks=False)
        except FileExistsError:
            return False
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            moved = _rename_if_free(part_path, destination)
            return _move_over_placeholder(part_path, destination) if moved is None else moved
        part_path.unlink()
        return True


def _rename_if_free(part_path: Path, destination: Path) -> bool | None:
    """Renames unless something has the name (renameat2(2)); `None` where system or file system cannot do that."""
    import ctypes  # only where there are no links

    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, TypeError, AttributeError):
        return None
    if rename(_HERE, os.fsencode(part_path), _HERE, os.fsencode(destination), _ONLY_IF_FREE) == 0:
        return True
    return False if ctypes.get_errno() == errno.EEXIST else None


def drop_placeholder(destination: Path) -> None:
    """Takes away an empty file that has the final name: a worker that was killed may have reserved it so.

    For a file of which all bytes were there before, and whose name was free then.
    """
    with contextlib.suppress(OSError):
        if _is_empty(destination):
            destination.unlink(missing_ok=True)


def _move_over_placeholder(part_path: Path, destination: Path) -> bool:
    """Reserves the name with an empty file and renames over it, unless somebody put bytes there meanwhile."""
    try:
        os.close(os.open(destination, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        return False
    if not _is_empty(destination):
        return False
    try:
        part_path.rename(destination)
    except OSError:
        if _is_empty(destination):
            with contextlib.suppress(OSError):
                destination.unlink()
        raise
    return True


def _is_empty(path: Path) -> bool:
    """Tells whether nothing would be lost if the path were taken: no file, or one without bytes."""
    try:
        status = path.lstat()
    except OSError:
        return True
    return stat.S_ISREG(status.st_mode) and status.st_size == 0


def sync_directory(directory: Path) -> None:
    """Makes the directory's entries survive a power loss, where the system can.

    Raises:
        TransferError: The disk reports an error.
    """
    with directory_errors(directory):
        try:
            descriptor = os.open(directory, os.O_RDONLY)
        except PermissionError:
            return  # Windows has no descriptors of directories
        try:
            with contextlib.suppress(OSError):  # some network file systems cannot
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def was_moved(part_path: Path, destination: Path, identity: FileIdentity) -> bool:
    """Tells whether a crash came after the final name was given; a left-over part name is taken away.

    Args:
        part_path: Where the part file was.
        destination: The name it was to get.
        identity: Device, inode and size committed before the rename.
    """
    try:
        there = os.lstat(destination)
    except OSError:
        return False
    if not identity.is_of(there):
        return False
    with contextlib.suppress(OSError):
        part = os.lstat(part_path)
        if (part.st_dev, part.st_ino) == (there.st_dev, there.st_ino):
            part_path.unlink()
    return True
