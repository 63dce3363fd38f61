"""Making and migrating the state file.

Owns what may only be done while holding the worker lock. Must never overwrite or delete a file it cannot read.
"""

from __future__ import annotations

import os
from pathlib import Path

from tui_downloader.errors import SessionUnusableError
from tui_downloader.paths import is_there
from tui_downloader.state.database import connect, version_of
from tui_downloader.state.failures import translated
from tui_downloader.state.schema import APPLICATION_ID, MIGRATIONS, VERSION


def is_current(path: Path) -> bool:
    """Tells whether a file is there and has this program's form; reads only.

    Raises:
        NewerStateFileError: Written by a newer version.
        DamagedStateFileError: Not a state file.
        SessionUnusableError: It cannot be read.
    """
    return is_there(path) and version_of(path) == VERSION


def create_or_migrate(path: Path) -> None:
    """Creates the file with mode 0600 if missing, then runs the migrations it lacks, all in one transaction.

    The caller holds the worker lock. Nobody ever sees a version between: it would be taken for an older program's.

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
            if version < VERSION:
                connection.executescript(
                    "\n".join(
                        [
                            "BEGIN IMMEDIATE;",
                            *MIGRATIONS[version:VERSION],
                            f"PRAGMA application_id = {APPLICATION_ID};",
                            f"PRAGMA user_version = {VERSION};",
                            "COMMIT;",
                        ]
                    )
                )
    finally:
        connection.close()
