"""Opening a session's state file: for reading it must be there, for writing it is made; and which ones are there.

Owns when the worker lock is taken for creating or migrating. A file of a newer version is refused unmodified.
"""

from __future__ import annotations

import contextlib
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
    file_identity,
    has_state,
    is_there,
)
from tui_downloader.state import downloads, worker_row
from tui_downloader.state.creation import create_or_migrate, is_current
from tui_downloader.state.database import Database, version_of
from tui_downloader.state.file_system import check_local
from tui_downloader.state.schema import VERSION
from tui_downloader.state.worker_lock import try_lock

_WAIT_SECONDS = 15.0
_MIGRATION_WAIT_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.005
_LEAVE_SECONDS = 2.5
_ASK_AGAIN_SECONDS = 0.1


def open_existing(path: Path) -> Database | None:
    """Opens a state file for reading; changes nothing but the form of one that an older version made.

    Returns:
        The connection; `None` if there is no state file, or one whose creation was never finished.

    Raises:
        SessionUnusableError: It cannot be used (newer, damaged, unreadable, or older and held by a worker).
    """
    if not is_there(path):
        return open_or_create(path)[0] if has_state(path) else None
    check_local(path.parent)
    check_private_directory(path.parent)
    try:
        version = version_of(path)
        if version == 0:
            return None
        if version < VERSION:
            _migrate(path)
        return Database(path)
    except SessionUnusableError:
        if is_there(path):
            raise
        return None  # the session was removed in this moment


def _migrate(path: Path) -> None:
    """Brings a file of an older version into this program's form, under the worker lock.

    An older worker that holds the lock is asked to leave, and one of this version goes on with its downloads.
    """
    deadline = time.monotonic() + _MIGRATION_WAIT_SECONDS
    asked = False
    while (lock := try_lock(path.parent / LOCK_FILE)) is None:
        if not _is_older(path):
            break  # somebody else brought it into form: who works now is not to leave
        if time.monotonic() > deadline:
            raise SessionUnusableError(
                f"Session “{path.parent.name}” was written by an older tuidl, whose worker does not leave. Try "
                "again when it has ended."
            )
        _ask_worker_to_leave(path)
        asked = True
        time.sleep(_ASK_AGAIN_SECONDS)
    if lock is not None:
        try:
            create_or_migrate(path)
        finally:
            os.close(lock)
    if asked:
        _start_again(path)


def _start_again(path: Path) -> None:
    """Starts a worker in the place of one that was asked to leave, if there is work."""
    from tui_downloader.session.launch import launch  # late: reading needs no subprocess module

    database = Database(path)
    try:
        if downloads.has_work(database, held=worker_row.is_held(database)):
            launch(path.parent, database)
    finally:
        database.close()


def open_or_create(path: Path) -> tuple[Database, str | None]:
    """Opens a state file, making or migrating it under the worker lock where needed.

    Returns:
        The connection, and a sentence for the user if a damaged file was set aside.

    Raises:
        SessionUnusableError: It cannot be used, or somebody holds the lock for too long.
    """
    check_local(path.parent)
    create_private_directory(path.parent)
    deadline = time.monotonic() + _WAIT_SECONDS
    notice: str | None = None
    while not _usable(path):
        lock = try_lock(path.parent / LOCK_FILE)
        if lock is not None:
            from tui_downloader.state.mending import prepare  # late: few files are new, and fewer damaged

            try:
                mended = prepare(path)
            finally:
                os.close(lock)
            notice = mended.sentence if mended is not None else notice
        elif time.monotonic() > deadline:
            raise SessionUnusableError(
                f"Another program holds {path.parent / LOCK_FILE}; try again when it has ended."
            )
        else:
            if _is_older(path):
                _migrate(path)
            time.sleep(_LOOK_AGAIN_SECONDS)
            create_private_directory(path.parent)  # it may have been removed
    return Database(path), notice


def _usable(path: Path) -> bool:
    """Tells whether the file is there in this program's form; a damaged one is to be set aside."""
    try:
        return is_current(path)
    except DamagedStateFileError:
        return False


def _is_older(path: Path) -> bool:
    """Tells whether the file has the form of an older version."""
    try:
        return is_there(path) and 0 < version_of(path) < VERSION
    except DamagedStateFileError:
        return False


def mend(path: Path) -> str | None:
    """Replaces a state file that turned out to be damaged in use; the caller has no connection to it.

    A worker that still uses it is asked to leave; it goes on when it is started again.

    Returns:
        A sentence for the user if the file was replaced; `None` if it is sound, or somebody else replaced it.

    Raises:
        SessionUnusableError: It cannot be replaced, or its worker does not leave.
    """
    from tui_downloader.state import mending  # late: files are seldom damaged

    damaged: tuple[int, int] | None = None
    deadline = time.monotonic() + _LEAVE_SECONDS
    while (lock := try_lock(path.parent / LOCK_FILE)) is None:
        identity = file_identity(path)
        if identity is not None and identity != damaged:
            if mending.is_sound(path):
                return None  # somebody else replaced it: who works now is not to leave
            damaged = identity
        _ask_worker_to_leave(path)
        if time.monotonic() > deadline:
            raise SessionUnusableError(
                f"The state file {path} is damaged, and its worker does not leave. Try: tuidl stop"
            )
        time.sleep(_ASK_AGAIN_SECONDS)
    try:
        mended = mending.mend(path)
    finally:
        os.close(lock)
    return mended.sentence if mended is not None else None


def _ask_worker_to_leave(path: Path) -> None:
    """Asks whoever works on a damaged or older file to leave, as far as the file takes that."""
    with contextlib.suppress(SessionUnusableError):
        database = Database(path)
        try:
            instance = worker_row.read(database).instance
            if instance is not None:
                with database.transaction() as transaction:
                    worker_row.ask_to_retire(transaction, instance)
        finally:
            database.close()


def session_names(state_directory: Path | None = None) -> list[str]:
    """Returns the names of the sessions that were ever used, sorted; reads only.

    Raises:
        SessionUnusableError: The state directory cannot be read.
    """
    state = state_directory or paths.state_directory()
    names = paths.session_entries(state)
    return sorted(each for each in names if has_state(state / "sessions" / each / STATE_FILE))
