"""Where state, settings, cache and downloads lie on each system.

Owns every place on disk but the downloads themselves. Must never create anything on import; the one function
that creates says so.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from tui_downloader.errors import InvalidSessionNameError, SessionUnusableError

APPLICATION = "tuidl"
"""Folder name below the system's state, config and cache directories."""

TERMINALS_FILE = "terminals.json"
"""Name of the file in the state directory that keeps what terminals said of themselves."""
THUMBNAILS = "thumbnails"
"""Folder of the state directory where thumbnails are kept, for all sessions."""
STATE_FILE = "state.sqlite3"
"""Name of the state file in a session's directory."""
LOG_FILE = "worker.log"
"""Name of the worker's log there."""
LOCK_FILE = "worker.lock"
"""Name of the worker's lock file there."""

SCREEN_LOCK_FILE = "screen.lock"
"""Name of the lock file there that open screens share."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def state_directory() -> Path:
    """Returns the state directory: `TUIDL_STATE_DIR`, else the system's user state directory."""
    chosen = os.environ.get("TUIDL_STATE_DIR")
    if chosen:
        return _named(chosen, "TUIDL_STATE_DIR")
    import platformdirs

    return _users(lambda: platformdirs.user_state_dir(APPLICATION, appauthor=False), or_else="TUIDL_STATE_DIR")


def settings_file() -> Path:
    """Returns the settings file: `TUIDL_CONFIG`, else `settings.toml` in the user's config directory."""
    chosen = os.environ.get("TUIDL_CONFIG")
    if chosen:
        return _named(chosen, "TUIDL_CONFIG")
    import platformdirs

    directory = _users(lambda: platformdirs.user_config_dir(APPLICATION, appauthor=False), or_else="TUIDL_CONFIG")
    return directory / "settings.toml"


def cache_directory() -> Path:
    """Returns the directory for what can be made again (the demo's pictures)."""
    import platformdirs

    return _users(lambda: platformdirs.user_cache_dir(APPLICATION, appauthor=False), or_else="XDG_CACHE_HOME")


def downloads_directory() -> Path | None:
    """Returns the user's downloads folder, or `None` if there is none."""
    import platformdirs

    try:
        folder = Path(platformdirs.user_downloads_dir())
    except RuntimeError:
        return None  # nobody's home
    return folder if folder.is_dir() else None


def _named(text: str, variable: str) -> Path:
    """Returns a path from the environment.

    Raises:
        SessionUnusableError: It begins with a home directory that there is none of.
    """
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise SessionUnusableError(f"{variable} names a home directory that does not exist: {text!r}.") from error


def _users(find: Callable[[], str], *, or_else: str) -> Path:
    """Returns a directory of the user's, as the system has it.

    Raises:
        SessionUnusableError: There is no home directory; `or_else` is the variable that does without.
    """
    try:
        directory = Path(find())
    except RuntimeError:
        directory = Path()
    if not directory.is_absolute():
        raise SessionUnusableError(f"There is no home directory here: set HOME, or {or_else}.")
    return directory


def checked_identifier(identifier: str) -> str:
    """Checks a session's name.

    Args:
        identifier: What the user typed.

    Returns:
        The same name.

    Raises:
        InvalidSessionNameError: It has other characters, is too long or ends with a dot.
    """
    if not _IDENTIFIER.fullmatch(identifier) or identifier.endswith("."):
        raise InvalidSessionNameError(
            f"{identifier!r} cannot be a session name: 1 to 64 letters, digits, dots, dashes and underscores, "
            "beginning with a letter or digit and not ending with a dot."
        )
    return identifier


def session_directory(state: Path, identifier: str) -> Path:
    """Returns the directory of one session; one that differs by case is refused.

    Raises:
        InvalidSessionNameError: It is not a session name, or differs from an existing one by case.
        SessionUnusableError: The state directory cannot be read.
    """
    sessions = state / "sessions"
    checked_identifier(identifier)
    if not is_there(sessions / identifier):
        entries = session_entries(state)
        for entry in entries if identifier not in entries else []:  # else somebody has just made it
            if entry.casefold() == identifier.casefold():
                raise InvalidSessionNameError(
                    f"Session “{entry}” exists already; names that differ only in case are one session: "
                    f"tuidl -s {entry}"
                )
    return sessions / identifier


