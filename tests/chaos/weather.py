"""What servers do wrong during a storm: a plan drawn from a seed.

Owns the choice of files and faults; each fault ends after a few requests, so that every file can come. Must never
do I/O. What no client can notice is left out: a body without a length that ends early, a length that is too small.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.bodies import body
from tests.support.fault import Fault
from tests.support.fault_server import Resource
from tests.support.faults import (
    ChangeOn,
    Chunked,
    DropAfter,
    ForcedGzip,
    GarbageReply,
    IgnoreRange,
    LengthPlus,
    MaxConnections,
    NoLength,
    Pace,
    PartialIn200,
    Refuse,
    ResetAfter,
    ShiftedRange,
    SlowHeaders,
    StallAfter,
    Status,
    UnknownTotal,
    Unsatisfiable,
    WholeBodyIn206,
    WrongTotal,
    is_ranged,
)

MEBIBYTE = 1024 * 1024
_DATE = 1_700_000_000.0


@dataclass(frozen=True, slots=True)
class Planned:
    """One file with what its server does to it."""

    name: str
    """Its name, there and here."""
    is_https: bool
    """Whether it comes over TLS."""
    resource: Resource
    """What is served at first."""
    versions: tuple[bytes, ...]
    """All contents that are served over time; the file is one of them, whole."""
    faults: tuple[Fault, ...]
    """In order."""


def plan(seed: int, count: int, *, prefix: str = "file") -> list[Planned]:
    """Plan so many files of 1 to 4 MiB; the same seed plans the same."""
    chance = random.Random(seed)
    return [_planned(chance, f"{prefix}-{number}.bin", seed * 100_000 + number) for number in range(count)]


def _planned(chance: random.Random, name: str, number: int) -> Planned:
    """Plan one file."""
    content = body(number, chance.randint(MEBIBYTE, 4 * MEBIBYTE))
    faults = [make(chance) for make in chance.sample(_FAULTS, chance.randint(0, 3))]
    if any(isinstance(each, NoLength) for each in faults):
        faults = [NoLength(times=1)]  # with one that cuts, nobody could tell the cut from the end
    versions = [content]
    if chance.random() < 0.2:
        versions.append(body(-number - 1, len(content) + chance.choice((0, 0, 1000))))
        changed = Resource(versions[1], etag='"v2"', last_modified=_DATE + 1)
        faults.insert(0, ChangeOn(chance.randint(2, 4), changed))
    has_etag = chance.random() < 0.8
    resource = Resource(content, etag='"v1"' if has_etag else None, last_modified=_DATE)
    return Planned(name, chance.random() < 0.5, resource, tuple(versions), tuple(faults))


def _at(chance: random.Random) -> int:
    """Choose after how many bytes."""
    return chance.randint(1, 2 * MEBIBYTE)


def _times(chance: random.Random) -> int:
    """Choose how often."""
    return chance.randint(1, 3)


_FAULTS: list[Callable[[random.Random], Fault]] = [
    lambda chance: DropAfter(_at(chance), times=_times(chance)),
    lambda chance: DropAfter(_at(chance), times=_times(chance)),
    lambda chance: ResetAfter(_at(chance), times=_times(chance)),
    lambda chance: ResetAfter(_at(chance), times=_times(chance)),
    lambda chance: StallAfter(_at(chance), times=1),
    lambda chance: StallAfter(_at(chance), times=1),
    lambda chance: Pace(chance.choice((500_000, 1_000_000, 2_000_000)), times=_times(chance)),
    lambda chance: Pace(chance.choice((500_000, 1_000_000, 2_000_000))),
    lambda chance: Status(503, times=_times(chance)),
    lambda _chance: Status(503, fields=(("Retry-After", "1"),), times=1),
    lambda chance: Status(429, times=_times(chance)),
    lambda _chance: Status(500, times=1),
    lambda _chance: Status(404, times=1),
    lambda chance: ShiftedRange(chance.choice((-1000, 1000)), when=is_ranged, times=_times(chance)),
    lambda chance: WrongTotal(when=is_ranged, times=_times(chance)),
    lambda chance: UnknownTotal(when=is_ranged, times=_times(chance)),
    lambda chance: WholeBodyIn206(when=is_ranged, times=_times(chance)),
    lambda chance: PartialIn200(when=is_ranged, times=_times(chance)),
    lambda chance: IgnoreRange(times=_times(chance)),
    lambda _chance: Unsatisfiable(when=is_ranged, times=1),
    lambda chance: ForcedGzip(times=_times(chance)),
    lambda chance: Refuse(reset=chance.random() < 0.5, times=_times(chance)),
    lambda _chance: GarbageReply(b"\x00\x01 nothing\r\n\r\n", times=1),
    lambda chance: Chunked(_at(chance), times=_times(chance)),
    lambda _chance: Chunked(times=1),
    lambda _chance: NoLength(times=1),
    lambda _chance: LengthPlus(100, times=1),
    lambda _chance: MaxConnections(2),
    lambda chance: SlowHeaders(0.5, times=_times(chance)),
]
