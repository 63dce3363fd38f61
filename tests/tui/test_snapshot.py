"""Merging what changed: order, views, tombstones, and rows that stay the same objects."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.factories import download, snapshot_of
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.session.answers import Changes, Newest
from tui_downloader.state.worker_row import WorkerStatus
from tui_downloader.tui.snapshot import Snapshot, View, begun, merged, position_of, with_older

WORKER = WorkerStatus(running=True, pid=1, held=False)


def changed(snapshot: Snapshot, *rows: Download) -> Snapshot:
    """Merge rows into a snapshot."""
    return merged(snapshot, Changes(2, tuple(sorted(rows, key=lambda each: each.id)), WORKER))


def ids(snapshot: Snapshot, view: View = View.ALL) -> list[int]:
    """Return the ids of a view."""
    return [each.id for each in snapshot.rows[view]]


def test_the_newest_is_first() -> None:
    assert ids(snapshot_of(download(1), download(3), download(2))) == [3, 2, 1]


def test_a_change_keeps_its_place_and_leaves_the_others_alone() -> None:
    old = snapshot_of(download(1), download(2), download(3))
    new = changed(old, download(2, State.TRANSFERRING, bytes_received=7))
    assert ids(new) == [3, 2, 1]
    assert new.rows[View.ALL][0] is old.rows[View.ALL][0]
    assert new.rows[View.ALL][1].bytes_received == 7
    assert old.rows[View.ALL][1].bytes_received == 0


def test_a_view_that_did_not_change_is_the_same_object() -> None:
    old = snapshot_of(download(1, State.COMPLETED), download(2, State.TRANSFERRING))
    new = changed(old, download(2, State.TRANSFERRING, bytes_received=7))
    assert new.rows[View.DONE] is old.rows[View.DONE]
    assert new.rows[View.ACTIVE] is not old.rows[View.ACTIVE]


def test_a_state_moves_a_row_between_views_only() -> None:
    old = snapshot_of(download(1, State.TRANSFERRING), download(2, State.FAILED), download(3, State.PAUSED))
    new = changed(old, download(1, State.COMPLETED), download(2, State.QUEUED))
    assert ids(new) == [3, 2, 1]
    assert (ids(new, View.ACTIVE), ids(new, View.WAITING), ids(new, View.DONE), ids(new, View.FAILED)) == (
        [2],
        [3],
        [1],
        [],
    )


def test_tombstones_and_removals_leave_every_view() -> None:
    old = snapshot_of(download(1), download(2), download(3))
    gone = download(1, removed_at=1.0)
    going = download(3, intent=Intent.REMOVE, intent_number=2)
    assert ids(changed(old, gone, going)) == [2]
    assert ids(changed(changed(old, gone), gone)) == [3, 2]


def test_finding_by_id() -> None:
    snapshot = snapshot_of(download(1), download(5), download(9))
    found = snapshot.find(5)
    assert found is not None
    assert found.id == 5
    assert snapshot.find(4) is None
    assert snapshot.find(None) is None
    assert position_of(snapshot.rows[View.ALL], 9) == 0


STATES = st.sampled_from(list(State))


@given(st.lists(st.dictionaries(st.integers(1, 12), st.tuples(STATES, st.booleans()), max_size=8), max_size=6))
def test_merging_is_like_reading_everything_anew(rounds: list[dict[int, tuple[State, bool]]]) -> None:
    snapshot, truth = Snapshot(), dict[int, Download]()
    for each in rounds:
        rows = [
            dataclasses.replace(download(number, state), removed_at=1.0 if removed else None)
            for number, (state, removed) in each.items()
        ]
        truth |= {row.id: row for row in rows}
        snapshot = changed(snapshot, *rows)
    for view in View:
        assert snapshot.rows[view] == changed(Snapshot(), *truth.values()).rows[view]


def newest_two_of_five() -> Snapshot:
    """Begin with two of five downloads: three queued ones, the oldest has failed, one is done."""
    newest = (download(4), download(5, State.COMPLETED))
    counts = {State.QUEUED: 3, State.COMPLETED: 1, State.FAILED: 1}
    return begun(Snapshot(), Newest(Changes(9, newest, WORKER), counts))


def test_the_counts_are_right_before_the_older_ones_are_read() -> None:
    first = newest_two_of_five()
    assert ids(first) == [5, 4]
    assert [first.count(view) for view in View] == [5, 3, 0, 1, 1]
    assert first.line.place(first.find(4)) is None, "its place is not known yet"


def test_older_pages_go_to_the_end() -> None:
    second = with_older(newest_two_of_five(), [download(2), download(3)])
    third = with_older(second, [download(1, State.FAILED)])
    assert ids(third) == [5, 4, 3, 2, 1]
    assert ids(third, View.FAILED) == [1]
    assert [third.count(view) for view in View] == [5, 3, 0, 1, 1]
    done = with_older(third, [])
    assert done.oldest_read is None
    assert done.line.place(done.find(4)) == 3
    assert done == dataclasses.replace(
        snapshot_of(*done.rows[View.ALL]), revision=9, worker_runs=True, worker_pid=WORKER.pid
    )


def test_a_change_of_a_row_that_was_not_read_yet_is_left_for_its_page() -> None:
    first = changed(newest_two_of_five(), download(1, State.QUEUED), download(4, State.PAUSED), download(6))
    assert ids(first) == [6, 5, 4]
    assert ids(first, View.WAITING) == [4]


def test_a_session_of_one_page_is_read_at_once() -> None:
    newest = Newest(Changes(9, (download(1), download(2)), WORKER), {State.QUEUED: 2})
    first = begun(Snapshot(), newest)
    assert first.oldest_read is None
    assert first.line.place(first.find(2)) == 2
