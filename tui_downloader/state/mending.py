"""Replacing a damaged state file by a new one that holds what could be saved; the damaged one is kept aside.

Owns when that is done and in which order, so that a process killed in between loses nothing: the new file is
complete before the old one gives up its name. All of it only while holding the worker lock. Must never overwrite
or delete a file that cannot be read.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tui_downloader.errors import DamagedStateFileError, SessionUnusableError
from tui_downloader.paths import is_there, saved_name
from tui_downloader.state import downloads, journal, worker_row
from tui_downloader.state.creation import create_or_migrate
from tui_downloader.state.database import Database, version_of
from tui_downloader.state.salvage import Saved, salvage
from tui_downloader.state.schema import VERSION
from tui_downloader.state.work import work_from

_COMPANIONS = ("-wal", "-shm", "-journal")
"""What SQLite adds to the name for the files that belong to a database."""
_SOUND_ROWS = 500


class Mended(NamedTuple):
    """What was done about a damaged file."""

    aside: Path
    """Where the damaged one is kept."""
    saved: Saved
    """What was taken over from it."""

    @property
    def sentence(self) -> str:
        """Says it to the user and to the log."""
        saved = self.saved
        begun = f"The state file was damaged; it was kept as {self.aside}."
        if not saved.whole + saved.paused:
            return f"{begun} No download could be saved from it."
        words = [f"{_counted(saved.whole + saved.paused)} saved from it"]
        if saved.paused:
            words.append(f"{_counted(saved.paused)} paused, for what had come of it cannot be read")
        if saved.lost:
            words.append(f"{_counted(saved.lost)} lost")
        return f"{begun} {'; '.join(words)}."


def _counted(number: int) -> str:
    """Words a number of downloads with its verb."""
    return "1 download is" if number == 1 else f"{number:,} downloads are"


def prepare(path: Path) -> Mended | None:
    """Makes the state file usable: creates, migrates or, if it is damaged, replaces it.

    The caller holds the worker lock.

    Args:
        path: The state file; its directory exists.

    Returns:
        What was done about a damaged file; `None` if there was none.

    Raises:
        NewerStateFileError: Written by a newer version; left unmodified.
        SessionUnusableError: It cannot be created, or a damaged one cannot be replaced.
    """
    _finish_earlier(path)
    try:
        create_or_migrate(path)
    except DamagedStateFileError:
        return None if is_sound(path) else _replace(path)
    return None


def mend(path: Path) -> Mended | None:
    """Replaces a state file that turned out to be damaged while it was used, if it really is.

    The caller holds the worker lock and has no connection to the file.

    Returns:
        What was done; `None` if the file is sound, or is none any more.

    Raises:
        NewerStateFileError: Written by a newer version; left unmodified.
        SessionUnusableError: It cannot be read, or cannot be replaced.
    """
    mended = prepare(path)
    if mended is not None or is_sound(path):
        return mended
    return _replace(path)


def is_sound(path: Path) -> bool:
    """Tells whether SQLite finds nothing wrong and every row makes sense."""
    try:
        if version_of(path) != VERSION:
            return False
        database = Database(path)
        try:
            with database.writing():
                database.rows("UPDATE counter SET revision = revision RETURNING revision")  # taken back again
            if database.rows("PRAGMA integrity_check")[0][0] != "ok":
                return False
            worker_row.read(database)
            worker_row.read_control(database)
            downloads.read_revision(database)
            last = 0
            while rows := database.rows(
                "SELECT * FROM downloads WHERE id > ? ORDER BY id LIMIT ?", (last, _SOUND_ROWS)
            ):
                last = [work_from(row, boot_id="") for row in rows][-1].download.id
            last = 0
            while events := journal.read(database, after=last, limit=_SOUND_ROWS):
                last = events[-1].sequence
        finally:
            database.close()
    except DamagedStateFileError:
        return False
    return True


def _replace(path: Path) -> Mended:
    """Builds a new file from the damaged one, then lets it have the name."""
    building = path.with_name(f"{path.name}.building")
    aside = _free_name(path, stamp=time.strftime("%Y%m%d-%H%M%S"))
    try:
        _remove(building)
        create_or_migrate(building)
        with _writers_kept_out(path):
            saved = Saved(0, 0, 0) if path.is_dir() else salvage(path, building)
            building.rename(saved_name(path))
            path.rename(aside)
        _move_companions(path, aside)
        saved_name(path).rename(path)
    except OSError as error:
        raise SessionUnusableError(
            f"The state file {path} is damaged, and cannot be set aside: {error.strerror}."
        ) from error
    except SessionUnusableError as error:
        _remove(building)
        raise SessionUnusableError(
            f"The state file {path} is damaged, and no new one can be made: {error}"
        ) from error
    return Mended(aside, saved)


@contextlib.contextmanager
def _writers_kept_out(path: Path) -> Iterator[None]:
    """Lets nobody commit into a file that still takes it; who waits sees then that another one has the name."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(SessionUnusableError):
            database = Database(path)
            stack.callback(database.close)
            stack.enter_context(database.writing())
        yield


def _finish_earlier(path: Path) -> None:
    """Finishes what a killed process began: from the moment when the name is free, the new file is the one."""
    saved = saved_name(path)
    try:
        if not saved.exists():
            return
        if is_there(path):
            saved.unlink()  # killed before: the damaged one has its name still, and may have been written since
            return
        kept = [each for each in path.parent.glob(f"{path.name}.damaged-*") if not each.name.endswith(_COMPANIONS)]
        _move_companions(path, max(kept, key=lambda each: each.stat().st_ctime))
        saved.rename(path)
    except OSError as error:
        raise SessionUnusableError(f"The state file {path} cannot be used: {error.strerror}.") from error


def _remove(building: Path) -> None:
    """Removes what is left of a new file that was not finished."""
    for suffix in ("", *_COMPANIONS):
        Path(f"{building}{suffix}").unlink(missing_ok=True)


def _move_companions(path: Path, aside: Path) -> None:
    """Moves what belongs to the damaged file after it: SQLite would take its log for the new one's."""
    for suffix in _COMPANIONS:
        source = path.with_name(path.name + suffix)
        if source.exists():
            source.rename(aside.with_name(aside.name + suffix))


def _free_name(path: Path, *, stamp: str) -> Path:
    """Returns the first name for a damaged file that neither a former one nor what belonged to it has."""
    for number in itertools.count(1):
        aside = path.with_name(f"{path.name}.damaged-{stamp}{f'-{number}' if number > 1 else ''}")
        if not any(os.path.lexists(f"{aside}{suffix}") for suffix in ("", *_COMPANIONS)):
            return aside
    raise AssertionError("unreachable: there is always another number")
