"""A state file as a session leaves it that was used for a while: downloads in every state, with their journal.

Owns its content. Must never start a process.
"""

from __future__ import annotations

from pathlib import Path

from tests.state.files import new_state_file
from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind, NewEvent
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.model.request import Request
from tui_downloader.state import downloads, exchanges, journal, preferences, worker_row
from tui_downloader.state.database import Database, SqlValue

EXCHANGE = RecordedExchange(
    at=1.0,
    url="https://example.org/",
    request_line="GET / HTTP/1.1",
    request=(("Accept", "*/*"),),
    status_line="HTTP/1.1 200 OK",
    response=(("ETag", '"v1"'),),
)
"""The last request and response of each."""
STATES: tuple[dict[str, SqlValue], ...] = (
    {"state": "queued"},
    {
        "state": "waiting",
        "reason": "server-busy",
        "received": "0-1500000,3000000-3100000",
        "synced": "0-1000000",
        "bytes_received": 1_600_000,
        "bytes_expected": 4_000_000,
        "part_path": "/downloads/waits.part",
        "inode": 77,
    },
    {"state": "paused", "received": "0-700", "bytes_received": 700, "part_path": "/downloads/p.part", "inode": 78},
    {
        "state": "failed",
        "reason": "not-found",
        "error": "404, says the server – nothing there",
        "http_status": 404,
    },
    {"state": "completed", "bytes_received": 12_345, "bytes_expected": 12_345, "media_type": "image/png"},
    {"state": "cancelled"},
)
"""What the worker wrote of the first downloads, and of the next ones again."""


def fill(directory: Path, *, count: int = 60, paused: bool = False) -> Path:
    """Make a state file with so many downloads.

    Args:
        directory: Where.
        count: How many.
        paused: Whether nobody is to work on any of them.
    """
    path = new_state_file(directory)
    database = Database(path)
    with database.transaction() as transaction:
        for number in range(1, count + 1):
            request = Request(
                url=f"https://files.example.org/{'long/' * (number % 7 * 10)}{number}.bin?token=sécret",
                directory=directory,
                fields=(("Referer", "https://example.org/"), ("X-Long", "y" * (5000 if number % 20 == 0 else 1))),
                paused=paused,
            )
            download_id = downloads.insert(transaction, request, now=float(number))
            downloads.update(transaction, download_id, {"filename": f"{number}.bin", **STATES[number % 6]})
            fields: dict[str, str | int | float | None] = {"bytes_received": number, "error": "Größe"}
            for kind in (EventKind.STARTED, EventKind.PAUSED):
                journal.append(transaction, download_id, NewEvent(kind, fields), now=number + 0.5)
            exchanges.write(transaction, download_id, EXCHANGE)
        journal.acknowledge(transaction, "screen", count)
        preferences.write(transaction, "sort", "name")
        worker_row.set_limit_of_all(transaction, 2_000_000)
    database.close()
    return path


def read(path: Path) -> tuple[dict[int, Download], list[Event], int]:
    """Return its downloads by id, its journal, and how far the screen has seen that."""
    database = Database(path)
    try:
        rows = {each.id: each for each in downloads.read_newer(database, 0)}
        return rows, journal.read(database, after=0), journal.cursor(database, "screen")
    finally:
        database.close()
