"""Copies of rows under way: what is remembered is what is in the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.state.files import new_state_file
from tests.state.test_downloads import add, request, verb
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.state import downloads
from tui_downloader.state import work as work_rows
from tui_downloader.state.database import Database, SqlValue
from tui_downloader.state.running import RunningRows

FACTS = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from([State.CONNECTING.value, State.TRANSFERRING.value, State.VERIFYING.value]),
        "filename": st.sampled_from([None, "a.iso"]),
        "part_path": st.sampled_from([None, "/downloads/a.iso.part"]),
        "entity_tag": st.sampled_from([None, '"v1"']),
        "device": st.sampled_from([None, 7]),
        "inode": st.sampled_from([None, 8]),
        "received": st.sampled_from(["", "0-10", "0-10,20-30"]),
        "synced": st.sampled_from(["", "0-10"]),
        "bytes_received": st.integers(0, 2**40),
        "boot_id": st.sampled_from([None, "this", "other"]),
        "bytes_per_second": st.integers(0, 2**30),
        "high_water": st.integers(0, 2**40),
        "failures": st.integers(0, 9),
        "retry_delay_seconds": st.sampled_from([None, 1.5]),
        "progress_at": st.sampled_from([None, 2.5]),
        "digest_algorithm": st.sampled_from([None, "sha-256"]),
        "digest_value": st.sampled_from([None, "00"]),
        "digest_verified": st.sampled_from([None, 0, 1]),
    },
)
"""What a worker writes of a row."""


@pytest.fixture
def rows() -> RunningRows:
    return RunningRows(boot_id="this")


def hold(database: Database, rows: RunningRows, download_id: int) -> None:
    work = work_rows.read_work_of(database, download_id, boot_id="this")
    assert work is not None
    rows.hold(database, [work])


def note(database: Database, rows: RunningRows, download_id: int, columns: Mapping[str, SqlValue]) -> None:
    with database.transaction() as transaction:
        rows.note(transaction, download_id, columns)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(facts=st.lists(st.tuples(FACTS, st.booleans()), min_size=1, max_size=6), held=st.booleans())
def test_a_written_row_is_what_a_reader_finds(
    facts: list[tuple[dict[str, SqlValue], bool]], held: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = Database(new_state_file(tmp_path_factory.mktemp("running")), durable=False)
    rows = RunningRows(boot_id="this")
    try:
        download_id = add(database, request(Path("/downloads")))
        if held:
            hold(database, rows, download_id)
        for columns, only_noted in facts:
            if only_noted:
                note(database, rows, download_id, columns)
                continue
            with database.transaction() as transaction:
                work = rows.write(transaction, download_id, columns)
            assert work == work_rows.read_work_of(database, download_id, boot_id="this")
    finally:
        database.close()


def test_what_front_ends_wrote_is_seen_once_it_is_known_of(
    database: Database, rows: RunningRows, tmp_path: Path
) -> None:
    download_id = add(database, request(tmp_path))
    hold(database, rows, download_id)
    with database.transaction() as transaction:
        rows.write(transaction, download_id, {"state": State.CONNECTING.value})
    verb(database, download_id, Intent.PAUSE)
    rows.outdate(download_id)
    with database.transaction() as transaction:
        work = rows.write(transaction, download_id, {"state": State.TRANSFERRING.value})
    assert (work.download.intent, work.download.state) == (Intent.PAUSE, State.TRANSFERRING)


def test_a_reading_sees_both_halves(database: Database, rows: RunningRows, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    hold(database, rows, download_id)
    with database.transaction() as transaction:
        rows.write(transaction, download_id, {"part_path": "/x/a.part", "boot_id": "this"})
    verb(database, download_id, Intent.CANCEL)
    note(database, rows, download_id, {"received": "0-5"})
    work = rows.read(database, download_id)
    assert work is not None
    assert work.download.intent is Intent.CANCEL
    assert work.resume_data is not None
    assert work.resume_data.received == RangeSet.prefix(5)


def test_a_released_row_is_read_again(database: Database, rows: RunningRows, tmp_path: Path) -> None:
    download_id = add(database, request(tmp_path))
    hold(database, rows, download_id)
    note(database, rows, download_id, {"state": State.CONNECTING.value})
    rows.release(download_id)
    verb(database, download_id, Intent.REMOVE)
    with database.transaction() as transaction:
        assert rows.write(transaction, download_id, {"failures": 1}).download.intent is Intent.REMOVE
    assert rows.read(database, download_id + 1) is None


def test_what_is_deferred_is_written_with_what_comes_next(
    database: Database, rows: RunningRows, tmp_path: Path
) -> None:
    download_id = add(database, request(tmp_path))
    hold(database, rows, download_id)
    before = work_rows.read_work_of(database, download_id, boot_id="this")
    begun = rows.defer(download_id, {"state": State.CONNECTING.value, "attempt": 1})
    assert (begun.download.state, begun.download.attempt) == (State.CONNECTING, 1)
    assert rows.owing == [download_id]
    assert work_rows.read_work_of(database, download_id, boot_id="this") == before
    verb(database, download_id, Intent.PAUSE)
    read = rows.read(database, download_id)
    assert read is not None
    assert (read.download.intent, read.download.state) == (Intent.PAUSE, State.CONNECTING)
    with database.transaction() as transaction:
        work = rows.write(transaction, download_id, {"state": State.VERIFYING.value})
    assert work == work_rows.read_work_of(database, download_id, boot_id="this")
    assert (work.download.state, work.download.attempt) == (State.VERIFYING, 1)
    assert rows.owing == []


@pytest.mark.parametrize("limit", [False, True])
def test_a_reading_sees_what_has_no_number(
    database: Database, rows: RunningRows, tmp_path: Path, limit: bool
) -> None:
    download_id = add(database, request(tmp_path))
    hold(database, rows, download_id)
    with database.transaction() as transaction:
        if limit:
            downloads.set_limit(transaction, download_id, 7)
        else:
            downloads.set_queue_place(transaction, download_id, 7)
    note(database, rows, download_id, {"failures": 1})
    assert rows.read(database, download_id) == work_rows.read_work_of(database, download_id, boot_id="this")
