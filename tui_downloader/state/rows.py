"""Rows of `downloads` to values: parsed once, here.

Owns the mapping. An unknown word in a row raises; it is never guessed at.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui_downloader.errors import DamagedStateFileError
from tui_downloader.model.download import Digest, Download
from tui_downloader.model.lifecycle import Intent, Reason, Resumable, State
from tui_downloader.model.ranges import RangeSet

Columns = Mapping[str, Any]
"""A row's columns by name."""

path_from = functools.lru_cache(maxsize=1024)(Path)
"""Makes a path of a column's text; most rows name the same few directories."""


def columns_of(row: sqlite3.Row) -> Columns:
    """Returns a row as a mapping: `sqlite3.Row` compares every name before the one that is asked for."""
    return dict(zip(row.keys(), row, strict=True))


def download_from(row: sqlite3.Row | Columns) -> Download:
    """Reads a row as a snapshot.

    Raises:
        DamagedStateFileError: It makes no sense.
    """
    columns = columns_of(row) if isinstance(row, sqlite3.Row) else row
    try:
        return _download_from(columns)
    except (ValueError, TypeError) as error:
        raise unreadable_error(columns) from error


def unreadable_error(row: Columns) -> DamagedStateFileError:
    """Builds the error about a row that nothing here can have written."""
    return DamagedStateFileError(f"Download {row['id']} cannot be read: the state file is damaged.")


def _download_from(row: Columns) -> Download:
    """Reads a row, whose words may be unknown."""
    return Download(
        id=row["id"],
        url=row["url"],
        directory=path_from(row["directory"]),
        added_at=row["added_at"],
        added_by=row["added_by"],
        intent=Intent(row["intent"]),
        intent_number=row["intent_number"],
        acted_number=row["acted_number"],
        state=State(row["state"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        error=row["error"],
        http_status=row["http_status"],
        retry_at=row["retry_at"],
        waiting_since=row["waiting_since"],
        filename=row["filename"],
        media_type=row["media_type"],
        part_path=path_from(row["part_path"]) if row["part_path"] else None,
        bytes_received=row["bytes_received"],
        bytes_expected=row["bytes_expected"],
        received=RangeSet.parse(row["received"]),
        bytes_per_second=row["bytes_per_second"],
        connections=row["connections"],
        resumable=Resumable(row["resumable"]),
        attempt=row["attempt"],
        restarts=row["restarts"],
        redirects=row["redirects"],
        final_host=row["final_host"],
        digest=_digest_from(row),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        removed_at=row["removed_at"],
        revision=row["revision"],
        bytes_per_second_max=row["bytes_per_second_max"],
        queue_place=row["queue_place"],
    )


def _digest_from(row: Columns) -> Digest | None:
    """Reads the digest columns."""
    if row["digest_value"] is None:
        return None
    return Digest(
        algorithm=row["digest_algorithm"],
        value=row["digest_value"],
        source=row["digest_source"],
        verified=bool(row["digest_verified"]),
    )
