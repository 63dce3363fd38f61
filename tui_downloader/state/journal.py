"""The journal: numbered events, and how far each client has seen.

Owns `events` and `clients`. Only the worker appends; a cursor never goes back except when a client asks for it.
"""

from __future__ import annotations

import json
import sqlite3

from tui_downloader.errors import DamagedStateFileError
from tui_downloader.model.events import LONG_WAIT_SECONDS, OUTCOMES, Event, EventKind, NewEvent
from tui_downloader.state.database import Database, Transaction

_OUTCOMES = ", ".join(f"'{each.value}'" for each in sorted(OUTCOMES))
OUTCOME = (
    f"(kind IN ({_OUTCOMES}) OR (kind IN ('started', 'resumed') "
    f"AND json_extract(fields, '$.waited_seconds') > {LONG_WAIT_SECONDS}))"
)
"""SQL: what `events.is_outcome` says; there is an index in these words."""


def append(transaction: Transaction, download_id: int, event: NewEvent, *, now: float) -> None:
    """Writes an event; the worker only."""
    transaction.run(
        "INSERT INTO events (download_id, kind, at, fields) VALUES (?, ?, ?, ?)",
        (download_id, event.kind.value, now, json.dumps(dict(event.fields))),
    )


def read(database: Database, *, after: int, limit: int | None = None) -> list[Event]:
    """Returns the events after a sequence number, in order.

    If older ones were pruned, so that there is a hole right after `after`, the first is a `gap` event; its
    sequence number is the last one missed.

    Args:
        database: The connection.
        after: Sequence number of the last event seen; 0 for none.
        limit: Most events to return; `None` is all.
    """
    rows = database.rows(
        "SELECT * FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?",
        (after, -1 if limit is None else limit),
    )
    events = [_event_from(row) for row in rows]
    oldest = database.rows("SELECT min(sequence) FROM events")[0][0]
    if oldest is not None and after + 1 < oldest:
        gap = Event(oldest - 1, None, EventKind.GAP, events[0].at, {"missed_before": oldest})
        events = [gap, *events][:limit]
    return events


def last(reader: Database | Transaction) -> int:
    """Returns the sequence number of the newest event; 0 if there is none."""
    number: int = reader.rows("SELECT coalesce(max(sequence), 0) FROM events")[0][0]
    return number


def read_ended(database: Database, *, after: int, limit: int) -> list[Event]:
    """Returns the first events after a sequence number with which a download ended, well or not, in order."""
    rows = database.rows(
        "SELECT * FROM events WHERE sequence > ? AND kind IN (?, ?) ORDER BY sequence LIMIT ?",
        (after, EventKind.FINISHED.value, EventKind.FAILED.value, limit),
    )
    return [_event_from(row) for row in rows]


def read_of(database: Database, download_id: int, *, limit: int) -> list[Event]:
    """Returns the last events of one download, in order."""
    rows = database.rows(
        "SELECT * FROM events WHERE download_id = ? ORDER BY sequence DESC LIMIT ?", (download_id, limit)
    )
    return [_event_from(row) for row in reversed(rows)]


def read_outcomes(database: Database, *, limit: int) -> list[Event]:
    """Returns the last outcomes, newest first: what banner and inbox tell."""
    rows = database.rows(f"SELECT * FROM events WHERE {OUTCOME} ORDER BY sequence DESC LIMIT ?", (limit,))  # noqa: S608 -- a constant of this module
    return [_event_from(row) for row in rows]


def count_outcomes(database: Database, *, after: int, up_to: int) -> int:
    """Returns how many outcomes have a sequence number above `after` and not above `up_to`."""
    rows = database.rows(
        f"SELECT count(*) FROM events WHERE sequence > ? AND sequence <= ? AND {OUTCOME}",  # noqa: S608 -- a constant of this module
        (after, up_to),
    )
    count: int = rows[0][0]
    return count


def cursor(database: Database, client: str) -> int:
    """Returns the last event a client acknowledged; 0 for a new client."""
    rows = database.rows("SELECT cursor FROM clients WHERE name = ?", (client,))
    return rows[0]["cursor"] if rows else 0


def acknowledge(transaction: Transaction, client: str, sequence: int) -> None:
    """Moves a client's cursor forward: the greater of old and new."""
    transaction.run(
        """INSERT INTO clients (name, cursor) VALUES (?, ?)
           ON CONFLICT (name) DO UPDATE SET cursor = max(cursor, excluded.cursor)""",
        (client, sequence),
    )


def reset(transaction: Transaction, client: str) -> None:
    """Forgets a client's cursor: it sees every kept event again."""
    transaction.run("DELETE FROM clients WHERE name = ?", (client,))


def prune(transaction: Transaction, *, before: float, keep: int) -> None:
    """Deletes events older than an instant (Unix seconds) and all but the newest `keep`; the newest one stays."""
    transaction.run(
        """DELETE FROM events WHERE sequence < (SELECT max(sequence) FROM events)
           AND (at < ? OR sequence <= (SELECT max(sequence) FROM events) - ?)""",
        (before, keep),
    )


def _event_from(row: sqlite3.Row) -> Event:
    """Parses a row of the table.

    Raises:
        DamagedStateFileError: It makes no sense.
    """
    try:
        fields = dict(json.loads(row["fields"]))
        return Event(row["sequence"], row["download_id"], EventKind(row["kind"]), row["at"], fields)
    except (ValueError, TypeError) as error:
        sentence = f"Event {row['sequence']} cannot be read: the state file is damaged."
        raise DamagedStateFileError(sentence) from error
