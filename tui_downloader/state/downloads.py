"""The `downloads` table: the front ends' half (intents) and the worker's half (what is true).

Owns every statement on the table. Each function names its columns; none writes a column of the other side. The
INSERT sets the first state.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import Request
from tui_downloader.state.database import Database, SqlValue, Transaction
from tui_downloader.state.rows import download_from, unreadable_error

WORKER_COLUMNS = frozenset(
    {
        "acted_number",
        "state",
        "reason",
        "error",
        "http_status",
        "retry_at",
        "retry_delay_seconds",
        "waiting_since",
        "filename",
        "media_type",
        "part_path",
        "entity_tag",
        "last_modified",
        "response_date",
        "final_url",
        "device",
        "inode",
        "bytes_received",
        "bytes_expected",
        "received",
        "synced",
        "boot_id",
        "bytes_per_second",
        "connections",
        "resumable",
        "attempt",
        "restarts",
        "failures",
        "high_water",
        "progress_at",
        "redirects",
        "final_host",
        "digest_algorithm",
        "digest_value",
        "digest_source",
        "digest_verified",
        "started_at",
        "finished_at",
        "removed_at",
    }
)
"""The columns that only the worker updates."""

_IDS_AT_ONCE = 500
PRESENT = "intent <> 'remove' AND removed_at IS NULL"
"""SQL: it is there for the user."""
UNFINISHED = f"state <> 'completed' AND {PRESENT}"
"""SQL: it may still get further."""
NEW_VERB = "intent_number > acted_number"
"""SQL: a verb was not acted on yet."""
WORK = (
    f"({NEW_VERB} OR (intent = 'run' AND state IN "
    "('queued', 'connecting', 'transferring', 'verifying', 'waiting')))"
)
"""SQL: the worker has something to do."""


# ----------------------------------------------------------------------------------------------- front ends' half


def insert(transaction: Transaction, request: Request, *, now: float) -> int:
    """Adds a row; returns its id."""
    intent, state = (Intent.PAUSE, State.PAUSED) if request.paused else (Intent.RUN, State.QUEUED)
    cursor = transaction.run(
        """INSERT INTO downloads (revision, url, directory, requested_name, fields, connections_max,
               bytes_per_second_max, allow_insecure, allow_private, added_at, added_by, intent, intent_number,
               acted_number, state, checksum_algorithm, checksum_value, checksum_url)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)""",
        (
            transaction.revision,
            request.url,
            str(request.directory),
            request.filename,
            json.dumps(request.fields),
            request.connections_max,
            request.bytes_per_second_max,
            int(request.allow_insecure),
            int(request.allow_private),
            now,
            request.added_by,
            intent.value,
            1 if request.paused else 0,
            state.value,
            request.checksum[0] if request.checksum else None,
            request.checksum[1] if request.checksum else None,
            request.checksum_url,
        ),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def find_unfinished(transaction: Transaction, request: Request) -> Download | None:
    """Returns the unfinished download of the same URL in the same directory, or `None`."""
    rows = transaction.rows(
        f"SELECT * FROM downloads WHERE url = ? AND directory = ? AND {UNFINISHED} ORDER BY id LIMIT 1",  # noqa: S608 -- a constant of this module
        (request.url, str(request.directory)),
    )
    return download_from(rows[0]) if rows else None


def set_intent(
    transaction: Transaction,
    download_id: int,
    intent: Intent,
    *,
    url: str | None = None,
    delete_file: bool = False,
) -> bool:
    """Writes a verb: the intent and its number; a removal is final, but may still be asked to take the file along.

    Args:
        transaction: The writing transaction.
        download_id: Which row.
        intent: What the user wants.
        url: A new URL for the same file; `None` keeps the old one.
        delete_file: With remove: delete the finished file too.

    Returns:
        Whether there is such a row (one already being removed counts).
    """
    changed = transaction.run(
        """UPDATE downloads SET intent = ?, intent_number = intent_number + 1, revision = ?,
               url = coalesce(?, url), delete_file = ?
           WHERE id = ? AND removed_at IS NULL AND (intent <> 'remove' OR (? = 'remove' AND ? > delete_file))""",
        (intent.value, transaction.revision, url, int(delete_file), download_id, intent.value, int(delete_file)),
    )
    if changed.rowcount:
        return True
    return bool(
        transaction.rows("SELECT 1 FROM downloads WHERE id = ? AND removed_at IS NULL", (download_id,))
        and intent is Intent.REMOVE
    )


def set_limit(transaction: Transaction, download_id: int, bytes_per_second: int | None) -> bool:
    """Writes a download's own speed limit.

    Args:
        transaction: The writing transaction.
        download_id: Which row.
        bytes_per_second: At least 1; `None` is no limit of its own.

    Returns:
        Whether there is such a row (one being removed does not count).
    """
    return bool(_adjust(transaction, download_id, "bytes_per_second_max", bytes_per_second))


def set_queue_place(transaction: Transaction, download_id: int, place: int) -> None:
    """Writes a download's place in the queue; `queue_order` decides which."""
    _adjust(transaction, download_id, "queue_place", place)


def _adjust(transaction: Transaction, download_id: int, column: str, value: int | None) -> int:
    """Writes what changes without a verb, and says so to the worker; returns how many rows there were."""
    transaction.run("UPDATE control SET adjusted = ?", (transaction.revision,))
    return transaction.run(
        f"UPDATE downloads SET {column} = ?, revision = ? WHERE id = ? AND {PRESENT}",  # noqa: S608 -- names of this module
        (value, transaction.revision, download_id),
    ).rowcount


