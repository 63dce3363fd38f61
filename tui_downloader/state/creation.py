"""Making, migrating and setting aside the state file.

Owns what may only be done while holding the worker lock. Must never overwrite or delete a file it cannot read.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from tui_downloader.errors import DamagedStateFileError, SessionUnusableError
from tui_downloader.state.database import check_form, connect, translated
from tui_downloader.state.schema import APPLICATION_ID, MIGRATIONS, VERSION


def is_current(path: Path) -> bool:
    """Tells whether a file is there and has this program's form; reads only.

    Raises:
        NewerStateFileError: Written by a newer version.
        DamagedStateFileError: Not a state file.
    """
    if not path.exists():
        return False
    connection = connect(path)
    try:
        with translated(path):
            return check_form(connection, path) == VERSION
    finally:
        connection.close()


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
        _create_or_migrate(path)
    except DamagedStateFileError:
        if path.is_dir():
            raise
        aside = _set_aside(path)
        _create_or_migrate(path)
        return aside
    return None


def _create_or_migrate(path: Path) -> None:
    """Creates the file with mode 0600 if missing, then runs the migrations it lacks, each in a transaction."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        pass
    except OSError as error:
        raise SessionUnusableError(f"The state file {path} cannot be created: {error.strerror}.") from error
    connection = connect(path)
    try:
        with translated(path):
            version = check_form(connection, path)
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
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for suffix in ("-wal", "-shm", ""):
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(path.with_name(f"{path.name}.damaged-{stamp}{suffix}"))
    return path.with_name(f"{path.name}.damaged-{stamp}")
