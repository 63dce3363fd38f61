"""What a state file no longer needs: old finished rows, and pages that hold nothing.

Owns which rows are old enough, and the rewriting of the file. Must never touch a downloaded file, nor take a row
away that somebody has not heard the end of.
"""

from __future__ import annotations

from tui_downloader.model.events import EventKind, NewEvent
from tui_downloader.state import journal
from tui_downloader.state.database import Database, Transaction

ROWS_AT_ONCE = 500
"""Most rows that one transaction takes away."""

WASTE_SHARE = 0.25
"""A file of which more holds nothing is rewritten."""
WASTE_PAGES = 256
"""A file in which fewer pages hold nothing is left as it is (1 MiB at SQLite's usual 4 KiB)."""

_HEARD = """(
    NOT EXISTS (SELECT 1 FROM clients)
    OR (SELECT max(cursor) FROM clients) >= coalesce(
        (SELECT max(sequence) FROM events WHERE download_id = downloads.id AND kind = 'finished'),
        (SELECT min(sequence) - 1 FROM events),
        0)
)"""
"""SQL: a client has acknowledged the end of it, or there is no client that ever acknowledges."""


def read_old(database: Database, *, before: float) -> dict[int, str]:
    """Returns the finished downloads that may leave, the oldest first: id to name; at most `ROWS_AT_ONCE`.

    Args:
        database: The connection.
        before: They finished before this instant, Unix seconds.
    """
    rows = database.rows(
        f"""SELECT id, filename FROM downloads
            WHERE state = 'completed' AND finished_at < ? AND removed_at IS NULL AND intent <> 'remove'
              AND intent_number <= acted_number AND (digest_algorithm IS NULL OR digest_value IS NOT NULL)
              AND {_HEARD}
            ORDER BY id LIMIT {ROWS_AT_ONCE}""",  # noqa: S608 -- constants of this module
        (before,),
    )
    return {row["id"]: row["filename"] for row in rows}


def forget(transaction: Transaction, old: dict[int, str], *, now: float) -> None:
    """Makes rows tombstones, with an event each that says why; what else is kept of them goes at once.

    Args:
        transaction: The writing transaction.
        old: From `read_old`; a row that got a verb since stays.
        now: The present, Unix seconds.
    """
    for download_id, name in old.items():
        changed = transaction.run(
            """UPDATE downloads SET removed_at = ?, revision = ?
               WHERE id = ? AND removed_at IS NULL AND intent <> 'remove' AND intent_number <= acted_number""",
            (now, transaction.revision, download_id),
        )
        if changed.rowcount:
            transaction.run("DELETE FROM exchanges WHERE download_id = ?", (download_id,))
            journal.append(transaction, download_id, NewEvent(EventKind.PRUNED, {"filename": name}), now=now)


def is_wasteful(database: Database) -> bool:
    """Tells whether so much of the file holds nothing that rewriting it is worth the time."""
    free: int = database.rows("PRAGMA freelist_count")[0][0]
    pages: int = database.rows("PRAGMA page_count")[0][0]
    return free > WASTE_PAGES and free > pages * WASTE_SHARE


def rewrite(database: Database) -> None:
    """Writes the file anew without what holds nothing, and shortens its log; readers go on meanwhile.

    Raises:
        SessionUnusableError: There is no room for it, or somebody writes.
    """
    database.run_once("VACUUM")
    database.run_once("PRAGMA wal_checkpoint(TRUNCATE)")
