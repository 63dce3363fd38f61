"""How many connections a transfer should use: grow while it pays, step back when the server says so.

Owns the decision, from counts and times that are arguments. Must never open or close anything.
"""

from __future__ import annotations

from dataclasses import dataclass

WORTH_BYTES = 4 * 1024 * 1024
"""With no more than this missing, another connection does not pay."""
FAST_BYTES_PER_SECOND = 100_000_000.0
"""Where one connection brings this much, more of them only cost CPU (measured on loopback)."""
STEP_SECONDS = 0.25
"""Time between two doublings; servers that pace send in bursts, so it is not judged in between."""
JUDGE_SECONDS = 1.5
"""Time over which a number of connections is judged."""
TRIAL_SECONDS_LEFT = 12.0
"""With less time left than this, fewer connections are not tried: the trial would cost more than it saves."""
GAIN = 0.9
"""Half as many connections with this share of the speed are enough."""
REFUSALS_MAX = 16
"""After so many refused requests no more connections are added."""


@dataclass(slots=True)
class Growth:
    """One transfer's number of connections."""

    most: int
    """Never more than this (user's choice, origin's limit)."""
    target: int = 1
    """The number now."""
    refusals: int = 0
    """Requests that were refused so far."""
    _mark: tuple[float, int] | None = None
    _grown: bool = False
    _rate_before: float | None = None
    _count_before: int = 1
    _settled: bool = False

    @classmethod
    def starting(cls, *, most: int, known: int | None) -> Growth:
        """Begins with what worked last time for the origin, or with one."""
        most = max(1, most)
        if known is None:
            return cls(most=most)
        return cls(most=most, target=min(known, most), _grown=True, _settled=True)

    def decide(self, *, now: float, received: int, missing: int) -> int:
        """Returns how many connections there should be.

        Args:
            now: Monotonic seconds.
            received: Bytes this transfer has received so far.
            missing: Bytes not on disk.
        """
        if self._mark is None:
            self._mark = (now, received)
        if missing <= WORTH_BYTES or self._settled:
            return self.target
        passed = now - self._mark[0]
        if not self._grown:
            if passed >= STEP_SECONDS:
                self._grow(now, received)
        elif passed >= JUDGE_SECONDS:
            self._judge(now, received, missing)
        return self.target

    def refused(self, running: int) -> None:
        """The server refused a request: be content with what runs.

        Args:
            running: Connections that bring bytes.
        """
        self.refusals += 1
        self.most = max(1, min(self.most, running))
        self.target = min(self.target, self.most)
        self._grown = True

    @property
    def learned(self) -> int | None:
        """What to remember for the origin; `None` while it is still growing."""
        return self.target if self._grown else None

    def _grow(self, now: float, received: int) -> None:
        """Doubles, unless what is there is fast enough."""
        rate = self._rate(now, received)
        self._mark = (now, received)
        if rate >= FAST_BYTES_PER_SECOND:
            self._grown = self._settled = True
            return
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
