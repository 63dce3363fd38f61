"""Events and cursors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.state.files import new_state_file
from tui_downloader.model.events import EventKind, NewEvent, is_outcome
from tui_downloader.state import journal
from tui_downloader.state.database import Database


def write(database: Database, count: int, *, download_id: int = 1, at: float = 1.0) -> None:
    with database.transaction() as transaction:
        for number in range(count):
            event = NewEvent(EventKind.STARTED, {"offset": number, "verdict": None})
            journal.append(transaction, download_id, event, now=at + number)


def prune(database: Database, *, before: float = 0.0, keep: int = 10**6) -> None:
    with database.transaction() as transaction:
        journal.prune(transaction, before=before, keep=keep)


def acknowledge(database: Database, client: str, sequence: int) -> None:
    with database.transaction() as transaction:
        journal.acknowledge(transaction, client, sequence)


def sequences(database: Database, after: int = 0, *, limit: int | None = None) -> list[int]:
    return [event.sequence for event in journal.read(database, after=after, limit=limit)]


def test_events_come_back_in_order_with_their_fields(database: Database) -> None:
    write(database, 3, download_id=7)
    first, second, third = journal.read(database, after=0)
    assert [first.sequence, second.sequence, third.sequence] == [1, 2, 3]
    assert (second.download_id, second.kind, second.at) == (7, EventKind.STARTED, 2.0)
    assert second.fields == {"offset": 1, "verdict": None}
    assert sequences(database, 2) == [3]
    assert sequences(database, 3) == []
    assert sequences(database, limit=2) == [1, 2]


def test_the_last_events_of_one_download(database: Database) -> None:
    for download_id in (1, 2, 1, 2, 1):
        write(database, 1, download_id=download_id)
    assert [event.sequence for event in journal.read_of(database, 1, limit=2)] == [3, 5]


def test_a_cursor_never_goes_back(database: Database) -> None:
    write(database, 5)
    assert journal.cursor(database, "screen") == 0
    for sequence, expected in ((3, 3), (1, 3), (5, 5), (4, 5)):
        acknowledge(database, "screen", sequence)
        assert journal.cursor(database, "screen") == expected
    assert journal.cursor(database, "other") == 0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 100)), max_size=20))
def test_a_cursor_is_the_greatest_number_acknowledged(
    tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[str, int]]
) -> None:
    database = Database(new_state_file(tmp_path_factory.mktemp("cursor")), durable=False)
    try:
        for client, sequence in calls:
            acknowledge(database, client, sequence)
        for client in "ab":
            expected = max((sequence for name, sequence in calls if name == client), default=0)
            assert journal.cursor(database, client) == expected
    finally:
        database.close()


def test_a_client_that_asks_for_it_sees_everything_again(database: Database) -> None:
    acknowledge(database, "screen", 3)
    with database.transaction() as transaction:
        journal.reset(transaction, "screen")
        journal.reset(transaction, "never-seen")
    assert journal.cursor(database, "screen") == 0


def test_pruning_by_number_keeps_the_newest(database: Database) -> None:
    write(database, 10)
    prune(database, keep=3)
    assert [row[0] for row in database.rows("SELECT sequence FROM events ORDER BY sequence")] == [8, 9, 10]


def test_pruning_by_age_keeps_at_least_the_newest(database: Database) -> None:
    write(database, 5)
    prune(database, before=3.0)
    assert [row[0] for row in database.rows("SELECT sequence FROM events ORDER BY sequence")] == [3, 4, 5]
    prune(database, before=10**9, keep=1)
    assert [row[0] for row in database.rows("SELECT sequence FROM events ORDER BY sequence")] == [5]


def test_pruning_an_empty_journal_does_nothing(database: Database) -> None:
    prune(database, before=10**9, keep=1)
    assert sequences(database) == []


def test_numbers_go_on_after_pruning(database: Database) -> None:
    write(database, 5)
    prune(database, before=10**9, keep=1)
    write(database, 1)
    assert sequences(database, 5) == [6]


@pytest.mark.parametrize(("after", "expected"), [(0, [7, 8, 9]), (3, [7, 8, 9]), (6, [7, 8, 9]), (7, [8, 9])])
def test_a_hole_after_the_cursor_is_told_as_a_gap(database: Database, after: int, expected: list[int]) -> None:
    write(database, 9)
    prune(database, keep=2)
    assert sequences(database, after) == expected
    first = journal.read(database, after=after)[0]
    if expected[0] == 7:
        assert (first.kind, first.download_id) == (EventKind.GAP, None)
        assert first.fields == {"missed_before": 8}


def test_acknowledging_a_gap_closes_it(database: Database) -> None:
    write(database, 9)
    prune(database, keep=2)
    (gap,) = journal.read(database, after=0, limit=1)
    assert gap.kind is EventKind.GAP
    acknowledge(database, "screen", gap.sequence)
    assert sequences(database, journal.cursor(database, "screen")) == [8, 9]


def test_no_gap_for_a_reader_who_has_seen_it_all(database: Database) -> None:
    write(database, 9)
    prune(database, keep=1)
    assert sequences(database, 9) == []


def test_outcomes_are_read_newest_first_and_counted(database: Database) -> None:
    write(database, 3)
    with database.transaction() as transaction:
        for kind, fields in (
            (EventKind.FINISHED, {}),
            (EventKind.RESUMED, {"waited_seconds": 300.0}),
            (EventKind.RESUMED, {"waited_seconds": 301.5}),
            (EventKind.FAILED, {}),
            (EventKind.CANCELLED, {}),
        ):
            journal.append(transaction, 1, NewEvent(kind, fields), now=5.0)
    outcomes = journal.read_outcomes(database, limit=10)
    assert [each.sequence for each in outcomes] == [7, 6, 4]
    assert all(is_outcome(each) for each in outcomes)
    assert [each.sequence for each in journal.read(database, after=0) if is_outcome(each)] == [4, 6, 7]
    assert [each.sequence for each in journal.read_outcomes(database, limit=2)] == [7, 6]
    assert journal.count_outcomes(database, after=0, up_to=99) == 3
    assert journal.count_outcomes(database, after=4, up_to=6) == 1


def test_outcomes_are_found_without_reading_all_events(database: Database) -> None:
    for query in (
        f"SELECT * FROM events WHERE {journal.OUTCOME} ORDER BY sequence DESC LIMIT 9",
        f"SELECT count(*) FROM events WHERE sequence > 4 AND sequence <= 9 AND {journal.OUTCOME}",
    ):
        (plan,) = database.rows(f"EXPLAIN QUERY PLAN {query}")
        assert "events_outcomes" in plan["detail"]
