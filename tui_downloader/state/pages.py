"""The `downloads` table a page at a time, the newest rows first, and how many there are in each state.

Owns what is read before the first frame. Must never read all rows: the caller asks for page after page.
"""

from __future__ import annotations

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.state.database import Database
from tui_downloader.state.downloads import PRESENT
from tui_downloader.state.failures import damaged_error
from tui_downloader.state.rows import download_from

_AFTER_ALL = 2**63 - 1


def read_page(database: Database, *, before: int | None = None, limit: int) -> list[Download]:
    """Returns the newest rows that are there for the user, by id.

    Args:
        database: The connection.
        before: Only rows with lower ids; `None` begins at the newest.
        limit: At most so many.
    """
    rows = database.rows(
        f"SELECT * FROM downloads WHERE id < ? AND {PRESENT} ORDER BY id DESC LIMIT ?",  # noqa: S608 -- a constant
        (_AFTER_ALL if before is None else before, limit),
    )
    return [download_from(row) for row in reversed(rows)]


def count_states(database: Database) -> dict[State, int]:
    """Returns how many rows there are for the user in each state; states without any are left out."""
    rows = database.rows(f"SELECT state, count(*) FROM downloads WHERE {PRESENT} GROUP BY state")  # noqa: S608 -- a constant
    try:
        return {State(state): count for state, count in rows}
    except ValueError as error:
        raise damaged_error(database.path, str(error)) from error
