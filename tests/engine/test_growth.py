"""How many connections: against servers that are only arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tui_downloader.engine.caution import PROBES_MAX
from tui_downloader.engine.growth import Growth

MB = 1_000_000
STEP = 0.05


@dataclass(slots=True)
class Played:
    """How a transfer went."""

    growth: Growth
    seconds: float
    most: int
    refused: int


def play(
    rate: Callable[[int], float],
    *,
    size: int,
    most: int = 16,
    known: int | None = None,
    allowed: int = 16,
    burst: float = 0.0,
    room: int | None = None,
) -> Played:
    """Play a transfer from a server whose speed depends on the connections.

    Args:
        rate: Bytes per second of so many connections.
        size: Of the file.
        most: The user's limit.
        known: What worked last time.
        allowed: How many connections the server allows; it refuses more.
        burst: The server sends so many seconds' worth at once, then pauses.
        room: How many the origin has left.
    """
    growth = Growth.starting(most=most, known=known)
    received, owed, now, running, highest, refused = 0.0, 0.0, 0.0, 1, 1, 0
    while received < size:
        served = min(running, allowed)
        for _ in range(running - served):
            growth.caution.refused()
            refused += 1
        now += STEP
        owed += rate(served) * STEP
        if not burst or now % burst < STEP:
            received, owed = received + owed, 0.0
        running = growth.decide(
            now=now,
            received=int(received),
            missing=max(0, size - int(received)),
            delivering=served if received else 0,
            room=room,
        )
        highest = max(highest, running)
    return Played(growth, now, highest, refused)


def test_a_server_that_caps_each_connection_gets_all_of_them_at_once() -> None:
    played = play(lambda n: n * 2 * MB, size=2000 * MB)
    assert played.growth.learned == 16
    assert played.seconds < 1.05 * 2000 / 32


@pytest.mark.parametrize("burst", [0.3, 1.0, 1.4])
def test_a_server_that_sends_in_bursts_gets_all_of_them(burst: float) -> None:
    played = play(lambda n: n * 2 * MB, size=1000 * MB, burst=burst)
    assert played.growth.learned == 16
    assert played.seconds < 1.15 * 1000 / 32


def test_a_first_second_at_once_is_not_taken_for_a_fast_server() -> None:
    assert play(lambda n: n * 8 * MB, size=1000 * MB, burst=1.0).growth.learned == 16


def test_a_server_that_caps_all_together_gets_few() -> None:
    played = play(lambda _: 10.0 * MB, size=2000 * MB)
    assert played.growth.learned is not None
    assert played.growth.learned <= 2
    assert played.seconds == pytest.approx(200, rel=0.01)


def test_a_fast_server_keeps_its_one_connection_and_nothing_is_learned_of_it() -> None:
    played = play(lambda _: 400.0 * MB, size=4000 * MB)
    assert (played.most, played.growth.learned) == (1, None)


def test_what_worked_last_time_is_where_it_begins() -> None:
    first = play(lambda n: n * 2 * MB, size=100 * MB)
    again = play(lambda n: n * 2 * MB, size=100 * MB, known=16)
    assert again.seconds < first.seconds
    assert again.seconds == pytest.approx(100 / 32, abs=3 * STEP)
    assert again.growth.learned is None, "nothing new: what is remembered gets old, and is tried anew some day"


def test_never_more_than_the_users_limit() -> None:
    assert play(lambda n: n * 2 * MB, size=500 * MB, most=3).most == 3
    assert Growth.starting(most=4, known=16).target == 4


def test_the_users_limit_teaches_nothing_of_the_server() -> None:
    assert play(lambda n: n * 2 * MB, size=500 * MB, most=1).growth.learned is None
    assert play(lambda n: n * 2 * MB, size=500 * MB, most=4).growth.learned is None
    assert play(lambda _: 10.0 * MB, size=2000 * MB, most=4).growth.learned in {1, 2}, "but this the server does"


def test_a_speed_limit_teaches_nothing_and_is_no_reason_to_grow() -> None:
    growth, now = Growth.starting(most=16, known=None), 0.0
    for held_back in [True] * 400 + [False] * 400:
        now += STEP
        wanted = growth.decide(
            now=now,
            received=int(now * MB),
            missing=4000 * MB,
            delivering=growth.target,
            held_back=held_back,
        )
        if held_back:
            assert (wanted, growth.learned) == (1, None)
    assert growth.learned, "once it is lifted, the server is looked at"


def test_never_more_than_the_origin_has_room_for() -> None:
    played = play(lambda n: n * 2 * MB, size=500 * MB, room=5)
    assert played.most == 5


@pytest.mark.parametrize("known", [None, 16])
@pytest.mark.parametrize("allowed", [1, 2, 3, 4, 7, 12])
def test_it_settles_at_what_a_server_allows(allowed: int, known: int | None) -> None:
    played = play(lambda n: n * 2 * MB, size=60 * 2 * MB * allowed, allowed=allowed, known=known)
    assert played.growth.learned == allowed
    assert played.refused <= max(PROBES_MAX, 16)
    assert played.seconds < 62


def test_a_small_rest_is_not_worth_another_connection() -> None:
    growth = Growth.starting(most=16, known=None)
    for step in range(100):
        assert growth.decide(now=step * 0.1, received=step, missing=4 * MB, delivering=1) == 1
