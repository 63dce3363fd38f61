"""Removing a whole session: its downloads, its part files, its state.

Owns the order: the worker removes the part files (only it touches them), then it leaves, then the state goes under
the worker lock. Finished files stay. Must never delete a file of the state directory that is not the session's.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from tui_downloader.errors import (
    NoSuchDownloadError,
    NoSuchSessionError,
    SessionBusyError,
    SessionUnusableError,
    StateFileLostError,
)
from tui_downloader.model.lifecycle import State
from tui_downloader.paths import LOCK_FILE, LOG_FILE, SCREEN_LOCK_FILE, STATE_FILE
from tui_downloader.session import children
from tui_downloader.session.overview import session_overview
from tui_downloader.session.session import Session
from tui_downloader.state.database import Database
from tui_downloader.state.worker_lock import try_lock

_IN_USE_SECONDS = 20.0
_PART_FILES_SECONDS = 60.0
_STOP_SECONDS = 15.0
_LOCK_SECONDS = 5.0
"""How long to wait for a lock that nobody has a reason to hold."""


def remove_session(identifier: str, *, state_directory: Path | None = None, force: bool = False) -> None:
    """Removes a session; blocks until it is gone.

    Args:
        identifier: Its name.
        state_directory: Where sessions lie; `None` is the usual place.
        force: Remove it even though downloads run.

    Raises:
        InvalidSessionNameError: It is no session name.
        NoSuchSessionError: There is no such session.
        SessionBusyError: Downloads run, and `force` was not given; nothing was changed.
        SessionUnusableError: It cannot be read, or its worker does not leave; its state is still there.
    """
    session = Session(identifier, state_directory=state_directory)
    if not session.exists():
        raise _no_session_error(identifier)
    deadline = time.monotonic() + _IN_USE_SECONDS
    try:
        while True:
            if not force:
                _check_nothing_runs(session)
            _remove_part_files(session)
            if not session.stop(timeout_seconds=_STOP_SECONDS) and session.worker_status().running:
                raise SessionUnusableError(
                    f"The worker of session “{identifier}” does not leave; more: tuidl doctor"
                )
            if _delete(session):
                return
            if time.monotonic() > deadline:
                raise SessionUnusableError(
                    f"Another program uses {session.directory}; try again when it has ended."
                )
    except StateFileLostError as error:
        raise _no_session_error(identifier) from error  # somebody else removed it meanwhile
    finally:
        session.close()


def _no_session_error(identifier: str) -> NoSuchSessionError:
    return NoSuchSessionError(f"There is no session “{identifier}”.")


def _check_nothing_runs(session: Session) -> None:
    """Refuses to remove a session in which downloads run."""
    overview = session_overview(session.identifier, session.directory.parents[1])
    if overview.error is not None:
        raise SessionUnusableError(overview.error)
    if overview.running:
        what = "1 download runs" if overview.running == 1 else f"{overview.running:,} downloads run"
        raise SessionBusyError(
            f"{what} in session “{session.identifier}”; nothing was removed. To remove it with what was received: "
            f"tuidl sessions remove {session.identifier} --force"
        )


def _unfinished(session: Session) -> list[int]:
    """Returns the downloads that may have a part file."""
    return [each.id for each in session.snapshots() if each.state is not State.COMPLETED]


def _remove_part_files(session: Session) -> None:
    """Has the worker remove what is not finished."""
    ids = _unfinished(session)
    if not ids:
        return
    with contextlib.suppress(NoSuchDownloadError):  # some were removed meanwhile
        session.remove(ids)
    if not children.wait_until(lambda: not session.find(ids), timeout_seconds=_PART_FILES_SECONDS):
        raise SessionUnusableError(
            f"The worker of session “{session.identifier}” did not remove what was received; more: tuidl doctor"
        )


def _delete(session: Session) -> bool:
    """Deletes the files of a session and its directory, while no worker can start and nobody can write.

    Returns:
        Whether it did: not if something was added meanwhile, or somebody else holds the lock.
    """
    directory = session.directory
    held: list[int] = []

    def lock() -> bool:
        descriptor = try_lock(directory / LOCK_FILE)
        held.extend([descriptor] if descriptor is not None else [])
        return descriptor is not None or bool(_unfinished(session))

    children.wait_until(lock, timeout_seconds=_LOCK_SECONDS)
    if not held:
        return False
    try:
        with contextlib.closing(Database(directory / STATE_FILE)) as database, database.writing():
            if _unfinished(session):
                return False
            for name in (STATE_FILE, LOG_FILE, SCREEN_LOCK_FILE, LOCK_FILE):
                for each in sorted(directory.glob(f"{name}*")):
                    each.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something of somebody else's is in it: that stays
            directory.rmdir()
    except OSError as error:
        raise SessionUnusableError(f"The session in {directory} cannot be removed: {error.strerror}.") from error
    finally:
        os.close(held[0])
    return True
