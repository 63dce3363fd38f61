"""The `worker` and `control` rows: who works, and what front ends ask of it as a whole.

Owns both rows. The worker row is written by the holder of the worker lock only.
"""

from __future__ import annotations

from typing import NamedTuple

from tui_downloader.state.database import Database, Transaction
from tui_downloader.state.process import is_running


class WorkerRow(NamedTuple):
    """Who said last that it works for this session."""

    instance: str | None
    """Random name of that run; `None` when it left in order."""
    pid: int | None
    """Its process id."""
    process_started: str | None
    """That process's start time, in the system's own words."""
    version: str | None
    """Its program version."""

    @property
    def alive(self) -> bool:
        """Whether that very process still runs."""
        return self.instance is not None and is_running(self.pid, self.process_started)


class Control(NamedTuple):
    """What front ends ask of the worker as a whole, as of one commit."""

    held: bool
    """Whether nothing is to run until somebody asks again."""
    retire_instance: str | None
    """The run of the worker that is asked to leave; `None` if none is."""
    bytes_per_second_max: int | None
    """Limit of all downloads together; `None` is the setting's, 0 is none."""
    adjusted: int
    """The last revision that wrote a limit or a place of some download; 0 if none did."""
    revision: int
    """The last revision given out."""


class WorkerStatus(NamedTuple):
    """What a front end shows of the worker."""

    running: bool
    """Whether a live worker holds the session."""
    pid: int | None
    """Its process id; `None` if there is none."""
    held: bool
    """Whether `stop` was asked for: nothing starts by itself."""


NO_WORKER = WorkerStatus(running=False, pid=None, held=False)
"""The status in a session that was never used."""


def read(database: Database) -> WorkerRow:
    """Returns the worker row."""
    row = database.row("SELECT * FROM worker")
    return WorkerRow(row["instance"], row["pid"], row["process_started"], row["version"])


def status(database: Database) -> WorkerStatus:
    """Returns what to show of the worker."""
    worker = read(database)
    alive = worker.alive
    return WorkerStatus(running=alive, pid=worker.pid if alive else None, held=is_held(database))


def write(transaction: Transaction, row: WorkerRow, *, now: float) -> None:
    """Says who works now; the lock holder only."""
    transaction.run(
        "UPDATE worker SET instance = ?, pid = ?, process_started = ?, version = ?, started_at = ?",
        (row.instance, row.pid, row.process_started, row.version, now),
    )


def clear(transaction: Transaction) -> None:
    """Says that nobody works; the lock holder only."""
    transaction.run(
        "UPDATE worker SET instance = NULL, pid = NULL, process_started = NULL, version = NULL, started_at = NULL"
    )


def read_hooked(reader: Database | Transaction) -> int | None:
    """Returns the last event whose hook is over; `None` if there were no hooks when a worker last looked."""
    hooked: int | None = reader.rows("SELECT hooked FROM worker")[0][0]
    return hooked


def owes_hooks(reader: Database | Transaction) -> bool:
    """Tells whether a worker was killed before it had looked at every ending, or in a hook."""
    sql = """SELECT EXISTS (SELECT 1 FROM worker, events
             WHERE sequence > hooked AND kind IN ('finished', 'failed'))"""
    return bool(reader.rows(sql)[0][0])


def set_hooked(transaction: Transaction, sequence: int | None) -> None:
    """Says up to which event hooks are over; the lock holder only."""
    transaction.run("UPDATE worker SET hooked = ?", (sequence,))


def read_control(database: Database) -> Control:
    """Returns what front ends ask of the worker as a whole."""
    row = database.row("SELECT * FROM control, counter")
    return Control(
        held=bool(row["held"]),
        retire_instance=row["retire_instance"],
        bytes_per_second_max=row["bytes_per_second_max"],
        adjusted=row["adjusted"],
        revision=row["revision"],
    )


def is_held(reader: Database | Transaction) -> bool:
    """Tells whether `stop` was asked for."""
    return bool(reader.rows("SELECT max(held) FROM control")[0][0])


def set_held(transaction: Transaction, *, held: bool) -> None:
    """Holds the session, or lets it go on."""
    transaction.run("UPDATE control SET held = ?", (int(held),))


def ask_to_retire(transaction: Transaction, instance: str) -> None:
    """Asks one run of the worker to leave."""
    transaction.run("UPDATE control SET retire_instance = ?", (instance,))


def set_limit_of_all(transaction: Transaction, bytes_per_second: int | None) -> None:
    """Limits all downloads together; `None` leaves it to the setting, 0 is no limit."""
    transaction.run("UPDATE control SET bytes_per_second_max = ?", (bytes_per_second,))
