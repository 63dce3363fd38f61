"""Opens regular files only, for reading, without ever waiting.

Owns the sentences for files that cannot be opened. Must never block on a named pipe, never open a device, and
never put a path into a sentence: names come from outside.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from tui_downloader.errors import PreviewError

_OPEN_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
"""Read only, not inherited; never waits for a writer and never takes a terminal if the file was just swapped."""

_KIND_SENTENCES = (
    (stat.S_ISDIR, "this is a folder"),
    (stat.S_ISFIFO, "this is a named pipe"),
    (stat.S_ISSOCK, "this is a socket"),
)
"""What to say about the kinds that are not files; everything else is a device."""


def open_regular(path: str | bytes | Path) -> tuple[int, os.stat_result]:
    """Open a regular file for reading.

    Args:
        path: The file; symbolic links are followed.

    Returns:
        The file descriptor, which the caller closes, and size and times of the file at that moment.

    Raises:
        PreviewError: The file is gone, may not be read, or is not a regular file; the text says which.
    """
    try:
        _require_regular(os.stat(path).st_mode)  # noqa: PTH116 - the child gets bytes, which Path cannot hold
        descriptor = os.open(path, _OPEN_FLAGS)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in the name
        raise PreviewError("the file is gone") from error
    except PermissionError as error:
        raise PreviewError("the file may not be read") from error
    except OSError as error:
        raise PreviewError("the file cannot be read") from error
    try:
        status = os.fstat(descriptor)
        _require_regular(status.st_mode)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, status


def read_head(path: str | bytes | Path, size: int) -> tuple[bytes, os.stat_result]:
    """Read the beginning of a regular file.

    Args:
        path: The file; symbolic links are followed.
        size: How many bytes at most.

    Returns:
        The first bytes, fewer than `size` when the file is shorter, and size and times of the file.

    Raises:
        PreviewError: As `open_regular`, or reading failed.
    """
    descriptor, status = open_regular(path)
    try:
        return os.pread(descriptor, size, 0), status
    except OSError as error:
        raise PreviewError("the file cannot be read") from error
    finally:
        os.close(descriptor)


def _require_regular(mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    for is_kind, sentence in _KIND_SENTENCES:
        if is_kind(mode):
            raise PreviewError(sentence)
    raise PreviewError("this is a device")
