"""Speed limits in simulated time: how much came when, for any number of connections."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.simulated_time import SimulatedTime
from tui_downloader.engine.throttle import LOOK_SECONDS, Throttle, Throttles

RATES = [1_000, 50_000, 500_000, 5_000_000, 100_000_000]
CONNECTIONS = [1, 2, 4, 16]
SECONDS = 6.0
BURST_MAX_SECONDS = 0.25
"""Most that may come at once, in seconds of the limit."""
DEVIATION_MAX = 0.05
"""Of the limit, over five seconds."""

FAST = 400_000_000.0
"""A server that is faster than every limit here, in bytes a second."""
SYSTEM_BUFFER_BYTES = 4 * 1024 * 1024
PACKET_BYTES = 1460
STEP_SECONDS = 0.005

_BYTES = memoryview(bytes(1024 * 1024))


@dataclass(slots=True)
class Arrivals:
    """What came when."""

    time: SimulatedTime
    entries: list[tuple[float, int]] = field(default_factory=list)

    def note(self, count: int) -> None:
        self.entries.append((self.time.passed, count))

    @property
    def total(self) -> int:
        return sum(count for _, count in self.entries)

    def between(self, start: float, stop: float) -> int:
        """Return the bytes that came in (start, stop]."""
        return sum(count for at, count in self.entries if start < at <= stop)

    def burst_seconds(self, rate: float) -> float:
        """Return by how much any stretch of time brought more than the limit, in seconds of the limit."""
        came, least, most = 0.0, 0.0, 0.0
        for at, count in self.entries:
            least = min(least, came - rate * at)
            came += count
            most = max(most, came - rate * at - least)
        return most / rate

    def longest_pause(self) -> float:
        return max(after - before for before, after in pairwise(at for at, _ in self.entries))


class Scene:
    """Transfers and their connections under a common limit."""

    def __init__(self, rate: float | None, *, seconds: float = SECONDS, oversleep: float = 0.0) -> None:
        """Begin.

        Args:
            rate: The common limit.
            seconds: When it ends.
            oversleep: By how much waits may take longer, as they do on a busy machine.
        """
        self.time = SimulatedTime(seconds=seconds)
        self.everybody = Throttle(rate, clock=self.time.clock)
        self.all = Arrivals(self.time)
        self._oversleep = oversleep
        self._random = random.Random(1)

    def transfer(
        self,
        connections: int = 1,
        *,
        rate: float | None = None,
        server: float = FAST,
        silent: tuple[float, float] = (0.0, 0.0),
        after: float = 0.0,
        block_bytes: int | None = None,
    ) -> list[Arrivals]:
        """Begin a transfer; returns what each of its connections gets.

        Args:
            connections: How many.
            rate: Its own limit.
            server: What the server brings over each connection, in bytes a second.
            silent: From when to when it brings nothing.
            after: When it begins.
            block_bytes: What an HTTP library hands on at once; `None` reads as much as is asked for.
        """
        throttles = Throttles(self.everybody, Throttle(rate, clock=self.time.clock), clock=self.time.clock)

        def receive(arrivals: Arrivals) -> None:
            socket = Socket(self.time, server, silent=silent)
            for piece in throttles.paced(_blocks(socket, throttles, block_bytes), self.wait):
                arrivals.note(len(piece))
                self.all.note(len(piece))

        arrivals = [Arrivals(self.time) for _ in range(connections)]
        for each in arrivals:
            self.time.start(partial(receive, each), after=after)
        return arrivals

    def change(self, rate: float | None, *, after: float) -> None:
        """Set another common limit later."""
        self.time.start(lambda: self.everybody.set_rate(rate), after=after)

    def wait(self, seconds: float) -> None:
        self.time.wait(seconds + self._random.uniform(0, self._oversleep) if seconds else 0.0)


class Socket:
    """A connection's receiving end: the server sends at its own rate until the system's buffer is full."""

    def __init__(self, time: SimulatedTime, rate: float, *, silent: tuple[float, float]) -> None:
        """Connect."""
        self._time = time
        self._rate = rate
        self._silent = silent
        self._there = 0.0
        self._filled_at = time.passed

    def receive(self, count: int) -> memoryview:
        """Wait until a packet (or what is asked for) is there; return at most so many bytes."""
        least = min(PACKET_BYTES, count)
        while self._fill() < least:
            self._time.wait(max(STEP_SECONDS, least / self._rate))
        taken = min(count, int(self._there), len(_BYTES))
        self._there -= taken
        return _BYTES[:taken]

    def _fill(self) -> float:
        now, (start, stop) = self._time.passed, self._silent
        sending = now - self._filled_at - max(0.0, min(now, stop) - max(self._filled_at, start))
        self._filled_at = now
        self._there = min(SYSTEM_BUFFER_BYTES, self._there + sending * self._rate)
        return self._there


def _blocks(socket: Socket, throttles: Throttles, block_bytes: int | None) -> Iterator[memoryview]:
    while True:
        yield socket.receive(block_bytes or throttles.piece_bytes or len(_BYTES))


def total(arrivals: Sequence[Arrivals]) -> int:
    return sum(each.total for each in arrivals)


def together(arrivals: Sequence[Arrivals]) -> Arrivals:
    return Arrivals(arrivals[0].time, sorted(entry for each in arrivals for entry in each.entries))


def assert_holds(arrivals: Arrivals, rate: float) -> None:
    """Assert that a limit is kept, used and smooth."""
    assert arrivals.burst_seconds(rate) <= BURST_MAX_SECONDS
    for start in (0.5, 0.7, 0.9):
        assert arrivals.between(start, start + 5) == pytest.approx(5 * rate, rel=DEVIATION_MAX)
    assert arrivals.longest_pause() <= BURST_MAX_SECONDS


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("connections", CONNECTIONS)
@pytest.mark.parametrize("oversleep", [0.0, 0.02])
def test_a_limit_is_kept_used_and_smooth(rate: int, connections: int, oversleep: float) -> None:
    scene = Scene(rate, oversleep=oversleep)
    arrivals = scene.transfer(connections)
    scene.time.run()
    assert_holds(scene.all, rate)
    # Nobody starves: the one that brings the front gets as much as the others.
    shares = [each.between(1, SECONDS) for each in arrivals]
    assert min(shares) >= 0.9 * max(shares)
    assert all(each.longest_pause() <= BURST_MAX_SECONDS for each in arrivals)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("connections", CONNECTIONS)
def test_blocks_of_a_library_are_handed_on_smoothly(rate: int, connections: int) -> None:
    scene = Scene(rate)
    scene.transfer(connections, block_bytes=65_536)
    scene.time.run()
    assert_holds(scene.all, rate)


@given(
    st.sampled_from(RATES),
    st.lists(st.tuples(st.integers(1, 6), st.none() | st.integers(20_000, 10**7)), min_size=1, max_size=5),
    st.sampled_from([0.0, 0.005]),
)
@settings(max_examples=30)
def test_limits_of_transfers_and_of_all_hold_together(
    rate: int, transfers: list[tuple[int, int | None]], oversleep: float
) -> None:
    scene = Scene(rate, oversleep=oversleep, seconds=3.0)
    arrivals = [scene.transfer(connections, rate=own) for connections, own in transfers]
    scene.time.run()
    assert scene.all.burst_seconds(rate) <= BURST_MAX_SECONDS
    for (_, own), each in zip(transfers, arrivals, strict=True):
        assert own is None or together(each).burst_seconds(own) <= BURST_MAX_SECONDS


def test_transfers_share_alike_whatever_their_connections() -> None:
    scene = Scene(1_000_000)
    one, many, late = scene.transfer(1), scene.transfer(16), scene.transfer(4, after=3.0)
    scene.time.run()
    assert scene.all.burst_seconds(1_000_000) <= BURST_MAX_SECONDS
    assert total(one) == pytest.approx(total(many), rel=0.05)
    since = [sum(each.between(3.5, SECONDS) for each in group) for group in (one, many, late)]
    assert min(since) == pytest.approx(max(since), rel=0.1)


def test_what_one_cannot_use_the_others_get() -> None:
    rate = 1_000_000
    scene = Scene(rate)
    slow = scene.transfer(4, server=10_000)
    limited = scene.transfer(2, rate=100_000)
    fast = scene.transfer(1)
    scene.time.run()
    assert_holds(scene.all, rate)
    assert total(slow) == pytest.approx(4 * 10_000 * SECONDS, rel=0.1)
    assert total(limited) == pytest.approx(100_000 * SECONDS, rel=0.05)
    assert total(fast) == pytest.approx(860_000 * SECONDS, rel=0.05)


def test_a_stalled_connection_holds_nothing_up() -> None:
    scene = Scene(1_000_000)
    stalled = scene.transfer(8, silent=(0.0, SECONDS))
    (alive,) = scene.transfer(1)
    scene.time.run()
    assert total(stalled) == 0
    assert_holds(alive, 1_000_000)


def test_after_a_silence_little_comes_at_once() -> None:
    rate = 1_000_000
    scene = Scene(rate)
    scene.transfer(16, server=70_000, silent=(0.5, 3.5))
    scene.time.run()
    assert scene.all.longest_pause() > 1.0
    assert scene.all.burst_seconds(rate) <= BURST_MAX_SECONDS
    assert scene.all.between(4.0, 6.0) == pytest.approx(2 * rate, rel=0.06)


@pytest.mark.parametrize("connections", CONNECTIONS)
@pytest.mark.parametrize("block_bytes", [None, 65_536])
@pytest.mark.parametrize(
    ("before", "after"), [(1_000, 5_000_000), (10_000_000, 1_000), (500_000, 700_000), (None, 5_000_000)]
)
def test_another_limit_holds_at_once(
    before: int | None, after: int, connections: int, block_bytes: int | None
) -> None:
    """The old one is not waited for, and what was asked for under it drips under the new one."""
    server, changed_at = 20_000_000, 2.04
    scene = Scene(before, seconds=8.0)
    scene.transfer(connections, server=server / connections, block_bytes=block_bytes)
    scene.change(after, after=changed_at)
    scene.time.run()
    entries = [(at - changed_at, count) for at, count in scene.all.entries if at > changed_at]
    since = Arrivals(scene.time, entries)
    assert entries[0][0] <= BURST_MAX_SECONDS
    # What had its turn under the old limit at that very moment comes, too.
    turn = min(before or server, server) * 0.1
    assert since.between(0, 0.5) <= 0.75 * after + turn
    assert since.between(0.5, 5.5) == pytest.approx(5 * after, rel=DEVIATION_MAX)


@pytest.mark.parametrize("connections", CONNECTIONS)
@pytest.mark.parametrize("block_bytes", [None, 65_536])
@pytest.mark.parametrize("rate", [1, 1_000])
def test_a_lifted_limit_frees_everybody_at_once(connections: int, block_bytes: int | None, rate: int) -> None:
    scene = Scene(rate, seconds=4.0)
    arrivals = scene.transfer(connections, server=5_000_000 / connections, block_bytes=block_bytes)
    scene.change(None, after=2.04)
    scene.time.run()
    assert scene.all.between(0, 2.03) <= 2.3 * rate
    assert all(each.between(2.03, 2.04 + BURST_MAX_SECONDS) for each in arrivals)
    assert scene.all.between(2.5, 3.5) == pytest.approx(5_000_000, rel=0.02)


def test_a_large_block_is_freed_within_one_look() -> None:
    scene = Scene(1_000)
    (arrivals,) = scene.transfer(server=1_000_000, block_bytes=1_000_000)
    scene.change(None, after=2.01)
    scene.change(1_000, after=2.01 + LOOK_SECONDS)
    scene.time.run()
    assert arrivals.between(0, 2.0) <= 2_000
    assert arrivals.between(2.0, 2.02 + LOOK_SECONDS) >= 990_000


def test_a_limit_of_less_than_a_byte_a_turn_is_kept() -> None:
    scene = Scene(3, seconds=20.0)
    scene.transfer(16)
    scene.time.run()
    assert scene.all.total == pytest.approx(60, abs=2)


def test_who_had_to_wait_is_held_back() -> None:
    scene = Scene(None)
    slow = Throttles(Throttle(10_000, clock=scene.time.clock), clock=scene.time.clock)
    said = list[bool]()

    def receive() -> None:
        said.append(slow.hold_back)
        for _ in slow.paced([_BYTES[:2000]], scene.wait):
            said.append(slow.hold_back)
        scene.wait(1.5)
        said.append(slow.hold_back)

    scene.time.start(receive)
    scene.time.run()
    assert said == [False, True, True, False]
