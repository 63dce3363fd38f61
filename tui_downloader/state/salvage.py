"""What can be saved of a damaged state file: its rows, one by one, into a new file.

Owns which rows are taken over and what becomes of one that makes no sense. Must never write the damaged file, nor
call a download complete or go on with bytes that the rest of its row contradicts.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from tui_downloader.errors import DamagedStateFileError
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.state.database import connect
from tui_downloader.state.downloads import WORKER_COLUMNS
from tui_downloader.state.failures import translated
from tui_downloader.state.raw_rows import RawRow, RawValue, read_rows
from tui_downloader.state.work import work_from

SAVED = frozenset({"downloads", "events", "clients", "preferences", "exchanges", "control"})
"""Tables whose rows are taken over."""
LEFT = frozenset({"counter", "worker", "origins", "probes"})
"""Tables that begin anew: they are of the moment, are counted again, or are learned again."""

_DOWNLOADS_WIDTH = 54
"""Columns of `downloads` in its first form; a row that was never written since has no more."""
_LOOKED_AT_ONCE = 500
"""So many rows are read back by one query: one each takes three times as long."""
_NUMBER_MAX = 2**53
"""A higher id, sequence or revision is damage: so many were never given out."""

_Row = dict[str, RawValue]


class Saved(NamedTuple):
    """How many downloads were taken over."""

    whole: int
    """As they were."""
    paused: int
    """As the user asked for them, paused: what had come of them made no sense."""
    lost: int
    """Not at all: nobody can tell what they were."""


class _Found:
    """The rows of a file by table; of a download the latest version."""

    def __init__(self, columns: Mapping[str, tuple[str, ...]]) -> None:
        """Begins without any; `columns` are the names of each table's columns in order."""
        self.downloads: dict[int, _Row] = {}
        self.others: dict[str, list[_Row]] = {name: [] for name in columns}
        self.sequences: dict[str, int] = {}
        self.lost = 0
        self._columns = columns

    def take(self, row: RawRow) -> None:
        """Takes a row in, if it is of a table that is taken over."""
        table = _table_of(row)
        if table is None:
            return
        if table == "sqlite_sequence":
            name, number = row.values
            self.sequences[str(name)] = max(_number(number), self.sequences.get(str(name), 0))
            return
        values = row.values if row.rowid is None else (row.rowid, *row.values[1:])
        columns = dict(zip(self._columns[table], values, strict=False))
        if table != "downloads":
            self.others[table].append(columns)
        elif not row.rowid or not _number(row.rowid):
            self.lost += 1
        elif _number(columns["revision"]) >= _number(self.downloads.get(row.rowid, {}).get("revision")):
            self.downloads[row.rowid] = columns


def salvage(source: Path, target: Path) -> Saved:
    """Copies what can be saved.

    Args:
        source: The damaged file; nobody writes it meanwhile.
        target: A new state file without rows.

    Raises:
        OSError: The damaged file cannot be read at all.
        SessionUnusableError: The new one cannot be written.
    """
    connection = connect(target)
    try:
        with translated(target):
            columns = {name: _columns(connection, name) for name in SAVED}
            found = _Found(columns)
            for row in read_rows(source):
                found.take(row)
            connection.execute("BEGIN IMMEDIATE")
            saved = _write_downloads(connection, found)
            _write_others(connection, found)
            _write_numbers(connection, found)
            connection.execute("COMMIT")
            return saved
    finally:
        connection.close()


def _table_of(row: RawRow) -> str | None:
    """Tells by its shape which table a row is of; `None`: of none that is taken over, or of an index."""
    values = row.values
    if row.rowid is not None and len(values) >= _DOWNLOADS_WIDTH:
        return "downloads"
    match (row.rowid, *values):
        case (None, str() as name, int()) if "/" not in name:  # indexes of URLs and directories look alike
            return "clients"
        case (None, str(), str()):
            return "preferences"
        case (int(), None, None | int(), str() as kind, float() | int(), str() as fields):
            return "events" if _is_event(kind, fields) else None
        case (int(), None, str()):
            return "exchanges"
        case (1, None, 0 | 1, None | str(), *_):
            return "control"
        case (int(), "downloads" | "events", int()):
            return "sqlite_sequence"
    return None


def _is_event(kind: str, fields: str) -> bool:
    """Tells whether the journal could read an event."""
    with contextlib.suppress(ValueError):
        EventKind(kind)
        return isinstance(json.loads(fields), dict)
    return False


