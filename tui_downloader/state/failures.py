"""What SQLite says when it fails, in our words.

Owns the one place where its errors are translated, and which of them mean a damaged file. Must never open one.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tui_downloader.errors import DamagedStateFileError, SessionUnusableError
from tui_downloader.paths import is_read_only

_DAMAGE = frozenset(
    (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)
)
"""What it says of a damaged file; no statement of this package breaks a constraint by itself."""
_DAMAGE_WORDS = (
    *("no such table", "no such column", "no such index", "duplicate column", "malformed JSON"),
    *("Could not decode to UTF-8", "unsupported file format"),
)
"""How its complaints begin about what nothing here writes so."""


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors into sentences about the state file.

    Args:
        path: The state file, for the sentence.

    Raises:
        DamagedStateFileError: The file is no database, or is damaged.
        SessionUnusableError: It cannot be opened, read or written.
    """
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise translation(error, path) from error


def translation(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> SessionUnusableError:
    """Returns the error that says the same in a sentence about the state file."""
    if isinstance(error, UnicodeDecodeError):  # SQLite's own sentence quotes a damaged name
        return damaged_error(path, "it holds text that is none")
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if (
        primary in _DAMAGE
        or str(error).startswith(_DAMAGE_WORDS)
        or (
            code == sqlite3.SQLITE_READONLY and os.access(path, os.W_OK)  # the file itself says that it is
        )
    ):
        return damaged_error(path, str(error))
    if primary in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
        return SessionUnusableError(f"The state file {path} cannot be written ({error}).")
    if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return held_error(path, worker_pid=None)
    if primary == sqlite3.SQLITE_CANTOPEN and path.with_name(f"{path.name}-wal").is_dir():
        return damaged_error(path, "its log is a directory")
    if primary == sqlite3.SQLITE_CANTOPEN and is_read_only(path.parent):
        return SessionUnusableError(
            f"The state file {path} cannot be used: its file system is read-only. Another place: --state-dir DIR"
        )
    return SessionUnusableError(f"The state file {path} cannot be used ({error}).")


def held_error(path: Path, *, worker_pid: int | None) -> SessionUnusableError:
    """Builds the error about a file that somebody else is writing for too long.

    Args:
        path: The state file.
        worker_pid: The live worker's process id: it may be what hangs; `None` if there is none.
    """
    ending = "More: tuidl doctor"
    if worker_pid is not None:
        ending = f"If it stays so, end the worker, which loses nothing: kill -9 {worker_pid}"
    return SessionUnusableError(f"The state file {path} is held by another program. Try again. {ending}")


def damaged_error(path: Path, why: str) -> DamagedStateFileError:
    """Builds the error about a file that is no state file, or a damaged one."""
    return DamagedStateFileError(
        f"The state file {path} is damaged or is not a state file ({why}). Nothing was changed. "
        "Move it away, or use another session: tuidl -s NAME"
    )
