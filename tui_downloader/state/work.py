"""The `downloads` table as the worker reads it: rows with everything a transfer needs, secrets included.

Owns those queries. Apart from `downloads`, so that a front end that only lists does not load it.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from pathlib import Path
from typing import TypedDict

from tui_downloader.model.lifecycle import Intent
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import Request
from tui_downloader.model.resume import ResumeData, Work
from tui_downloader.state.database import Database, Transaction
from tui_downloader.state.downloads import NEW_VERB, WORK
from tui_downloader.state.rows import Columns, columns_of, download_from, path_from, unreadable_error

_NEW = f"{NEW_VERB} AND intent = 'run' AND state = 'queued' AND attempt = 0"
"""SQL: it was added, or put back among what was never begun: nothing of it begins anew."""


class _OwnHalf(TypedDict):
    """Fields of `Work` that come from the worker's columns."""

    resume_data: ResumeData | None
    retry_delay_seconds: float | None
    failures: int
    progress_at: float | None
    high_water: int


def read_work(database: Database, *, boot_id: str) -> list[Work]:
    """Returns every row with work, by id."""
    rows = database.rows(f"SELECT * FROM downloads WHERE {WORK} ORDER BY id")  # noqa: S608 -- a constant of this module
    return [work_from(row, boot_id=boot_id) for row in rows]


def read_new_verbs(database: Database, *, boot_id: str) -> list[Work]:
    """Returns the rows with a verb that was not acted on yet, by id."""
    rows = database.rows(f"SELECT * FROM downloads WHERE {NEW_VERB} ORDER BY id")  # noqa: S608 -- a constant of this module
    return [work_from(row, boot_id=boot_id) for row in rows]


def has_new(database: Database) -> bool:
    """Tells whether rows were added that the worker has not heard of yet."""
    return bool(database.rows(f"SELECT 1 FROM downloads WHERE {_NEW} LIMIT 1"))  # noqa: S608 -- a constant of this module


def take_new(transaction: Transaction, *, boot_id: str) -> list[Work]:
    """Says of all rows that were added and wait for their turn that they need nothing more until then.

    Returns:
        Those rows, by id.
    """
    rows = transaction.rows(
        f"UPDATE downloads SET acted_number = intent_number, revision = ? WHERE {_NEW} RETURNING *",  # noqa: S608 -- a constant of this module
        (transaction.revision,),
    )
    return sorted((work_from(row, boot_id=boot_id) for row in rows), key=lambda work: work.download.id)


def read_adjusted(database: Database, *, after: int, boot_id: str) -> list[Work]:
    """Returns the rows with work that were written after a revision, by id; for one that a limit or a move wrote.

    Args:
        database: The connection.
        after: The revision of the last look: what was written since is little, however much there is.
        boot_id: The running system's.
    """
    rows = database.rows(
        f"SELECT * FROM downloads INDEXED BY downloads_by_revision WHERE revision > ? AND {WORK} ORDER BY id",  # noqa: S608 -- a constant of this module
        (after,),
    )
    return [work_from(row, boot_id=boot_id) for row in rows]


def read_owed(database: Database) -> list[tuple[int, Path]]:
    """Returns id and path of the finished files whose digest an earlier worker did not get to."""
    rows = database.rows(
        "SELECT id, directory, filename FROM downloads WHERE digest_algorithm IS NOT NULL "
        "AND digest_value IS NULL AND state = 'completed' AND removed_at IS NULL"
    )
    return [(row["id"], Path(row["directory"], row["filename"])) for row in rows]


def read_work_of(reader: Database | Transaction, download_id: int, *, boot_id: str) -> Work | None:
    """Returns one row as work; `None` if there is none."""
    rows = reader.rows("SELECT * FROM downloads WHERE id = ?", (download_id,))
    return work_from(rows[0], boot_id=boot_id) if rows else None


def rewritten(work: Work, columns: Columns, *, boot_id: str) -> Work:
    """Reads a row again of which only the worker's half has changed."""
    return dataclasses.replace(work, download=download_from(columns), **_own_half(columns, boot_id=boot_id))


def work_from(row: sqlite3.Row | Columns, *, boot_id: str) -> Work:
    """Reads a row as the worker's work.

    Args:
        row: All columns.
        boot_id: The running system's; bytes written in another boot are trusted only if they were synced.

    Raises:
        DamagedStateFileError: It makes no sense.
    """
    columns = columns_of(row) if isinstance(row, sqlite3.Row) else row
    try:
        return _work_from(columns, boot_id=boot_id)
    except (ValueError, TypeError) as error:
        raise unreadable_error(columns) from error


def _work_from(columns: Columns, *, boot_id: str) -> Work:
    """Reads a row, whose words may be unknown."""
    algorithm, value = columns["checksum_algorithm"], columns["checksum_value"]
    return Work(
        download=download_from(columns),
        request=Request(
            url=columns["url"],
            directory=path_from(columns["directory"]),
            filename=columns["requested_name"],
            fields=tuple((name, value) for name, value in json.loads(columns["fields"])),
            connections_max=columns["connections_max"],
            bytes_per_second_max=columns["bytes_per_second_max"],
            paused=columns["intent"] == Intent.PAUSE,
            allow_insecure=bool(columns["allow_insecure"]),
            allow_private=bool(columns["allow_private"]),
            added_by=columns["added_by"],
            checksum=(algorithm, value) if value else None,
            checksum_url=columns["checksum_url"],
        ),
        delete_file=bool(columns["delete_file"]),
        **_own_half(columns, boot_id=boot_id),
    )


def _own_half(columns: Columns, *, boot_id: str) -> _OwnHalf:
    """Reads what only the worker writes, beside the snapshot."""
    return {
        "resume_data": _resume_data_from(columns, boot_id=boot_id),
        "retry_delay_seconds": columns["retry_delay_seconds"],
        "failures": columns["failures"],
        "progress_at": columns["progress_at"],
        "high_water": columns["high_water"],
    }


def _resume_data_from(columns: Columns, *, boot_id: str) -> ResumeData | None:
    """Reads the columns that lead back to the part file."""
    if columns["part_path"] is None:
        return None
    same_boot = columns["boot_id"] == boot_id
    trusted = columns["received"] if same_boot else columns["synced"]
    return ResumeData(
        part_path=path_from(columns["part_path"]),
        received=RangeSet.parse(trusted),
        synced=RangeSet.parse(columns["synced"]),
        complete_length=columns["bytes_expected"],
        entity_tag=columns["entity_tag"],
        last_modified=columns["last_modified"],
        date=columns["response_date"],
        final_url=columns["final_url"],
        device=columns["device"] if same_boot else None,
        inode=columns["inode"],
    )
