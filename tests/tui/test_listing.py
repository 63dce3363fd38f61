"""Filtered and sorted rows: kept up to date change by change, they are what sorting anew would give."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.factories import MB, download, snapshot_of
from tests.tui.test_snapshot import WORKER
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.session.session import Changes
from tui_downloader.tui.filter import parse_filter
from tui_downloader.tui.listing import FEW, Arrangement, Listing, listed
from tui_downloader.tui.order import Order, in_order, remembered_order
from tui_downloader.tui.snapshot import Snapshot, merged
from tui_downloader.tui.view import View

NAMES = ("part-2", "part-10", "Alpha", "beta", None)


def arranged(snapshot: Snapshot, arrangement: Arrangement) -> Snapshot:
    """Arrange a snapshot's rows, as the feed does."""
    return dataclasses.replace(snapshot, listing=listed(arrangement, snapshot.rows[arrangement.view]))


def ids(order: Order, *rows: Download) -> list[int]:
    """Return ids in an order."""
    return [each.id for each in in_order(rows, order)]


def test_orders() -> None:
    rows = (
        download(3, State.PAUSED, filename="part-10.bin", bytes_expected=MB, url="https://b.example/x"),
        download(2, State.COMPLETED, filename="Part-2.bin", bytes_received=5 * MB, url="https://a.example/x"),
        download(1, State.QUEUED, filename="alpha.bin", url="https://b.example/y", queue_place=9),
    )
    assert ids(Order.NEWEST, *rows) == [3, 2, 1]
    assert ids(Order.OLDEST, *rows) == [1, 2, 3]
    assert ids(Order.NAME, *rows) == [1, 2, 3]
    assert ids(Order.SIZE, *rows) == [2, 3, 1], "an unknown size comes last"
    assert ids(Order.HOST, *rows) == [2, 3, 1]
    assert ids(Order.QUEUE, *rows) == [2, 3, 1]


@pytest.mark.parametrize("order", Order)
def test_equal_rows_are_told_apart_by_their_id_and_many_are_sorted_alike(order: Order) -> None:
    rows = [download(number, filename="same", url="https://h/x") for number in range(60_000, 0, -1)]
    expected = [each.id for each in sorted(rows, key=order.key)]
    assert [each.id for each in in_order(rows, order)] == expected
    assert expected in (sorted(expected), sorted(expected, reverse=True))


@pytest.mark.parametrize("order", Order)
def test_a_row_never_moves_because_its_state_changed(order: Order) -> None:
    rows = [download(number, bytes_expected=number % 3 * MB) for number in range(1, 7)]
    before = arranged(snapshot_of(*rows), Arrangement(order=order))
    for state in State:
        size = rows[3].bytes_expected
        changed = dataclasses.replace(rows[3], state=state, bytes_received=size or 0, bytes_per_second=5.0)
        after = merged(before, Changes(2, (changed,), WORKER))
        assert [each.id for each in after.listing.rows] == [each.id for each in before.listing.rows]
        assert changed in after.listing.rows


def test_remembered_orders() -> None:
    for order in Order:
        assert remembered_order(order.name.lower()) is order
    assert remembered_order(None) is remembered_order("no such order") is Order.NEWEST


def test_a_plain_arrangement_is_the_view_itself() -> None:
    snapshot = arranged(snapshot_of(download(1), download(2, State.FAILED)), Arrangement(View.ACTIVE))
    assert snapshot.listing.rows is snapshot.rows[View.ACTIVE]


def test_a_listing_that_no_change_concerns_is_the_same() -> None:
    rows = [download(1, State.FAILED, filename="a"), download(2, State.COMPLETED, filename="b")]
    before = arranged(snapshot_of(*rows), Arrangement(filter=parse_filter("state:failed")))
    changed = dataclasses.replace(rows[1], revision=9)
    assert merged(before, Changes(2, (changed,), WORKER)).listing is before.listing


downloads = st.builds(
    download,
    st.integers(1, 30),
    st.sampled_from(list(State)),
    filename=st.sampled_from(NAMES),
    bytes_expected=st.sampled_from([None, 1, 2]),
    intent=st.sampled_from([Intent.RUN, Intent.RUN, Intent.REMOVE]),
    removed_at=st.sampled_from([None, None, None, 1.0]),
    queue_place=st.sampled_from([None, 3, 70]),
)
changes = st.lists(downloads, max_size=20, unique_by=lambda each: each.id)
arrangements = st.builds(
    Arrangement,
    st.sampled_from(list(View)),
    st.sampled_from(["", "part", "state:failed state:queued", "zzz", "state:wrong"]).map(parse_filter),
    st.sampled_from(list(Order)),
)


@given(arrangements, st.lists(changes, max_size=4))
def test_change_by_change_comes_out_as_arranging_anew(
    arrangement: Arrangement, steps: list[list[Download]]
) -> None:
    snapshot = Snapshot(listing=Listing(arrangement))
    for revision, step in enumerate(steps, start=1):
        rows = tuple(sorted(step, key=lambda each: each.id))
        snapshot = merged(snapshot, Changes(revision, rows, WORKER))
        assert snapshot.listing == listed(arrangement, snapshot.rows[arrangement.view])


def test_many_changes_at_once_come_out_as_one_by_one() -> None:
    rows = [download(number, list(State)[number % len(State)]) for number in range(1, 3 * FEW)]
    much = [dataclasses.replace(each, state=State.PAUSED) for each in rows[::2]]
    much[5] = dataclasses.replace(much[5], removed_at=1.0)
    at_once = merged(snapshot_of(*rows), Changes(2, tuple(much), WORKER))
    one_by_one = snapshot_of(*rows)
    for each in much:
        one_by_one = merged(one_by_one, Changes(2, (each,), WORKER))
    assert at_once == one_by_one
    assert at_once.removals == 1


FILTERS = (
    "",
    "a",
    "ar",
    "art-2",
    "part 2",
    "host:h",
    "host:h a",
    "host:hh",
    "state:a",
    "state:ac part",
    "state:x",
)


@pytest.mark.parametrize("before", FILTERS)
@pytest.mark.parametrize("order", [Order.NEWEST, Order.NAME])
def test_from_any_filter_to_any_other_the_rows_are_those_of_arranging_anew(before: str, order: Order) -> None:
    states = (State.QUEUED, State.PAUSED, State.COMPLETED)
    urls = ("https://hh.example/x", "https://h.example/y", "https://other.example/z")
    rows = tuple(download(27 - at, states[at % 3], filename=NAMES[at % 5], url=urls[at // 9]) for at in range(27))
    old = listed(Arrangement(filter=parse_filter(before), order=order), rows)
    for text in FILTERS:
        for wanted in (
            Arrangement(filter=parse_filter(text), order=order),
            Arrangement(filter=parse_filter(text)),
        ):
            assert old.rearranged(wanted, rows) == listed(wanted, rows), text


def test_one_letter_more_looks_only_at_what_matched_before() -> None:
    rows = tuple(download(number, filename=f"part-{number}") for number in range(30, 0, -1))
    old = listed(Arrangement(filter=parse_filter("part-1")), rows)
    more = Arrangement(filter=parse_filter("part-12"))
    assert [each.id for each in old.rearranged(more, ()).rows] == [12]
    for text in ("part", "art-2", "part-1 state:done", "part-1 host:h"):
        narrower = parse_filter(text).narrows(old.arrangement.filter)
        assert narrower is text.startswith("part-1"), text
