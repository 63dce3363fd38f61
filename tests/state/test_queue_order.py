"""The order of the queue: swapping neighbours, going all the way, and what it costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.state.files import new_state_file
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.request import Request
from tui_downloader.state import downloads, queue_order, worker_row
from tui_downloader.state import work as work_rows
from tui_downloader.state.database import Database


def fill(database: Database, count: int) -> None:
    """Add downloads 1 to `count`, as a worker has seen them."""
    with database.transaction() as transaction:
        for number in range(1, count + 1):
            request = Request(url=f"https://example.com/{number}", directory=Path("/d"))
            assert downloads.insert(transaction, request, now=1.0) == number
            downloads.update(transaction, number, {"acted_number": 1})


def move(database: Database, *ids: int, up: bool, far: bool = False) -> int:
    with database.transaction() as transaction:
        return queue_order.move(transaction, ids, up=up, far=far)


def becomes(database: Database, download_id: int, state: State, intent: Intent = Intent.RUN) -> None:
    with database.transaction() as transaction:
        downloads.update(transaction, download_id, {"state": state.value})
        if intent is not Intent.RUN:
            downloads.set_intent(transaction, download_id, intent)
            downloads.update(transaction, download_id, {"acted_number": 2})


def order(database: Database) -> list[int]:
    """Return all ids by turn."""
    return [each.id for each in sorted(downloads.read_all(database), key=lambda each: each.turn)]


@pytest.mark.parametrize(
    ("ids", "up", "expected", "moved"),
    [
        ((3,), True, [1, 3, 2, 4, 5], 1),
        ((3,), False, [1, 2, 4, 3, 5], 1),
        ((1,), True, [1, 2, 3, 4, 5], 0),
        ((5,), False, [1, 2, 3, 4, 5], 0),
        ((3, 4), True, [1, 3, 4, 2, 5], 2),
        ((4, 3, 3), False, [1, 2, 5, 3, 4], 2),
        ((1, 2), True, [1, 2, 3, 4, 5], 0),
        ((1, 3), True, [1, 3, 2, 4, 5], 1),
        ((1, 2, 3, 4, 5), False, [1, 2, 3, 4, 5], 0),
        ((9,), True, [1, 2, 3, 4, 5], 0),
        ((), True, [1, 2, 3, 4, 5], 0),
    ],
)
def test_past_one_neighbour(
    database: Database, ids: tuple[int, ...], up: bool, expected: list[int], moved: int
) -> None:
    fill(database, 5)
    assert move(database, *ids, up=up) == moved
    assert order(database) == expected


def test_what_does_not_wait_in_the_queue_is_no_neighbour(database: Database) -> None:
    fill(database, 6)
    becomes(database, 2, State.TRANSFERRING)
    becomes(database, 3, State.WAITING)
    becomes(database, 4, State.COMPLETED)
    becomes(database, 5, State.PAUSED, Intent.PAUSE)
    move(database, 6, up=True)
    assert order(database) == [6, 2, 3, 4, 5, 1]


def test_a_paused_one_keeps_its_new_place(database: Database) -> None:
    fill(database, 3)
    becomes(database, 3, State.PAUSED, Intent.PAUSE)
    assert move(database, 3, up=True) == 1
    assert order(database) == [1, 3, 2]


def test_a_completed_one_stays(database: Database) -> None:
    fill(database, 3)
    becomes(database, 3, State.COMPLETED)
    seen = downloads.read_revision(database)
    assert move(database, 3, up=True) == move(database, 3, up=True, far=True) == 0
    assert downloads.read_newer(database, seen) == []


def test_all_the_way(database: Database) -> None:
    fill(database, 5)
    assert move(database, 4, 2, up=True, far=True) == 2
    assert order(database) == [4, 2, 1, 3, 5]
    move(database, 1, up=True, far=True)
    assert order(database) == [1, 4, 2, 3, 5]
    move(database, 4, 1, up=False, far=True)
    assert order(database) == [2, 3, 5, 4, 1]


def test_what_is_added_later_comes_last(database: Database) -> None:
    fill(database, 3)
    move(database, 1, up=False, far=True)
    with database.transaction() as transaction:
        request = Request(url="https://example.com/new", directory=Path("/d"))
        new = downloads.insert(transaction, request, now=1.0)
    assert order(database) == [2, 3, 1, new]
    move(database, new, up=True)
    assert order(database) == [2, 3, new, 1]


STEPS = st.lists(
    st.tuples(st.lists(st.integers(1, 7), min_size=1, max_size=4), st.booleans(), st.booleans()), max_size=12
)


@given(steps=STEPS)
def test_no_two_ever_have_the_same_turn(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[list[int], bool, bool]]
) -> None:
    database = Database(new_state_file(tmp_path_factory.mktemp("queue")), durable=False)
    try:
        fill(database, 6)
        expected = list(range(1, 7))
        for ids, up, far in steps:
            move(database, *ids, up=up, far=far)
            expected = moved(expected, [each for each in dict.fromkeys(ids) if each <= 6], up=up, far=far)
            assert order(database) == expected
        assert len({each.turn for each in downloads.read_all(database)}) == 6
    finally:
        database.close()


def moved(before: list[int], ids: list[int], *, up: bool, far: bool) -> list[int]:
    """Move in a plain list."""
    if far:
        rest = [each for each in before if each not in ids]
        return [*ids, *rest] if up else [*rest, *ids]
    line = before if up else before[::-1]
    for at in range(1, len(line)):
        if line[at] in ids and line[at - 1] not in ids:
            line = [*line[: at - 1], line[at], line[at - 1], *line[at + 1 :]]
    return line if up else line[::-1]


# --------------------------------------------------------------------------------------- what the worker reads


def test_the_worker_is_told_of_a_move_and_reads_little(database: Database) -> None:
    fill(database, 50)
    seen = worker_row.read_control(database)
    assert seen.adjusted == 0
    move(database, 30, up=True)
    now = worker_row.read_control(database)
    assert now.adjusted == now.revision == seen.revision + 1
    read = work_rows.read_adjusted(database, after=seen.revision, boot_id="b")
    assert [(each.download.id, each.download.turn) for each in read] == [(29, 30), (30, 29)]
    assert work_rows.read_adjusted(database, after=now.revision, boot_id="b") == []


def test_the_worker_is_told_of_a_limit(database: Database) -> None:
    fill(database, 3)
    seen = worker_row.read_control(database)
    with database.transaction() as transaction:
        assert downloads.set_limit(transaction, 2, 5000)
        assert not downloads.set_limit(transaction, 9, 5000)
    assert worker_row.read_control(database).adjusted == seen.revision + 1
    (work,) = work_rows.read_adjusted(database, after=seen.revision, boot_id="b")
    assert (work.download.id, work.request.bytes_per_second_max) == (2, 5000)
    assert (work.download.intent_number, work.download.acted_number) == (1, 1)
    with database.transaction() as transaction:
        assert downloads.set_limit(transaction, 2, None)
    found = downloads.read_one(database, 2)
    assert found is not None
    assert found.bytes_per_second_max is None


def test_what_is_being_removed_has_no_limit(database: Database) -> None:
    fill(database, 2)
    with database.transaction() as transaction:
        downloads.set_intent(transaction, 1, Intent.REMOVE)
        assert not downloads.set_limit(transaction, 1, 5000)
        assert downloads.missing_of(transaction, [1, 2, 3]) == [1, 3]


def test_the_worker_reads_an_own_limit_only_of_rows_with_work(database: Database) -> None:
    fill(database, 2)
    becomes(database, 1, State.PAUSED, Intent.PAUSE)
    seen = worker_row.read_control(database).revision
    with database.transaction() as transaction:
        for each in (1, 2):
            downloads.set_limit(transaction, each, 5000)
    assert [each.download.id for each in work_rows.read_adjusted(database, after=seen, boot_id="b")] == [2]


@pytest.mark.parametrize("limit", [None, 0, 2_000_000])
def test_the_limit_of_all(database: Database, limit: int | None) -> None:
    assert worker_row.read_control(database).bytes_per_second_max is None
    with database.transaction() as transaction:
        worker_row.set_limit_of_all(transaction, limit)
    assert worker_row.read_control(database).bytes_per_second_max == limit
