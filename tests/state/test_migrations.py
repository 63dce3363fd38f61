"""State files of released versions can be opened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tui_downloader.model.lifecycle import Intent, Reason, Resumable, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.state import downloads, journal, origins, preferences, worker_row
from tui_downloader.state import work as work_rows
from tui_downloader.state.creation import is_current
from tui_downloader.state.database import Database
from tui_downloader.state.mending import prepare

DATA = Path(__file__).parents[1] / "data"


def migrated(directory: Path, version: int) -> Database:
    """Make the file that a version left, bring it into the present form and open it."""
    path = directory / "state.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATA / f"state_version_{version}.sql").read_text(encoding="utf-8"))
    assert prepare(path) is None
    assert is_current(path)
    return Database(path)


def test_a_file_of_version_1_is_read(tmp_path: Path) -> None:
    database = migrated(tmp_path, 1)
    try:
        done, waiting = downloads.read_all(database)
        assert (done.id, done.state, done.filename) == (1, State.COMPLETED, "a.iso")
        assert (waiting.id, waiting.state, waiting.reason) == (3, State.WAITING, Reason.CONNECTION_LOST)
        assert (waiting.intent, waiting.resumable) == (Intent.RUN, Resumable.PROVEN)
        (work,) = work_rows.read_work(database, boot_id="boot-1")
        assert work.resume_data is not None
        assert work.resume_data.received == RangeSet.prefix(4096)
        assert work.request.fields == (("X-Test", "1"),)
        assert [event.sequence for event in journal.read(database, after=0)] == [1, 2]
        assert journal.cursor(database, "screen") == 1
        assert not worker_row.read(database).alive
        with database.transaction() as transaction:
            assert downloads.insert(transaction, work.request, now=9.0) == 4
    finally:
        database.close()


def test_a_file_of_version_3_is_read(tmp_path: Path) -> None:
    database = migrated(tmp_path, 3)
    try:
        done, waiting = downloads.read_all(database)
        assert (done.state, waiting.state) == (State.COMPLETED, State.WAITING)
        assert waiting.turn == 1
        assert worker_row.read_control(database).bytes_per_second_max == 2_000_000
        assert origins.read(database, now=1091.0) == {"https://example.com": 4}
        assert preferences.read_all(database) == {}
        with database.transaction() as transaction:
            preferences.write(transaction, "sort", "name")
            preferences.write(transaction, "sort", "size")
        assert preferences.read_all(database) == {"sort": "size"}
    finally:
        database.close()