def _number(value: RawValue) -> int:
    """Returns a number that may have been given out; 0 for anything else."""
    return value if isinstance(value, int) and 0 < value <= _NUMBER_MAX else 0


def _columns(connection: sqlite3.Connection, table: str) -> tuple[str, ...]:
    """Returns the names of a table's columns in order."""
    return tuple(row["name"] for row in connection.execute(f"PRAGMA table_info({table})").fetchall())


def _insert(connection: sqlite3.Connection, table: str, row: _Row) -> bool:
    """Inserts a row; tells whether the table took it."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    try:
        connection.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608 -- names of the schema
    except (sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError, sqlite3.DataError):
        return False
    return True


def _write_downloads(connection: sqlite3.Connection, found: _Found) -> Saved:
    """Writes each download as it was, else as the user asked for it."""
    rows = found.downloads
    whole = _write_sensible(connection, {number: _consistent(row) for number, row in rows.items()})
    rest = {number: _as_asked_for(row) for number, row in rows.items() if number not in whole}
    paused = _write_sensible(connection, rest)
    return Saved(len(whole), len(paused), found.lost + len(rest) - len(paused))


def _write_sensible(connection: sqlite3.Connection, rows: Mapping[int, _Row]) -> set[int]:
    """Writes the downloads that make sense in all of their columns; returns their ids."""
    written = [number for number, row in rows.items() if _insert(connection, "downloads", row)]
    senseless = set()
    for at in range(0, len(written), _LOOKED_AT_ONCE):
        numbers = written[at : at + _LOOKED_AT_ONCE]
        marks = ", ".join("?" * len(numbers))
        for row in connection.execute(f"SELECT * FROM downloads WHERE id IN ({marks})", numbers).fetchall():  # noqa: S608 -- only question marks
            try:
                work_from(row, boot_id="")
            except DamagedStateFileError:
                senseless.add(row["id"])
    connection.executemany("DELETE FROM downloads WHERE id = ?", [(number,) for number in senseless])
    return set(written) - senseless


def _consistent(row: _Row) -> _Row:
    """Takes back which bytes are on disk where the row contradicts itself: they are fetched anew."""
    received, synced = _ranges(row["received"]), _ranges(row["synced"])
    if received is None or synced is None:
        return row  # it is not taken over as it is
    if row["state"] == State.COMPLETED or (
        received.total == row["bytes_received"] and not synced.without(received)
    ):
        return row
    return {**row, "received": "", "synced": "", "bytes_received": 0}


def _ranges(text: RawValue) -> RangeSet | None:
    """Reads a column of ranges; `None` if it holds none."""
    try:
        return RangeSet.parse(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _as_asked_for(row: _Row) -> _Row:
    """Leaves only what the user asked for, as if it had been added paused."""
    asked: _Row = {name: value for name, value in row.items() if name not in WORKER_COLUMNS}
    revision, number = _number(row["revision"]), _number(row["intent_number"])
    at_rest: _Row = {
        "intent": Intent.PAUSE.value,
        "intent_number": number,
        "acted_number": number,
        "revision": revision,
    }
    return {**asked, **at_rest, "state": State.PAUSED.value, "delete_file": 0}


def _write_others(connection: sqlite3.Connection, found: _Found) -> None:
    """Writes the rows of the other tables; of a damaged one only itself is lost."""
    for table, rows in found.others.items():
        for row in rows:
            if table == "control":
                row = {**row, "retire_instance": None}  # noqa: PLW2901 -- the one that it asked to leave is gone
            if not any(isinstance(value, int) and abs(value) > _NUMBER_MAX for value in row.values()):
                _insert(connection, table, row)


def _write_numbers(connection: sqlite3.Connection, found: _Found) -> None:
    """Lets ids, sequences and revisions go on behind all that were ever seen: none is given out twice."""

    def highest(numbers: Iterable[RawValue]) -> int:
        return max(map(_number, numbers), default=0)

    ids = highest([*found.downloads, *(row["download_id"] for row in found.others["events"])])
    sequences = highest(row[name] for table, name in _SEQUENCES for row in found.others[table])
    for name, number in (("downloads", ids), ("events", sequences)):
        last = max(number, found.sequences.get(name, 0))
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))
    revision = 1 + highest(row["revision"] for row in found.downloads.values())
    connection.execute("UPDATE counter SET revision = ?", (revision,))


_SEQUENCES = (("events", "sequence"), ("clients", "cursor"))
