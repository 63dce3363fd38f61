"""The `downloads` table: who may write what, and what readers are told of it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.state.files import new_state_file
from tui_downloader.errors import DamagedStateFileError
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import Request
from tui_downloader.state import downloads
from tui_downloader.state import work as work_rows
from tui_downloader.state.database import Database, SqlValue
from tui_downloader.state.downloads import WORKER_COLUMNS
from tui_downloader.state.schema import MIGRATIONS

SESSION_COLUMNS = {"url", "directory", "requested_name", "fields", "connections_max", "bytes_per_second_max"} | {
    "allow_insecure",
    "allow_private",
    "added_at",
    "added_by",
    "intent",
    "intent_number",
    "delete_file",
    "checksum_algorithm",
    "checksum_value",
    "checksum_url",
    "queue_place",
}


def request(directory: Path, name: str = "a.iso", *, paused: bool = False) -> Request:
    return Request(
        url=f"https://me:secret@example.com/{name}",
        directory=directory,
        filename="wanted.iso",
        fields=(("Cookie", "a=b"), ("X-One", "1"), ("X-One", "2")),
        connections_max=3,
        bytes_per_second_max=1000,
        paused=paused,
        allow_insecure=True,
        allow_private=True,
        added_by="test",
    )


def add(database: Database, made: Request, *, now: float = 5.0) -> int:
    with database.transaction() as transaction:
        return downloads.insert(transaction, made, now=now)


def verb(database: Database, download_id: int, intent: Intent, *, delete_file: bool = False) -> bool:
    with database.transaction() as transaction:
        return downloads.set_intent(transaction, download_id, intent, delete_file=delete_file)


def write(database: Database, download_id: int, **columns: SqlValue) -> int:
    with database.transaction() as transaction:
        downloads.update(transaction, download_id, columns)
        return transaction.revision


def columns_of(database: Database, download_id: int) -> dict[str, SqlValue]:
    row = database.rows("SELECT * FROM downloads WHERE id = ?", (download_id,))[0]
    return dict(zip(row.keys(), row, strict=True))


# ------------------------------------------------------------------------------------------ one writer per column


def test_the_schema_names_one_writer_for_each_column(database: Database) -> None:
    table = MIGRATIONS[0].partition("CREATE TABLE downloads (")[2].partition(") STRICT")[0]
    later = "\n".join(MIGRATIONS[1:])
    writers = dict(re.findall(r"^\s+(\w+) [A-Z].*-- \[(.)\]", table, re.MULTILINE))
    writers |= dict(re.findall(r"^ALTER TABLE downloads ADD COLUMN (\w+) .*-- \[(.)\]", later, re.MULTILINE))
    assert {name for name, writer in writers.items() if writer == "W"} == WORKER_COLUMNS
    assert {name for name, writer in writers.items() if writer == "S"} == SESSION_COLUMNS
    names = {row["name"] for row in database.rows("PRAGMA table_info(downloads)")}
    assert names == WORKER_COLUMNS | SESSION_COLUMNS | {"id", "revision"}


@pytest.mark.parametrize("column", sorted([*SESSION_COLUMNS, "id", "revision", "state = 'x' --", "nonsense"]))
def test_the_worker_writes_no_foreign_column(database: Database, tmp_path: Path, column: str) -> None:
    download_id = add(database, request(tmp_path))
    before = columns_of(database, download_id)
    with pytest.raises(ValueError, match="not the worker's columns"):
        write(database, download_id, **{"state": "failed", column: None})
    assert columns_of(database, download_id) == before


@pytest.mark.parametrize("intent", list(Intent))
def test_a_verb_leaves_the_workers_columns(database: Database, tmp_path: Path, intent: Intent) -> None:
    download_id = add(database, request(tmp_path))
    before = columns_of(database, download_id)
    assert verb(database, download_id, intent, delete_file=True)
    after = columns_of(database, download_id)
    changed = {name for name in after if after[name] != before[name]}
    assert not changed & WORKER_COLUMNS
    assert changed <= {"intent", "intent_number", "delete_file", "revision"}


def test_the_worker_leaves_the_users_columns(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    before = columns_of(database, download_id)
    write(database, download_id, state="failed", acted_number=1, bytes_received=7, filename="x")
    after = columns_of(database, download_id)
    assert not {name for name in SESSION_COLUMNS if after[name] != before[name]}


def test_an_insert_sets_only_the_first_state(database: Database, tmp_path: Path) -> None:
    running, paused = add(database, request(tmp_path)), add(database, request(tmp_path, paused=True))
    one, other = columns_of(database, running), columns_of(database, paused)
    assert (one["intent"], one["state"], one["intent_number"], one["acted_number"]) == ("run", "queued", 1, 0)
    assert (other["intent"], other["state"], other["intent_number"], other["acted_number"]) == (
        "pause",
        "paused",
        1,
        1,
    )
    first_values = {"state": "queued", "acted_number": 0, "received": "", "synced": "", "resumable": "unknown"}
    for name in WORKER_COLUMNS:
        assert one[name] == first_values.get(name, one[name] if one[name] in {None, 0} else object()), name


def test_a_request_comes_back_as_it_was(database: Database, tmp_path: Path) -> None:
    made = request(tmp_path, paused=True)
    work = work_rows.read_work_of(database, add(database, made), boot_id="b")
    assert work is not None
    assert work.request == made
    assert work.resume_data is None


# ------------------------------------------------------------------------------------------------------- verbs


def test_numbers_of_verbs_rise(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    seen = [columns_of(database, download_id)["intent_number"]]
    for intent in (Intent.PAUSE, Intent.PAUSE, Intent.RUN, Intent.CANCEL, Intent.REMOVE):
        verb(database, download_id, intent)
        seen.append(columns_of(database, download_id)["intent_number"])
    assert seen == [1, 2, 3, 4, 5, 6]


@given(st.lists(st.sampled_from(list(Intent)), max_size=8))
def test_removal_is_sticky(tmp_path_factory: pytest.TempPathFactory, verbs: list[Intent]) -> None:
    database = Database(new_state_file(tmp_path_factory.mktemp("sticky")), durable=False)
    try:
        download_id = add(database, request(Path("/")))
        assert verb(database, download_id, Intent.REMOVE)
        before = columns_of(database, download_id)
        for intent in verbs:
            assert verb(database, download_id, intent) == (intent is Intent.REMOVE)
        assert columns_of(database, download_id) == before
    finally:
        database.close()


def test_a_verb_for_a_missing_row_says_so(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    assert not verb(database, download_id + 1, Intent.PAUSE)
    verb(database, download_id, Intent.REMOVE)
    write(database, download_id, removed_at=9.0, acted_number=2)
    assert not verb(database, download_id, Intent.REMOVE)
    assert not verb(database, download_id, Intent.RUN)


def test_a_new_url_replaces_the_old_one_only_if_given(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    with database.transaction() as transaction:
        downloads.set_intent(transaction, download_id, Intent.RUN, url="https://example.com/new")
    verb(database, download_id, Intent.RUN)
    assert columns_of(database, download_id)["url"] == "https://example.com/new"


def test_an_unfinished_request_is_found_in_its_directory_only(database: Database, tmp_path: Path) -> None:
    made = request(tmp_path)
    first, _second = add(database, made), add(database, made)

    def found(what: Request) -> int | None:
        with database.transaction() as transaction:
            row = downloads.find_unfinished(transaction, what)
            return row.id if row else None

    assert found(made) == first
    assert found(request(tmp_path / "other")) is None
    assert found(request(tmp_path, "b.iso")) is None
    write(database, first, state=State.COMPLETED.value)
    assert found(made) == first + 1
    verb(database, first + 1, Intent.REMOVE)
    assert found(made) is None


# -------------------------------------------------------------------------------------------------------- readers


def test_ids_are_never_used_twice(database: Database, tmp_path: Path) -> None:
    first, second = add(database, request(tmp_path)), add(database, request(tmp_path))
    for each in (first, second):
        write(database, each, removed_at=1.0)
    with database.transaction() as transaction:
        downloads.prune_tombstones(transaction, before=2.0)
    assert database.rows("SELECT * FROM downloads") == []
    assert add(database, request(tmp_path)) == second + 1


def test_a_reader_gets_exactly_what_changed(database: Database, tmp_path: Path) -> None:
    ids = [add(database, request(tmp_path, f"{number}")) for number in range(4)]
    seen = downloads.read_revision(database)
    assert downloads.read_newer(database, seen) == []
    write(database, ids[2], bytes_received=5)
    verb(database, ids[0], Intent.PAUSE)
    assert [row.id for row in downloads.read_newer(database, seen)] == [ids[0], ids[2]]
    assert [row.id for row in downloads.read_newer(database, seen + 1)] == [ids[0]]
    assert downloads.read_newer(database, downloads.read_revision(database)) == []
    assert [row.id for row in downloads.read_newer(database, 0)] == ids


def test_a_rolled_back_transaction_gives_no_revision(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    seen = downloads.read_revision(database)

    def break_off() -> None:
        with database.transaction() as transaction:
            downloads.update(transaction, download_id, {"bytes_received": 5})
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert downloads.read_revision(database) == seen
    assert downloads.read_newer(database, seen) == []


def test_every_revision_is_greater_than_all_before(database: Database, state_file: Path, tmp_path: Path) -> None:
    other = Database(state_file, durable=False)
    download_id = add(database, request(tmp_path))
    revisions = [write(each, download_id, bytes_received=1) for each in (database, other) * 5]
    other.close()
    assert revisions == sorted(set(revisions))


def test_a_removal_under_way_may_still_be_asked_to_take_the_file_along(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    assert verb(database, download_id, Intent.REMOVE)
    first = columns_of(database, download_id)
    assert verb(database, download_id, Intent.REMOVE, delete_file=True)
    second = columns_of(database, download_id)
    assert (first["delete_file"], second["delete_file"]) == (0, 1)
    assert second["intent_number"] == int(str(first["intent_number"])) + 1
    assert verb(database, download_id, Intent.REMOVE)
    assert not verb(database, download_id, Intent.PAUSE, delete_file=True)
    assert columns_of(database, download_id) == second


def test_a_removed_row_goes_as_a_tombstone(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    seen = downloads.read_revision(database)
    write(database, download_id, removed_at=100.0)
    assert downloads.read_all(database) == []
    assert downloads.read_one(database, download_id) is None
    (row,) = downloads.read_newer(database, seen)
    assert (row.id, row.removed_at) == (download_id, 100.0)


def test_only_old_tombstones_are_pruned(database: Database, tmp_path: Path) -> None:
    old, young, alive = (add(database, request(tmp_path)) for _ in range(3))
    write(database, old, removed_at=10.0)
    write(database, young, removed_at=20.0)
    with database.transaction() as transaction:
        downloads.prune_tombstones(transaction, before=15.0)
    assert [row.id for row in downloads.read_newer(database, 0)] == [young, alive]


def test_a_snapshot_sees_one_commit(database: Database, state_file: Path, tmp_path: Path) -> None:
    other = Database(state_file)
    add(database, request(tmp_path))
    with database.snapshot():
        before = downloads.read_revision(database)
        add(other, request(tmp_path))
        assert downloads.read_revision(database) == before
        assert len(downloads.read_newer(database, 0)) == 1
    assert len(downloads.read_newer(database, 0)) == 2
    other.close()


# ------------------------------------------------------------------------------------------------------------ work


@given(intent=st.sampled_from(list(Intent)), pending=st.booleans(), state=st.sampled_from(list(State)))
def test_work_is_what_the_model_calls_work(
    tmp_path_factory: pytest.TempPathFactory, intent: Intent, pending: bool, state: State
) -> None:
    from tui_downloader.model.lifecycle import has_work

    database = Database(new_state_file(tmp_path_factory.mktemp("work")), durable=False)
    try:
        download_id = add(database, request(Path("/")))
        verb(database, download_id, intent)
        write(database, download_id, state=state.value, acted_number=1 if pending else 2)
        expected = has_work(intent=intent, intent_number=2, acted_number=1 if pending else 2, state=state)
        assert downloads.has_work(database, held=False) == expected
        assert bool(work_rows.read_work(database, boot_id="b")) == expected
        assert downloads.has_work(database, held=True) == pending
        assert bool(work_rows.read_new_verbs(database, boot_id="b")) == pending
    finally:
        database.close()


def test_what_was_added_is_acknowledged_all_at_once(database: Database, tmp_path: Path) -> None:
    first, second, begun, paused, waiting = (add(database, request(tmp_path, name)) for name in "abcde")
    write(database, begun, attempt=1)
    verb(database, paused, Intent.PAUSE)
    write(database, waiting, state=State.WAITING.value)
    assert work_rows.has_new(database)
    with database.transaction() as transaction:
        taken = work_rows.take_new(transaction, boot_id="b")
    assert taken == [work_rows.read_work_of(database, each, boot_id="b") for each in (first, second)]
    assert {each.download.acted_number for each in taken} == {1}
    assert not work_rows.has_new(database)
    left = work_rows.read_new_verbs(database, boot_id="b")
    assert [each.download.id for each in left] == [begun, paused, waiting]


def test_written_bytes_are_trusted_in_the_same_boot_only(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    write(database, download_id, part_path="/x/a.part", received="0-10", synced="0-4", boot_id="one")
    for boot, expected in (("one", 10), ("two", 4)):
        work = work_rows.read_work_of(database, download_id, boot_id=boot)
        assert work is not None
        assert work.resume_data is not None
        assert work.resume_data.received == RangeSet.prefix(expected)


def test_names_of_others_are_taken_until_they_are_finished(database: Database, tmp_path: Path) -> None:
    mine, other, done, removed, elsewhere = (
        add(database, request(tmp_path / ("other" if number == 4 else ""))) for number in range(5)
    )
    for each, name in (
        (mine, "mine"),
        (other, "other"),
        (done, "done"),
        (removed, "removed"),
        (elsewhere, "else"),
    ):
        write(database, each, filename=name)
    write(database, done, state=State.COMPLETED.value)
    write(database, removed, removed_at=1.0)
    assert list(downloads.taken_names(database, str(tmp_path), but=mine)) == ["other"]


def test_an_unknown_word_in_a_row_is_not_guessed_at(database: Database, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    write(database, download_id, state="sleeping")
    with pytest.raises(DamagedStateFileError, match=f"Download {download_id} cannot be read"):
        downloads.read_one(database, download_id)


def test_what_changed_is_found_without_going_through_all_rows(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def note(_: Database, sql: str, __: Sequence[SqlValue]) -> list[sqlite3.Row]:
        asked.append(sql)
        return []

    monkeypatch.setattr(Database, "rows", note)
    downloads.read_newer(database, 7)
    monkeypatch.undo()
    plan = database.rows(f"EXPLAIN QUERY PLAN {asked[0]}", (7,))
    assert "USING INDEX downloads_by_revision" in plan[0]["detail"]
