"""A wall clock that is set is noticed, and what is shown goes with it; what only drifts is not."""

from __future__ import annotations

import pytest

from tests.worker.values import work
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.worker.wall_clock import WallClock, clock_set


@pytest.mark.parametrize("moved", [259_200.0, -3600.0])
def test_a_clock_that_is_set_is_noticed_once(moved: float) -> None:
    clock = WallClock(wall=1000.0, monotonic=50.0)
    assert clock.moved(wall=1001.0, monotonic=51.0) == 0.0
    assert clock.moved(wall=1002.0 + moved, monotonic=52.0) == moved
    assert clock.moved(wall=1003.0 + moved, monotonic=53.0) == 0.0


def test_a_clock_that_drifts_is_left_alone() -> None:
    clock = WallClock(wall=0.0, monotonic=0.0)
    for second in range(1, 100):
        assert clock.moved(wall=second * 1.5, monotonic=float(second)) == 0.0


def test_what_is_under_way_goes_with_the_clock() -> None:
    waiting = work(State.WAITING, reason=Reason.TIMEOUT, waiting_since=100.0, progress_at=90.0)
    columns = clock_set(waiting, moved=3600.0, now=3710.0, remaining_seconds=5.0).columns
    assert columns["waiting_since"] == 3700.0
    assert columns["progress_at"] == 3690.0
    assert columns["started_at"] is None
    assert (columns["retry_at"], columns["retry_delay_seconds"]) == (3715.0, 5.0)
    running = clock_set(work(State.TRANSFERRING), moved=-1.0, now=0.0, remaining_seconds=None)
    assert not {"retry_at", "retry_delay_seconds"} & running.columns.keys()
