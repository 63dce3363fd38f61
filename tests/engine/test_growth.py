"""How many connections: against servers that are only arithmetic."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tui_downloader.engine.growth import REFUSALS_MAX, Growth

MB = 1_000_000
STEP = 0.05


def settle(
    rate: Callable[[int], float], *, size: int, most: int = 16, known: int | None = None
) -> tuple[int, float]:
    """Play a transfer from a server whose speed depends on the connections; return their number and the time."""
    growth = Growth.starting(most=most, known=known)
    received, now, count = 0.0, 0.0, growth.target
    while received < size:
        received += rate(count) * STEP
        now += STEP
        count = growth.decide(now=now, received=int(received), missing=max(0, size - int(received)))
    return growth.target, now


def test_a_server_that_caps_each_connection_gets_all_of_them() -> None:
    count, seconds = settle(lambda n: n * 2 * MB, size=2000 * MB)
    assert count == 16
    assert seconds < 1.2 * 2000 / 32


def test_a_server_that_caps_all_together_gets_few() -> None:
    count, seconds = settle(lambda _: 10.0 * MB, size=2000 * MB)
    assert count <= 2
    assert seconds == pytest.approx(200, rel=0.01)


def test_a_fast_server_keeps_its_one_connection() -> None:
    assert settle(lambda _: 400.0 * MB, size=4000 * MB)[0] == 1


def test_what_worked_last_time_is_where_it_begins() -> None:
    first = settle(lambda n: n * 2 * MB, size=100 * MB)[1]
    again = settle(lambda n: n * 2 * MB, size=100 * MB, known=16)[1]
    assert again < first
    assert again == pytest.approx(100 / 32, abs=2 * STEP)


def test_never_more_than_the_users_limit() -> None:
    assert settle(lambda n: n * 2 * MB, size=500 * MB, most=3)[0] == 3
    assert Growth.starting(most=4, known=16).target == 4


def test_a_refusal_is_content_with_what_runs() -> None:
    growth = Growth.starting(most=16, known=16)
    for _ in range(REFUSALS_MAX):
        growth.refused(5)
    assert (growth.target, growth.learned) == (5, 5)
