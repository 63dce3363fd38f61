"""Counts over a whole state file, read without changing it.

Owns the one reading that older forms allow too: it names columns of the first version only.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from tui_downloader.model.lifecycle import SETTLED_STATES
from tui_downloader.state import journal, worker_row
from tui_downloader.state.database import Database, version_of
from tui_downloader.state.downloads import PRESENT
from tui_downloader.state.worker_row import WorkerStatus

_SETTLED = ", ".join(f"'{each.value}'" for each in sorted(SETTLED_STATES))
_END = 2**63 - 1


class Overview(NamedTuple):
    """How much is in a session."""

    downloads: int
    """Rows that are there."""
    unfinished: int
    """Those that have not completed, failed or been cancelled."""
    running: int
    """Those of them that are meant to run and are not at rest."""
    unread: int
    """Outcomes behind the inbox's mark."""
    worker: WorkerStatus
    """The worker now."""


def read_overview(path: Path, *, inbox: str) -> Overview:
    """Counts what is in a state file.

    Args:
        path: The state file.
        inbox: The client whose cursor is the inbox's mark.

    Raises:
        SessionUnusableError: It cannot be read (newer, damaged, gone).
    """
    if version_of(path) == 0:
        return Overview(0, 0, 0, 0, WorkerStatus(running=False, pid=None, held=False))
    database = Database(path, read_only=True)
    try:
        with database.snapshot():
            downloads, unfinished, running = database.rows(
                f"""SELECT count(*), count(*) FILTER (WHERE state NOT IN ({_SETTLED})),
                           count(*) FILTER (WHERE state NOT IN ({_SETTLED}, 'paused') AND intent = 'run')
                    FROM downloads WHERE {PRESENT}"""  # noqa: S608 -- constants
            )[0]
            mark = journal.cursor(database, inbox)
            unread = journal.count_outcomes(database, after=mark, up_to=_END)
            return Overview(downloads, unfinished, running, unread, worker_row.status(database))
    finally:
        database.close()
