"""Making, migrating and setting aside the state file.

Owns what may only be done while holding the worker lock. Must never overwrite or delete a file it cannot read.
"""

from __future__ import annotations

import itertools
import os
import time
from pathlib import Path

from tui_downloader.errors import DamagedStateFileError, SessionUnusableError
from tui_downloader.paths import is_there
from tui_downloader.state.database import connect, translated, version_of
from tui_downloader.state.schema import APPLICATION_ID, MIGRATIONS, VERSION

_COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite adds to the name for the files that belong to a database."""


def is_current(path: Path) -> bool:
    """Tells whether a file is there and has this program's form; reads only.

    Raises:
        NewerStateFileError: Written by a newer version.
        DamagedStateFileError: Not a state file.
        SessionUnusableError: It cannot be read.
    """
    return is_there(path) and version_of(path) == VERSION


def prepare(path: Path) -> Path | None:
    """Makes the state file usable: creates or migrates it; a damaged one is set aside first.

    The caller holds the worker lock.

    Args:
        path: The state file; its directory exists.

    Returns:
        Where a damaged file was set aside; `None` if there was none.

    Raises:
        NewerStateFileError: Written by a newer version; left unmodified.
        SessionUnusableError: It cannot be created, or a directory stands in its place.
    """
    try:
        create_or_migrate(path)
    except DamagedStateFileError:
        if path.is_dir():
            raise
        aside = _set_aside(path)
        create_or_migrate(path)
        return aside
    return None


def create_or_migrate(path: Path) -> None:
    """Creates the file with mode 0600 if missing, then runs the migrations it lacks, each in a transaction.

    The caller holds the worker lock.

    Raises:
        NewerStateFileError: Written by a newer version; left unmodified.
        DamagedStateFileError: Not a state file; left unmodified.
        SessionUnusableError: It cannot be created or written.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise SessionUnusableError(f"The state file {path} cannot be created: {error.strerror}.") from error
    version = version_of(path)
    connection = connect(path)
    try:
        with translated(path):
            if version == 0:
                connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute("PRAGMA synchronous = FULL")
            for number in range(version, VERSION):
                connection.executescript(
                    f"BEGIN IMMEDIATE;\n{MIGRATIONS[number]}\n"
                    f"PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {number + 1};\nCOMMIT;"
                )
    finally:
        connection.close()


def _set_aside(path: Path) -> Path:
    """Renames a damaged file and what belongs to it; nothing of it is deleted."""
    aside = _free_name(path, stamp=time.strftime("%Y%m%d-%H%M%S"))
    for suffix in _COMPANIONS:
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(aside.with_name(aside.name + suffix))
    path.rename(aside)
    return aside


def _free_name(path: Path, *, stamp: str) -> Path:
    """Returns the first name for a damaged file that neither a former one nor what belonged to it has."""
    for number in itertools.count(1):
        aside = path.with_name(f"{path.name}.damaged-{stamp}{f'-{number}' if number > 1 else ''}")
        if not any(os.path.lexists(f"{aside}{suffix}") for suffix in ("", *_COMPANIONS)):
            return aside
    raise AssertionError("unreachable: there is always another number")
