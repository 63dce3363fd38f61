"""Starting a worker again: at once at first, then with growing pauses."""

from __future__ import annotations

from tui_downloader.session.keeper import WorkerKeeper


def test_nothing_is_started_without_work_or_beside_a_worker() -> None:
    keeper = WorkerKeeper()
    assert not keeper.wants_start(running=True, has_work=True, now=0.0)
    assert not keeper.wants_start(running=False, has_work=False, now=1.0)
    assert keeper.next_start is None


def test_the_third_stop_in_a_minute_brings_a_pause_that_doubles() -> None:
    keeper = WorkerKeeper()
    assert keeper.wants_start(running=False, has_work=True, now=0.0)
    assert keeper.wants_start(running=False, has_work=True, now=10.0)
    assert not keeper.wants_start(running=False, has_work=True, now=20.0)
    assert keeper.next_start == 50.0
    assert not keeper.wants_start(running=False, has_work=True, now=49.0)
    assert keeper.wants_start(running=False, has_work=True, now=50.0)
    assert keeper.next_start == 110.0


def test_stops_that_are_far_apart_bring_no_pause() -> None:
    keeper = WorkerKeeper()
    for now in (0.0, 61.0, 122.0, 183.0):
        assert keeper.wants_start(running=False, has_work=True, now=now)


def test_a_worker_that_runs_for_a_while_is_well_again() -> None:
    keeper = WorkerKeeper()
    for now in (0.0, 1.0, 2.0):
        keeper.wants_start(running=False, has_work=True, now=now)
    assert keeper.next_start is not None
    keeper.wants_start(running=True, has_work=True, now=20.0)
    assert not keeper.wants_start(running=False, has_work=True, now=21.0), "it ran too short to be well"
    keeper.wants_start(running=True, has_work=True, now=40.0)
    keeper.wants_start(running=True, has_work=True, now=50.0)
    assert keeper.wants_start(running=False, has_work=True, now=51.0)


def test_work_that_is_done_ends_the_pause() -> None:
    keeper = WorkerKeeper()
    for now in (0.0, 1.0, 2.0):
        keeper.wants_start(running=False, has_work=True, now=now)
    keeper.wants_start(running=False, has_work=False, now=3.0)
    assert keeper.next_start is None
