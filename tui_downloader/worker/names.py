"""Which file name a download gets: free on disk and not promised to another download of the session.

Owns the choice among `name`, `name (1)`, … Must never create anything: the reservation is the committed row.
"""

from __future__ import annotations

import functools
import itertools
import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from tui_downloader.model.resume import ResumeData
from tui_downloader.protocol.filename import numbered

PART_SUFFIX = ".part"
"""Ends the name of a part file."""


def choose(directory: Path, wanted: str, *, taken: Iterable[str]) -> str:
    """Returns the first alternative of a safe name that nothing has.

    Args:
        directory: Where the file ends.
        wanted: The safe name.
        taken: Names promised to other downloads; compared without case and normal form, as some file systems do.
    """
    promised = {_key(each) for each in taken}
    for number in itertools.count():
        name = numbered(wanted, number) if number else wanted
        if _key(name) not in promised and not os.path.lexists(os.path.join(directory, name)):  # noqa: PTH118 -- a fifth of the time
            return name
    raise AssertionError("unreachable: there is always another number")


def choose_part(directory: Path, filename: str, *, skip: int = 0) -> Path:
    """Returns the first part file name that nothing has, out of `name.part`, `name.part1` and so on.

    Args:
        directory: Where the file ends.
        filename: Its final name.
        skip: How many free names to pass over (they turned out to be taken after all).
    """
    for number in itertools.count():
        path = directory / f"{filename}{PART_SUFFIX}{number or ''}"
        if not os.path.lexists(path):
            if skip == 0:
                return path
            skip -= 1
    raise AssertionError("unreachable: there is always another number")


@functools.lru_cache(maxsize=1024)
def keep_part(left: ResumeData | None, directory: Path) -> Path | None:
    """Returns the part file name of an earlier attempt, where the next one can have it; `None` where it cannot.

    It is free again when that part file was set aside, and still ours when a killed attempt had no time to record
    which file it is. Kept whatever the final name is now: what was set aside lies beside it, and goes with it.
    """
    if left is None or left.part_path.parent != directory:
        return None
    return left.part_path if left.inode is None or not os.path.lexists(left.part_path) else None


def _key(name: str) -> str:
    """Returns what is equal for names that some file system takes for the same.

    Decomposed before and after (Unicode's canonical caseless match, D145): folding takes some letters apart.
    """
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())
