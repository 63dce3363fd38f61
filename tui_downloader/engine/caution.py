"""What refused requests teach: how many connections a server allows, and when to ask for one more.

Owns the budget of refusals of one transfer; counts and times are arguments. Must never open or close anything.
"""

from __future__ import annotations

from dataclasses import dataclass

PROBE_SECONDS = 1.0
"""First wait before one connection more is tried after a refusal; it doubles with each that is refused."""
PROVEN_SECONDS = 2.5
"""One connection more is allowed once it has brought bytes for so long: some servers turn away in the middle."""
PROBES_MAX = 12
"""After so many refused requests no further connection is tried."""
REFUSALS_MAX = 16
"""After so many, refused or still open and unproven, only a connection without which nothing would come asks."""


@dataclass(slots=True)
class Caution:
    """One transfer's experience with refusals."""

    refusals: int = 0
    """Requests that were refused so far."""
    allowed: int | None = None
    """How many connections there may be since the server refused one; `None` before it ever did."""
    doubted: int = 0
    """Requests that were given up before anybody knew what becomes of them, since the first one was refused."""
    lesson: int | None = None
    """How many brought bytes beside a refusal; `None` where nobody did: then it was no question of number."""
    _unsettled: bool = False
    _of_number: bool = True
    _pause: float = PROBE_SECONDS
    _probe_at: float = 0.0
    _probing: bool = False

    def refused(self, *, of_number: bool = True) -> None:
        """Counts a refused request.

        Args:
            of_number: Whether others brought bytes meanwhile, so that it was one too many; else it teaches
                nothing.
        """
        self.refusals += 1
        self._unsettled = True
        self._of_number = of_number

    def gave_up(self) -> None:
        """Counts a request that we ended before it had brought enough to be called allowed."""
        self.doubted += self.refusals > 0

    def may_risk(self, unproven: int) -> bool:
        """Tells whether one more request may be sent that could be refused.

        Args:
            unproven: Requests that are open and may turn out to be refused: they count as if they were, since a
                silent one shows that only after seconds.
        """
        return not self.refusals or self._spent + unproven < REFUSALS_MAX

    @property
    def _spent(self) -> int:
        """How many requests the server has turned away, at worst."""
        return self.refusals + self.doubted

    def limit(self, *, now: float, delivering: int, asking: int) -> int | None:
        """Returns how many connections there may be; `None` while nothing was refused.

        Args:
            now: Monotonic seconds.
            delivering: Connections that bring bytes.
            asking: Connections whose request is not answered yet: what the server allows shows after that.
        """
        if self._unsettled:
            if asking:
                return delivering + asking
            self._settle(now, delivering)
        if self.allowed is None:
            return None
        if self._probing and delivering > self.allowed and now >= self._probe_at + PROVEN_SECONDS:
            self.allowed, self._probing = delivering, False
            self.lesson = None if self.lesson is None else delivering
            self._probe_at = now + self._pause
        if not self._probing and self._may_probe(now, delivering, asking):
            self._probing, self._probe_at = True, now
        return self.allowed + self._probing

    def _settle(self, now: float, delivering: int) -> None:
        """Is content with what runs."""
        if self._probing:
            self._pause *= 2
        self._unsettled = self._probing = False
        self.allowed = max(1, delivering)
        if delivering and self._of_number:
            self.lesson = delivering
        self._probe_at = now + self._pause

    def _may_probe(self, now: float, delivering: int, asking: int) -> bool:
        """Tells whether one more may be tried: never while one that is allowed waits for an answer."""
        assert self.allowed is not None
        return self._spent < PROBES_MAX and now >= self._probe_at and not asking and delivering >= self.allowed
