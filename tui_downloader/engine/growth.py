"""How many connections a transfer should use: grow while it pays, step back when the server says so.

Owns the decision, from counts and times that are arguments. Must never open or close anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tui_downloader.engine.caution import Caution
from tui_downloader.engine.origins import CONNECTIONS_MAX

WORTH_BYTES = 4 * 1024 * 1024
"""With no more than this missing, another connection does not pay."""
FAST_BYTES_PER_SECOND = 100_000_000.0
"""Where this much comes, more connections only cost CPU (measured on loopback)."""
STEP_SECONDS = 0.04
"""Shortest time over which the speed is looked at while it grows."""
HELD_SECONDS = 0.3
"""The same once it was fast: a short pause of a busy machine is no reason to grow, the pause of a server that
sends a second's worth at once is."""
JUDGE_SECONDS = 3.0
"""Time over which a number of connections is judged: servers that pace send in bursts, mostly one a second."""
TRIAL_SECONDS_LEFT = 15.0
"""With less time left than this, fewer connections are not tried: the trial would cost more than it saves."""
GAIN = 0.9
"""Half as many connections with this share of the speed are enough."""


@dataclass(slots=True)
class Growth:
    """One transfer's number of connections."""

    most: int
    """Never more than this (user's choice, origin's limit)."""
    target: int = 1
    """The number that is wanted now."""
    caution: Caution = field(default_factory=Caution)
    """What refusals taught."""
    _mark: tuple[float, int] | None = None
    _grown: bool = False
    _held: bool = False
    _settled: bool = False
    _known: int | None = None
    _rate_before: float | None = None
    _count_before: int = 1

    @classmethod
    def starting(cls, *, most: int, known: int | None) -> Growth:
        """Begins with what worked last time for the origin, or with one."""
        most = max(1, most)
        if known is None:
            return cls(most=most)
        return cls(most=most, target=min(known, most), _grown=True, _settled=True, _known=known)

    def decide(
        self,
        *,
        now: float,
        received: int,
        missing: int,
        delivering: int,
        asking: int = 0,
        room: int | None = None,
        held_back: bool = False,
    ) -> int:
        """Returns how many connections there should be.

        Args:
            now: Monotonic seconds.
            received: Bytes this transfer has received so far.
            missing: Bytes not on disk.
            delivering: Connections that bring bytes.
            asking: Connections whose request is not answered yet.
            room: How many the origin has room for; `None` is no limit.
            held_back: Whether a speed limit is what is slow: nothing can be seen of the server then.
        """
        if self._mark is None or held_back:
            self._mark = (now, received)
        limit = self.caution.limit(now=now, delivering=delivering, asking=asking)
        if limit is not None:
            self._grown = self._settled = True
            self.target = min(limit, self.most)
        elif not self._settled and not held_back and missing > WORTH_BYTES:
            self._look(now, received, missing, all_there=delivering >= self.target)
        return self.target if room is None else min(self.target, max(1, room))

    @property
    def learned(self) -> int | None:
        """What to remember for the origin; `None` where nothing new was learned of it, but only of the user."""
        if self.caution.refusals:
            lesson = self.caution.lesson
            return None if lesson is None else min(lesson, self.most)
        if self.target >= self.most < CONNECTIONS_MAX:
            return None
        return self.target if self._grown and self._known is None else None

    def _look(self, now: float, received: int, missing: int, *, all_there: bool) -> None:
        """Grows or judges, once all that were wanted bring bytes and enough time has passed."""
        assert self._mark is not None
        if not all_there:
            if self._grown:
                self._mark = (now, received)
            return
        passed = now - self._mark[0]
        if self._grown:
            if passed >= JUDGE_SECONDS:
                self._judge(now, received, missing)
        elif passed >= (HELD_SECONDS if self._held else STEP_SECONDS):
            self._grow(now, received)

    def _grow(self, now: float, received: int) -> None:
        """Doubles, unless what is there is fast enough."""
        rate = self._rate(now, received)
        self._mark = (now, received)
        self._held = rate >= FAST_BYTES_PER_SECOND
        if not self._held:
            self.target = min(self.target * 2, self.most)
            self._grown = self.target >= self.most

    def _judge(self, now: float, received: int, missing: int) -> None:
        """Compares the speed with that of twice as many connections, and tries half as many."""
        rate = self._rate(now, received)
        self._mark = (now, received)
        if self._rate_before is not None and rate < GAIN * self._rate_before:
            self.target = min(self._count_before, self.most)
            self._settled = True
            return
        if self.target == 1 or missing < rate * TRIAL_SECONDS_LEFT:
            self._settled = self.target == 1
            return
        self._rate_before = max(rate, self._rate_before or 0.0)
        self._count_before = self.target
        self.target = max(1, self.target // 2)

    def _rate(self, now: float, received: int) -> float:
        """Returns bytes a second since the mark."""
        assert self._mark is not None
        passed = now - self._mark[0]
        return (received - self._mark[1]) / passed if passed > 0 else 0.0