def session_entries(state: Path) -> list[str]:
    """Returns the names in the directory of all sessions; empty if there is no such directory.

    Raises:
        SessionUnusableError: It cannot be read.
    """
    sessions = state / "sessions"
    try:
        return os.listdir(sessions)  # noqa: PTH208 -- plain names are all that is needed
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise SessionUnusableError(f"The directory {sessions} cannot be read: {error.strerror}.") from error


def file_identity(path: Path) -> tuple[int, int] | None:
    """Returns device and inode of a file without opening it; `None` if it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def saved_name(state_file: Path) -> Path:
    """Returns where a new state file waits, complete, until the damaged one has given up its name."""
    return state_file.with_name(f"{state_file.name}.saved")


def has_state(state_file: Path) -> bool:
    """Tells whether a session was ever used: its state file is there, or waits for its name.

    Raises:
        SessionUnusableError: It cannot be told.
    """
    return is_there(state_file) or is_there(saved_name(state_file))


def is_read_only(path: Path) -> bool:
    """Tells whether what is there lies on a file system that takes no writes."""
    with contextlib.suppress(OSError, AttributeError):
        return bool(os.statvfs(path).f_flag & getattr(os, "ST_RDONLY", 1))
    return False


def is_there(path: Path) -> bool:
    """Tells whether something has that name, links followed.

    Raises:
        SessionUnusableError: It cannot be told: a directory on the way is closed to us, a link leads in a circle.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise SessionUnusableError(f"{path} cannot be looked at: {error.strerror}.") from error
    return True


def create_private_directory(directory: Path) -> None:
    """Creates a directory and its parents with mode 0700, and checks that nobody else can change what is in it.

    Raises:
        SessionUnusableError: It cannot be created, is not a directory, or others can write to it or to a directory
            on the way to it.
    """
    try:
        for missing in reversed([each for each in (directory, *directory.parents) if not each.exists()]):
            missing.mkdir(exist_ok=True, mode=0o700)
        status = directory.stat()
        if os.name == "posix" and status.st_uid == os.geteuid() and stat.S_IMODE(status.st_mode) & 0o077:
            directory.chmod(0o700)
    except OSError as error:
        raise SessionUnusableError(f"The directory {directory} cannot be used: {error.strerror}.") from error
    check_private_directory(directory)


def check_private_directory(directory: Path) -> None:
    """Checks that nobody else can replace or add anything in a directory, nor replace the directory itself.

    Whoever can write to a directory on the way could put another one in its place. A sticky one is no such danger:
    there everybody changes only what is his own, and what is on the way must be ours or the system's. A directory
    of the user's own that is open is closed by `create_private_directory` before it is written to.

    Args:
        directory: What is there of it and of its parents is looked at; links are followed first.

    Raises:
        SessionUnusableError: Others can.
    """
    if os.name != "posix":
        return
    place = directory.resolve()
    for each in (place, *place.parents):
        try:
            status = each.stat()
        except OSError:
            continue  # not there, or closed to us: the error of using it tells more
        if each == place:
            is_open = status.st_uid != os.geteuid() and _is_open_to_others(status)
        else:
            is_open = not status.st_mode & stat.S_ISVTX and _is_open_to_others(status)
        if is_open or is_somebody_elses(status):
            raise SessionUnusableError(
                f"The directory {each} can be written to by others; nothing is kept in {directory}. "
                "Take that right away, or name another place: --state-dir, TUIDL_STATE_DIR"
            )


def is_somebody_elses(status: os.stat_result) -> bool:
    """Tells whether neither the user nor the system owns a file; root trusts any owner: containers mount such."""
    return os.name == "posix" and os.geteuid() not in {0, status.st_uid} and status.st_uid != 0


def _is_open_to_others(status: os.stat_result) -> bool:
    """Tells whether a directory's rights let others change it; a group of the user's own counts as the user."""
    by_group = bool(status.st_mode & stat.S_IWGRP) and status.st_gid not in {os.getegid(), 0}
    return by_group or bool(status.st_mode & stat.S_IWOTH)
