"""The `downloads` table as the worker reads it: rows with everything a transfer needs, secrets included.

Owns those queries. Apart from `downloads`, so that a front end that only lists does not load it.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tui_downloader.model.lifecycle import Intent
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import Request
from tui_downloader.model.resume import ResumeData, Work
from tui_downloader.state.database import Database, Transaction
from tui_downloader.state.downloads import NEW_VERB, WORK
from tui_downloader.state.rows import download_from


def read_work(database: Database, *, boot_id: str) -> list[Work]:
    """Returns every row with work, by id."""
    rows = database.rows(f"SELECT * FROM downloads WHERE {WORK} ORDER BY id")  # noqa: S608 -- a constant of this module
    return [work_from(row, boot_id=boot_id) for row in rows]


def read_new_verbs(database: Database, *, boot_id: str) -> list[Work]:
    """Returns the rows with a verb that was not acted on yet, by id."""
    rows = database.rows(f"SELECT * FROM downloads WHERE {NEW_VERB} ORDER BY id")  # noqa: S608 -- a constant of this module
    return [work_from(row, boot_id=boot_id) for row in rows]


def read_work_of(reader: Database | Transaction, download_id: int, *, boot_id: str) -> Work | None:
    """Returns one row as work; `None` if there is none."""
    rows = reader.rows("SELECT * FROM downloads WHERE id = ?", (download_id,))
    return work_from(rows[0], boot_id=boot_id) if rows else None


def work_from(row: sqlite3.Row, *, boot_id: str) -> Work:
    """Reads a row as the worker's work.

    Args:
        row: All columns.
        boot_id: The running system's; bytes written in another boot are trusted only if they were synced.
    """
    return Work(
        download=download_from(row),
        request=Request(
            url=row["url"],
            directory=Path(row["directory"]),
            filename=row["requested_name"],
            fields=tuple((name, value) for name, value in json.loads(row["fields"])),
            connections_max=row["connections_max"],
            bytes_per_second_max=row["bytes_per_second_max"],
            paused=row["intent"] == Intent.PAUSE,
            allow_insecure=bool(row["allow_insecure"]),
            allow_private=bool(row["allow_private"]),
            added_by=row["added_by"],
            checksum=(row["checksum_algorithm"], row["checksum_value"]) if row["checksum_value"] else None,
            checksum_url=row["checksum_url"],
        ),
        resume_data=_resume_data_from(row, boot_id=boot_id),
        retry_delay_seconds=row["retry_delay_seconds"],
        failures=row["failures"],
        progress_at=row["progress_at"],
        high_water=row["high_water"],
        delete_file=bool(row["delete_file"]),
    )


def _resume_data_from(row: sqlite3.Row, *, boot_id: str) -> ResumeData | None:
    """Reads the columns that lead back to the part file."""
    if row["part_path"] is None:
        return None
    trusted = row["received"] if row["boot_id"] == boot_id else row["synced"]
    return ResumeData(
        part_path=Path(row["part_path"]),
        received=RangeSet.parse(trusted),
        complete_length=row["bytes_expected"],
        entity_tag=row["entity_tag"],
        last_modified=row["last_modified"],
        date=row["response_date"],
        final_url=row["final_url"],
        device=row["device"],
        inode=row["inode"],
    )
