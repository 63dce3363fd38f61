"""The queue on the screen: places follow turns, whoever comes, goes or moves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.factories import download, snapshot_of
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.session.session import Changes
from tui_downloader.state.worker_row import WorkerStatus
from tui_downloader.tui.snapshot import Snapshot, View, merged
from tui_downloader.tui.waiting_line import WaitingLine, in_line, is_in_line

WORKER = WorkerStatus(running=True, pid=1, held=False)


def after(snapshot: Snapshot, *rows: Download) -> Snapshot:
    """Merge changed rows."""
    changes = Changes(snapshot.revision + 1, tuple(sorted(rows, key=lambda each: each.id)), WORKER)
    return merged(snapshot, changes)


def places(snapshot: Snapshot) -> dict[int, int | None]:
    """Return each row's place by id."""
    return {each.id: snapshot.line.place(each) for each in snapshot.rows[View.ALL]}


def test_the_oldest_is_next_until_it_is_moved() -> None:
    snapshot = snapshot_of(download(1, State.TRANSFERRING), download(2), download(3), download(4))
    assert places(snapshot) == {1: None, 2: 1, 3: 2, 4: 3}
    snapshot = after(snapshot, download(2, queue_place=4), download(4, queue_place=2))
    assert places(snapshot) == {1: None, 4: 1, 3: 2, 2: 3}


def test_whoever_leaves_lets_the_others_move_up() -> None:
    snapshot = snapshot_of(download(1), download(2), download(3))
    assert places(after(snapshot, download(1, State.CONNECTING))) == {1: None, 2: 1, 3: 2}
    assert places(after(snapshot, download(2, removed_at=1.0))) == {1: 1, 3: 2}
    paused = download(2, intent=Intent.PAUSE, intent_number=2)
    assert places(after(snapshot, paused)) == {1: 1, 2: None, 3: 2}
    assert places(after(after(snapshot, paused), download(2))) == {1: 1, 2: 2, 3: 3}


def test_the_line_stays_the_same_object_while_nobody_moves() -> None:
    snapshot = snapshot_of(download(1, State.TRANSFERRING), download(2))
    assert after(snapshot, download(1, State.TRANSFERRING, bytes_received=5)).line is snapshot.line
    assert after(snapshot, download(2, bytes_expected=5)).line is snapshot.line


def test_who_is_in_line() -> None:
    assert is_in_line(download(1))
    assert not is_in_line(download(1, State.WAITING))
    assert not is_in_line(download(1, intent=Intent.CANCEL, intent_number=2))
    assert WaitingLine().place(None) is None
    assert WaitingLine().place(download(1)) is None, "one that the line has not heard of"


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(State), st.none() | st.integers(-5, 20)), max_size=30)
)
def test_after_any_changes_it_is_as_if_sorted_anew(changes: list[tuple[int, State, int | None]]) -> None:
    snapshot = Snapshot()
    for download_id, state, place in changes:
        snapshot = after(snapshot, download(download_id, state, queue_place=place))
    waiting = [each for each in snapshot.rows[View.ALL] if is_in_line(each)]
    assert snapshot.line.turns == tuple(sorted((each.turn, each.id) for each in waiting))
    assert len(snapshot.line) == len(waiting)


def test_places_are_worded_as_people_say_them() -> None:
    worded = {
        1: "next",
        2: "2nd",
        3: "3rd",
        4: "4th",
        11: "11th",
        12: "12th",
        13: "13th",
        21: "21st",
        102: "102nd",
    }
    assert {place: in_line(place) for place in worded} == worded
    assert in_line(1011) == "1,011th"
