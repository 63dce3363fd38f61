"""Speed limits by themselves: who waits, and what ends the waiting."""

from __future__ import annotations

import threading
import time

import pytest

from tui_downloader.engine.throttle import Throttle, Throttles

BLOCK = memoryview(bytes(1_000_000))


def test_without_a_limit_nobody_waits() -> None:
    waits: list[float] = []
    throttles = Throttles(Throttle(), Throttle(0))
    blocks = [BLOCK, BLOCK[:0], BLOCK[:5]]
    assert [len(each) for each in throttles.paced(blocks, waits.append)] == [1_000_000, 5]
    assert waits == [0.0, 0.0]
    assert throttles.piece_bytes is None
    assert not throttles.hold_back


def test_the_strictest_limit_counts() -> None:
    throttles = Throttles(Throttle(1_000_000), Throttle(50_000), Throttle())
    assert throttles.piece_bytes == 5_000
    began = time.monotonic()
    assert b"".join(throttles.paced([BLOCK[:15_000]], time.sleep)) == BLOCK[:15_000]
    assert time.monotonic() - began > 0.25


def test_only_another_limit_is_a_change() -> None:
    throttle = Throttle(1000)
    assert not throttle.set_rate(1000)
    assert throttle.set_rate(None)
    assert not throttle.set_rate(0)
    assert throttle.set_rate(1000)


@pytest.mark.parametrize("rate", [None, 10_000_000.0])
def test_a_limit_that_is_lifted_ends_the_waiting(rate: float | None) -> None:
    throttle = Throttle(1.0)
    throttles = Throttles(Throttle(), throttle)
    thread = threading.Thread(target=lambda: list(throttles.paced([BLOCK], time.sleep)), daemon=True)
    thread.start()
    while not throttles.hold_back:
        time.sleep(0.001)
    throttle.set_rate(rate)
    thread.join(30)
    assert not thread.is_alive(), "it would have waited for a million seconds"


def test_a_stop_ends_the_waiting() -> None:
    class EndedError(Exception):
        pass

    def stop(_seconds: float) -> None:
        raise EndedError

    throttles = Throttles(Throttle(1_000_000))
    for _ in range(3):
        with pytest.raises(EndedError):
            list(throttles.paced([BLOCK], stop))
    assert throttles.piece_bytes == 100_000, "who has left shares nothing any more"