# ------------------------------------------------------------------------------------------------------- readers


def read_all(database: Database) -> list[Download]:
    """Returns all rows but tombstones, by id."""
    return [
        download_from(row) for row in database.rows("SELECT * FROM downloads WHERE removed_at IS NULL ORDER BY id")
    ]


def read_one(database: Database, download_id: int) -> Download | None:
    """Returns one row; `None` if there is none or it was removed."""
    rows = database.rows("SELECT * FROM downloads WHERE id = ? AND removed_at IS NULL", (download_id,))
    return download_from(rows[0]) if rows else None


def read_received(database: Database, download_id: int) -> RangeSet:
    """Returns which bytes of a download are on disk; none if it is not there.

    Raises:
        DamagedStateFileError: The row makes no sense.
    """
    rows = database.rows("SELECT received FROM downloads WHERE id = ?", (download_id,))
    try:
        return RangeSet.parse(rows[0]["received"]) if rows else RangeSet()
    except (ValueError, TypeError) as error:
        raise unreadable_error({"id": download_id}) from error


def read_some(database: Database, ids: Sequence[int]) -> list[Download]:
    """Returns the rows with these ids that are there, removed ones left out, in no order."""
    found: list[Download] = []
    for begin in range(0, len(ids), _IDS_AT_ONCE):
        part = ids[begin : begin + _IDS_AT_ONCE]
        marks = ", ".join("?" * len(part))
        rows = database.rows(f"SELECT * FROM downloads WHERE removed_at IS NULL AND id IN ({marks})", part)  # noqa: S608 -- question marks only
        found += [download_from(row) for row in rows]
    return found


def read_of_urls(database: Database, urls: Sequence[str]) -> list[Download]:
    """Returns the rows that were added with one of these URLs, removed ones left out, by id."""
    found: list[Download] = []
    for begin in range(0, len(urls), _IDS_AT_ONCE):
        part = urls[begin : begin + _IDS_AT_ONCE]
        marks = ", ".join("?" * len(part))
        rows = database.rows(f"SELECT * FROM downloads WHERE {PRESENT} AND url IN ({marks})", part)  # noqa: S608 -- question marks and a constant
        found += [download_from(row) for row in rows]
    return sorted(found, key=lambda each: each.id)


def missing_of(transaction: Transaction, ids: Sequence[int]) -> list[int]:
    """Returns those of the ids that are not there, or are being removed."""
    return [
        each
        for each in ids
        if not transaction.rows(f"SELECT 1 FROM downloads WHERE id = ? AND {PRESENT}", (each,))  # noqa: S608 -- a constant of this module
    ]


def read_newer(database: Database, revision: int) -> list[Download]:
    """Returns the rows written after a revision, tombstones included, by id."""
    by_revision = "INDEXED BY downloads_by_revision" if revision else ""  # SQLite would go through all rows by id
    sql = f"SELECT * FROM downloads {by_revision} WHERE revision > ? ORDER BY id"  # noqa: S608 -- a constant
    return [download_from(row) for row in database.rows(sql, (revision,))]


def read_revision(database: Database) -> int:
    """Returns the last revision given out."""
    revision: int = database.row("SELECT revision FROM counter")[0]
    return revision


# -------------------------------------------------------------------------------------------------- worker's half


def has_work(reader: Database | Transaction, *, held: bool) -> bool:
    """Tells whether any row has work; under a hold only verbs not yet acted on count.

    Args:
        reader: The retiring worker asks inside its writing transaction, so that no verb slips by.
        held: Whether the session is held.
    """
    work = NEW_VERB if held else WORK
    return bool(reader.rows(f"SELECT 1 FROM downloads WHERE {work} LIMIT 1"))  # noqa: S608 -- constants of this module


def update(transaction: Transaction, download_id: int, columns: Mapping[str, SqlValue]) -> None:
    """Writes what is true of a download.

    Args:
        transaction: The writing transaction.
        download_id: Which row.
        columns: Worker columns and their new values.

    Raises:
        ValueError: A column is not the worker's.
    """
    transaction.run(_update(tuple(columns)), (transaction.revision, *columns.values(), download_id))


@functools.lru_cache(maxsize=64)
def _update(names: tuple[str, ...]) -> str:
    """Builds the statement that writes worker columns; there are as many as kinds of facts."""
    foreign = set(names) - WORKER_COLUMNS
    if foreign:
        raise ValueError(f"not the worker's columns: {sorted(foreign)}")
    assignments = "".join(f", {name} = ?" for name in names)
    return f"UPDATE downloads SET revision = ?{assignments} WHERE id = ?"  # noqa: S608 -- names are checked above


def taken_names(database: Database, directory: str, *, but: int) -> Sequence[str]:
    """Returns the names that other unfinished downloads of the session hold in a directory."""
    rows = database.rows(
        f"SELECT filename FROM downloads WHERE directory = ? AND id <> ? AND {UNFINISHED} AND filename <> ''",  # noqa: S608 -- a constant of this module
        (directory, but),
    )
    return [row["filename"] for row in rows]


def prune_tombstones(transaction: Transaction, *, before: float) -> None:
    """Deletes the tombstones of removals before an instant (Unix seconds)."""
    transaction.run("DELETE FROM downloads WHERE removed_at < ?", (before,))
