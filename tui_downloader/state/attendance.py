"""Attendance: a screen that tells its user itself, so that the worker need not.

Owns `screen.lock`. An OS lock that any number of screens share, on an open file: one that is killed attends no
more.
"""

from __future__ import annotations

import os
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover -- Windows: nobody attends there, the worker tells
    _HAS_LOCKS = False
else:
    _HAS_LOCKS = True


class Attendance:
    """What one screen says about itself."""

    def __init__(self, path: Path) -> None:
        """Attends not.

        Args:
            path: The lock file in the session's directory.
        """
        self._path = path
        self._descriptor: int | None = None

    def attend(self, *, attending: bool) -> None:
        """Says whether the screen tells its user what happens; where it cannot be said, the worker tells too."""
        if attending and self._descriptor is None:
            self._descriptor = _locked(self._path, exclusive=False)
        elif not attending and self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def is_attended(path: Path) -> bool:
    """Tells whether any screen tells its user what happens."""
    if not path.exists():
        return False
    descriptor = _locked(path, exclusive=True)
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def _locked(path: Path, *, exclusive: bool) -> int | None:
    """Opens the file, made if it is missing, and locks it without waiting; `None` if that cannot be."""
    if not _HAS_LOCKS:
        return None
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
