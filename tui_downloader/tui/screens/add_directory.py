"""The directory of the Add form: is it there, may it be written, how much room is left.

Owns every touch of the disk that the form needs. Must run in a thread, never on the UI's.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.errors import InvalidDirectoryError
from tui_downloader.model.display_text import safe
from tui_downloader.model.request import checked_directory
from tui_downloader.paths import downloads_directory
from tui_downloader.tui.detail_words import tilde
from tui_downloader.tui.keys import named


@dataclass(frozen=True, slots=True)
class DirectoryCheck:
    """What was found out about a directory as typed."""

    typed: str
    """What the user typed."""
    directory: Path | None = None
    """The absolute directory; `None` if it cannot be used."""
    problem: str | None = None
    """Why it cannot be used, one sentence; `None` if it can."""
    can_create: bool = False
    """Whether it only needs to be created."""
    free_bytes: int | None = None
    """Free space for the user, in bytes; `None` if it is not known."""


def default_directory() -> str:
    """Returns the directory to begin with, as a user would type it: the downloads folder, else the current one."""
    return tilde(downloads_directory() or Path.cwd())


def check_directory(typed: str) -> DirectoryCheck:
    """Looks at a directory; creates nothing.

    Args:
        typed: What the user typed; `~` is the home directory.
    """
    if not typed.strip():
        return DirectoryCheck(typed, problem="Where to? Type a directory.")
    try:
        directory = checked_directory(typed.strip())
    except InvalidDirectoryError as error:
        if _can_create(typed):
            return DirectoryCheck(
                typed, problem=named("No such directory. Create it? {add-create}"), can_create=True
            )
        return DirectoryCheck(typed, problem=str(error))
    return DirectoryCheck(typed, directory, free_bytes=_free_bytes(directory))


def create_directory(typed: str) -> DirectoryCheck:
    """Creates a directory with its parents, then looks at it.

    Args:
        typed: What the user typed.
    """
    try:
        _path(typed).mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return DirectoryCheck(typed, problem=f"The directory cannot be created: {safe(reason)}.")
    return check_directory(typed)


def _path(typed: str) -> Path:
    return Path(typed.strip()).expanduser().absolute()


def _can_create(typed: str) -> bool:
    """Tells whether nothing stands at that place and the nearest directory above it may be written to."""
    try:
        path = _path(typed)
        if os.path.lexists(path):
            return False
        above = next(parent for parent in path.parents if os.path.lexists(parent))
        return above.is_dir() and os.access(above, os.W_OK | os.X_OK)
    except (OSError, ValueError, RuntimeError):
        return False


def _free_bytes(directory: Path) -> int | None:
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return None
