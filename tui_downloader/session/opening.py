"""Opening a session's state file: for reading it must be there, for writing it is made; and which ones are there.

Owns when the worker lock is taken for creating or migrating. A file of a newer version is refused unmodified.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from tui_downloader import paths
from tui_downloader.errors import DamagedStateFileError, SessionUnusableError
from tui_downloader.paths import (
    LOCK_FILE,
    STATE_FILE,
    check_private_directory,
    create_private_directory,
    is_there,
)
from tui_downloader.state.creation import create_or_migrate, is_current, prepare
from tui_downloader.state.database import Database, version_of
from tui_downloader.state.schema import VERSION
from tui_downloader.state.worker_lock import try_lock

_WAIT_SECONDS = 15.0
_MIGRATION_WAIT_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 0.005


def open_existing(path: Path) -> Database | None:
    """Opens a state file for reading; changes nothing but the form of one that an older version made.

    Returns:
        The connection; `None` if there is no state file, or one whose creation was never finished.

    Raises:
        SessionUnusableError: It cannot be used (newer, damaged, unreadable, or older and held by a worker).
    """
    if not is_there(path):
        return None
    check_private_directory(path.parent)
    version = version_of(path)
    if version == 0:
        return None
    if version < VERSION:
        _migrate(path)
    return Database(path)


def _migrate(path: Path) -> None:
    """Brings a file of an older version into this program's form, under the worker lock."""
    deadline = time.monotonic() + _MIGRATION_WAIT_SECONDS
    while (lock := try_lock(path.parent / LOCK_FILE)) is None:
        if time.monotonic() > deadline:
            raise SessionUnusableError(
                f"Session “{path.parent.name}” was written by an older tuidl, whose worker still runs. Try again "
                "when it has ended."
            )
        time.sleep(_LOOK_AGAIN_SECONDS)
    try:
        create_or_migrate(path)
    finally:
        os.close(lock)


def open_or_create(path: Path) -> tuple[Database, str | None]:
    """Opens a state file, making or migrating it under the worker lock where needed.

    Returns:
        The connection, and a sentence for the user if a damaged file was set aside.

    Raises:
        SessionUnusableError: It cannot be used, or somebody holds the lock for too long.
    """
    create_private_directory(path.parent)
    deadline = time.monotonic() + _WAIT_SECONDS
    aside: Path | None = None
    while not _usable(path):
        lock = try_lock(path.parent / LOCK_FILE)
        if lock is not None:
            try:
                aside = prepare(path)
            finally:
                os.close(lock)
        elif time.monotonic() > deadline:
            raise SessionUnusableError(
                f"Another program holds {path.parent / LOCK_FILE}; try again when it has ended."
            )
        else:
            time.sleep(_LOOK_AGAIN_SECONDS)
    notice = f"The state file was damaged; it was kept as {aside}. The session starts empty." if aside else None
    return Database(path), notice


def _usable(path: Path) -> bool:
    """Tells whether the file is there in this program's form; a damaged one is to be set aside."""
    try:
        return is_current(path)
    except DamagedStateFileError:
        if path.is_dir():
            raise
        return False


def session_names(state_directory: Path | None = None) -> list[str]:
    """Returns the names of the sessions that were ever used, sorted; reads only.

    Raises:
        SessionUnusableError: The state directory cannot be read.
    """
    state = state_directory or paths.state_directory()
    names = paths.session_entries(state)
    return sorted(each for each in names if is_there(state / "sessions" / each / STATE_FILE))
