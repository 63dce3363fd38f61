"""The border, places: directories and sessions.

Owns looking at them. Must never make, lock for long or migrate anything.
"""

from __future__ import annotations

import os
from pathlib import Path

from tui_downloader import paths
from tui_downloader.doctor.facts import PlaceFacts, SessionFacts
from tui_downloader.errors import SessionUnusableError
from tui_downloader.session.launch import log_tail
from tui_downloader.session.overview import session_overviews
from tui_downloader.settings import Settings
from tui_downloader.state.file_system import file_system_of
from tui_downloader.state.worker_lock import try_lock


def state(directory: Path) -> PlaceFacts:
    """Looks at the state directory."""
    problem = None
    try:
        paths.check_private_directory(directory)
    except SessionUnusableError as error:
        problem = str(error)
    return _place(directory, file_system=file_system_of(directory), problem=problem)


def downloads(loaded: Settings) -> PlaceFacts:
    """Looks at where the screen saves."""
    chosen = Path(loaded.directory).expanduser() if loaded.directory else paths.downloads_directory()
    return _place(chosen or Path.cwd())


def sessions(state_directory: Path) -> tuple[SessionFacts, ...]:
    """Looks at every session."""
    try:
        overviews = session_overviews(state_directory)
    except SessionUnusableError as error:
        return (SessionFacts("*", str(error)),)
    found = []
    for each in overviews:
        lock = state_directory / "sessions" / each.session / paths.LOCK_FILE
        is_held = each.error is None and not each.worker_running and _is_locked(lock)
        left = 0 if each.worker_running or each.held else each.running
        found.append(
            SessionFacts(
                each.session,
                each.error,
                held_lock=lock if is_held else None,
                left=left,
                log_error=_error_of(log_tail(lock.parent)),
            )
        )
    return tuple(found)


def _error_of(line: str) -> str | None:
    """Returns the last line of a log if the worker did not leave in order: an error, or the end of a traceback."""
    return None if not line or " INFO " in line or " WARNING " in line else line


def _is_locked(lock: Path) -> bool:
    """Tells whether somebody holds a lock; it is taken for no longer than that takes."""
    if not lock.exists():
        return False
    try:
        descriptor = try_lock(lock)
    except SessionUnusableError:
        return False  # it cannot be opened: the session's own error says more
    if descriptor is not None:
        os.close(descriptor)
    return descriptor is None


def _place(path: Path, *, file_system: str | None = None, problem: str | None = None) -> PlaceFacts:
    """Looks at one directory, or at the nearest one above it that is there."""
    near = next((each for each in (path, *path.parents) if each.is_dir()), None)
    free = None
    if near is not None:
        try:
            status = os.statvfs(near)
            free = status.f_bavail * status.f_frsize
        except OSError:
            pass
    return PlaceFacts(
        path=path,
        is_there=near == path,
        is_writable=near is not None and os.access(near, os.W_OK | os.X_OK),
        free_bytes=free,
        file_system=file_system,
        problem=problem,
    )
