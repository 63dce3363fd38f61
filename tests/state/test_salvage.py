"""What is taken over from a damaged state file, and what becomes of rows that make no sense."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.state.files import new_state_file
from tests.state.filled import fill, read
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.state import downloads, journal, preferences, worker_row
from tui_downloader.state.database import Database
from tui_downloader.state.salvage import LEFT, SAVED, Saved, salvage


def salvaged(tmp_path: Path, script: str = "") -> tuple[Path, Saved]:
    """Write what makes no sense into a filled file, save what can be saved; return the new file."""
    source = fill(tmp_path)
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.executescript(script)
    target = new_state_file(tmp_path / "new")
    return target, salvage(source, target)


def test_every_table_is_taken_over_or_left_for_a_reason(tmp_path: Path) -> None:
    with closing(sqlite3.connect(new_state_file(tmp_path))) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert {name for (name,) in rows} - {"sqlite_sequence"} == SAVED | LEFT


def test_a_sound_file_is_taken_over_whole(tmp_path: Path) -> None:
    target, saved = salvaged(tmp_path)
    assert saved == (60, 0, 0)
    assert read(target) == read(tmp_path / "state.sqlite3")
    database = Database(target)
    assert preferences.read_all(database) == {"sort": "name"}
    assert worker_row.read_control(database).bytes_per_second_max == 2_000_000
    assert database.rows("SELECT count(*) FROM exchanges")[0][0] == 60
    database.close()


def test_numbers_go_on_behind_all_that_were_given_out(tmp_path: Path) -> None:
    target, _ = salvaged(
        tmp_path, "DELETE FROM downloads WHERE id > 50; DELETE FROM events; UPDATE clients SET cursor = 500;"
    )
    database = Database(target)
    with database.transaction() as transaction:
        cursor = transaction.run("INSERT INTO events (kind, at, fields) VALUES ('paused', 1, '{}')")
        assert cursor.lastrowid == 501, "no client has seen it"
        assert transaction.revision > 1
        before = downloads.read_newer(database, transaction.revision - 1)
    assert before == []
    assert database.rows("SELECT seq FROM sqlite_sequence WHERE name = 'downloads'")[0][0] == 60
    database.close()


def test_a_row_that_makes_no_sense_is_kept_as_the_user_asked_for_it_and_rests(tmp_path: Path) -> None:
    target, saved = salvaged(tmp_path, "UPDATE downloads SET state = 'compleued', delete_file = 1 WHERE id = 10;")
    assert saved == (59, 1, 0)
    rows, _, _ = read(target)
    row = rows[10]
    assert (row.state, row.intent, row.received, row.part_path) == (State.PAUSED, Intent.PAUSE, RangeSet(), None)
    assert row.url.endswith("/10.bin?token=sécret")
    assert row.acted_number == row.intent_number


def test_bytes_that_a_row_contradicts_are_fetched_anew(tmp_path: Path) -> None:
    target, saved = salvaged(
        tmp_path,
        "UPDATE downloads SET received = '0-1900000,3000000-3100000' WHERE id = 1;"
        "UPDATE downloads SET synced = '0-1900000' WHERE id = 7;",
    )
    assert saved == (60, 0, 0)
    rows, _, _ = read(target)
    assert [(rows[each].received, rows[each].bytes_received) for each in (1, 7)] == [(RangeSet(), 0)] * 2
    assert rows[13].bytes_received == 1_600_000


def test_a_row_without_what_was_asked_for_is_lost_and_counted(tmp_path: Path) -> None:
    _, saved = salvaged(tmp_path, "UPDATE downloads SET fields = 'no JSON' WHERE id = 10;")
    assert saved == (59, 0, 1)


def test_what_the_journal_could_not_read_is_left_out(tmp_path: Path) -> None:
    target, _ = salvaged(
        tmp_path,
        "UPDATE events SET kind = 'starved' WHERE sequence = 7; UPDATE events SET fields = '9' WHERE sequence = 9",
    )
    database = Database(target)
    sequences = [each.sequence for each in journal.read(database, after=0)]
    database.close()
    assert sequences == [each for each in range(1, 121) if each not in {7, 9}]


def test_deleted_rows_do_not_come_back(tmp_path: Path) -> None:
    """What is deleted is wiped from its page, and must stay so."""
    source = fill(tmp_path)
    database = Database(source)
    with database.transaction() as transaction:
        transaction.run("DELETE FROM downloads WHERE id % 3 = 0")
        transaction.run("DELETE FROM events WHERE sequence < 60")
    database.close()
    target = new_state_file(tmp_path / "new")
    salvage(source, target)
    assert read(target) == read(source)
