"""Several processes write one state file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tui_downloader.errors import SessionUnusableError
from tui_downloader.model.request import Request
from tui_downloader.state import database as database_module
from tui_downloader.state import downloads, process, worker_row
from tui_downloader.state.database import Database

WRITERS, ROUNDS = 3, 60

WRITE = """
import sys
from pathlib import Path
from tui_downloader.model.lifecycle import Intent
from tui_downloader.state import downloads
from tui_downloader.state.database import Database
path, own, rounds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
database = Database(path, durable=own == 1, checkpoints=own == 2)
sys.stdin.readline()
seen = 0
for number in range(1, rounds + 1):
    with database.transaction() as transaction:
        downloads.update(transaction, own, {"bytes_received": number})
        downloads.set_intent(transaction, own, Intent.PAUSE)
    with database.snapshot():
        revision = downloads.read_revision(database)
        newer = downloads.read_newer(database, seen)
    assert own in {row.id for row in newer}, "its own commit is there"
    assert all(seen < row.revision <= revision for row in newer)
    seen = revision
database.close()
"""


def test_three_writers_never_find_it_locked_and_lose_nothing(state_file: Path, database: Database) -> None:
    with database.transaction() as transaction:
        for _ in range(WRITERS):
            downloads.insert(transaction, Request(url="https://example.com/", directory=Path("/")), now=1.0)
    before = downloads.read_revision(database)
    writers = [
        subprocess.Popen(
            [sys.executable, "-P", "-c", WRITE, str(state_file), str(own), str(ROUNDS)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for own in range(1, WRITERS + 1)
    ]
    for each in writers:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in writers:
        _, errors = each.communicate(timeout=120)
        assert each.returncode == 0, errors
    rows = downloads.read_all(database)
    assert [row.bytes_received for row in rows] == [ROUNDS] * WRITERS
    assert [row.intent_number for row in rows] == [ROUNDS + 1] * WRITERS
    assert downloads.read_revision(database) == before + WRITERS * ROUNDS


@pytest.mark.parametrize("is_alive", [True, False])
def test_who_waits_too_long_is_told_which_worker_to_end(
    state_file: Path, database: Database, monkeypatch: pytest.MonkeyPatch, is_alive: bool
) -> None:
    started = process.own_start_time() if is_alive else "long ago"
    with database.transaction() as transaction:
        worker_row.write(transaction, worker_row.WorkerRow("name", os.getpid(), started, "1.0"), now=1.0)
    monkeypatch.setattr(database_module, "BUSY_SECONDS", 0.05)
    other = Database(state_file)
    with database.writing(), pytest.raises(SessionUnusableError) as raised, other.transaction():
        raise AssertionError("nobody else may write")
    other.close()
    assert "is held by another program. Try again." in str(raised.value)
    assert (f"kill -9 {os.getpid()}" in str(raised.value)) is is_alive
