"""The `probes` table: looks at a server that a front end asks for, and what the worker answers.

Owns the table. The session inserts rows and deletes them as soon as it has read the answer or no longer wants it;
the worker answers, and deletes what a front end that died has left. A row holds secrets, so none may stay.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_downloader.model.request import Request
from tui_downloader.state.database import Database, Transaction

if TYPE_CHECKING:
    from tui_downloader.model.probe import ProbeAnswer

PROBE_AGE_SECONDS = 120.0
"""What nobody has looked at after so long is not looked at any more."""

_OPEN = "answered_at IS NULL AND asked_at > ?"


# ----------------------------------------------------------------------------------------------- front ends' half


def insert(transaction: Transaction, requests: Sequence[Request], *, now: float) -> list[int]:
    """Asks for a look at each request's server; returns their ids, in order."""
    ids = []
    for request in requests:
        cursor = transaction.run(
            """INSERT INTO probes (url, directory, fields, allow_insecure, allow_private, asked_at)
               VALUES (?, ?, ?, ?, ?, ?)""",
            (
                request.url,
                str(request.directory),
                json.dumps(request.fields),
                int(request.allow_insecure),
                int(request.allow_private),
                now,
            ),
        )
        assert cursor.lastrowid is not None
        ids.append(cursor.lastrowid)
    return ids


def read_answers(database: Database) -> dict[int, ProbeAnswer]:
    """Returns the answers that nobody has taken yet, by id."""
    from tui_downloader.model.probe import answer_from_json  # late: a screen opens without

    rows = database.rows("SELECT id, answer FROM probes WHERE answered_at IS NOT NULL")
    return {row["id"]: answer_from_json(row["answer"]) for row in rows}


def delete(transaction: Transaction, ids: Iterable[int]) -> None:
    """Deletes rows, answered or not; an unanswered one is not looked at any more."""
    for each in ids:
        transaction.run("DELETE FROM probes WHERE id = ?", (each,))


# -------------------------------------------------------------------------------------------------- worker's half


def has_work(reader: Database | Transaction, *, held: bool, now: float) -> bool:
    """Tells whether any look is still to be taken; under a hold none is. `now` in Unix seconds."""
    if held:
        return False
    return bool(reader.rows(f"SELECT 1 FROM probes WHERE {_OPEN} LIMIT 1", (now - PROBE_AGE_SECONDS,)))  # noqa: S608 -- a constant of this module


def read_open(database: Database, *, now: float) -> dict[int, Request]:
    """Returns what is still to be looked at, by id in the order it was asked for; `now` in Unix seconds."""
    rows = database.rows(f"SELECT * FROM probes WHERE {_OPEN} ORDER BY id", (now - PROBE_AGE_SECONDS,))  # noqa: S608 -- a constant of this module
    return {row["id"]: _request_from(row) for row in rows}


def answer(transaction: Transaction, probe_id: int, found: ProbeAnswer, *, now: float) -> None:
    """Writes what a look found; one that was deleted meanwhile stays so."""
    from tui_downloader.model.probe import answer_as_json

    transaction.run(
        "UPDATE probes SET answered_at = ?, answer = ? WHERE id = ?", (now, answer_as_json(found), probe_id)
    )


def prune(transaction: Transaction, *, now: float) -> None:
    """Deletes what was asked for so long ago that nobody waits for it; `now` in Unix seconds."""
    transaction.run("DELETE FROM probes WHERE asked_at <= ?", (now - PROBE_AGE_SECONDS,))


def _request_from(row: sqlite3.Row) -> Request:
    return Request(
        url=row["url"],
        directory=Path(row["directory"]),
        fields=tuple((name, value) for name, value in json.loads(row["fields"])),
        allow_insecure=bool(row["allow_insecure"]),
        allow_private=bool(row["allow_private"]),
    )
