"""Every way in which servers turn away connections beyond so many.

Owns the list. Must never say how a client takes it.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.support.delivery_faults import Refuse, ResetAfter, SlowHeaders, StallAfter
from tests.support.fault import Fault
from tests.support.range_faults import IgnoreRange
from tests.support.reply_faults import Status
from tests.support.request import Request

KINDS: dict[str, Callable[[Callable[[Request], bool]], Fault]] = {
    "429": lambda when: Status(429, when=when, turns_away=True),
    "503": lambda when: Status(503, when=when, turns_away=True),
    "503 with Retry-After": lambda when: Status(503, (("Retry-After", "120"),), when=when, turns_away=True),
    "403": lambda when: Status(403, when=when, turns_away=True),
    "closed unanswered": lambda when: Refuse(when=when, turns_away=True),
    "reset unanswered": lambda when: Refuse(reset=True, when=when, turns_away=True),
    "reset after the header": lambda when: ResetAfter(0, when=when, turns_away=True),
    "silent": lambda when: SlowHeaders(None, when=when, turns_away=True),
    "silent after the header": lambda when: StallAfter(0, when=when, turns_away=True),
    "silent in the middle": lambda when: StallAfter(300_000, when=when, turns_away=True),
    "200 instead of 206": lambda when: IgnoreRange(when=when, turns_away=True),
}
"""Makes the fault for the requests that are too many."""
