"""The worker lock: one owner of a session, from birth to death.

Owns `worker.lock`. An OS lock on an open file, inherited by the worker it is handed on to; never a pid file.
"""

from __future__ import annotations

import os
from pathlib import Path

from tui_downloader.errors import SessionUnusableError
from tui_downloader.paths import file_identity

try:
    import fcntl
except ImportError:  # pragma: no cover -- Windows
    fcntl = None  # type: ignore[assignment]  # there is no such module there; `try_lock` says so


def try_lock(path: Path) -> int | None:
    """Takes the lock if nobody has it.

    Args:
        path: The lock file; created with mode 0600 if missing, deleted only with its session, by who holds it.

    Returns:
        A file descriptor that holds the lock until every copy of it is closed; `None` if somebody has it, or the
        session was removed in this moment.

    Raises:
        SessionUnusableError: The file cannot be opened, or the system has no such locks.
    """
    if fcntl is None:
        raise SessionUnusableError("Background workers need file locks that this system does not have.")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        return None  # its directory is gone
    except OSError as error:
        raise SessionUnusableError(f"The lock file {path} cannot be opened: {error.strerror}.") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        status = os.fstat(descriptor)
        if file_identity(path) == (status.st_dev, status.st_ino):
            return descriptor  # else it was deleted before the lock was ours: the next one locks another file
    except BlockingIOError:
        pass
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None
