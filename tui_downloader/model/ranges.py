"""Sets of byte ranges: which bytes of a representation are here.

Owns `ByteRange` (half-open) and `RangeSet` (sorted, disjoint, never adjacent). Must never touch a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ByteRange:
    """Bytes from `start` up to but not including `stop`."""

    start: int
    """First byte, from 0."""
    stop: int
    """One past the last byte; greater than `start`."""

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.stop:
            raise ValueError(f"no byte range: {self.start} to {self.stop}")

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class RangeSet:
    """A set of bytes as sorted, disjoint, non-adjacent ranges."""

    ranges: tuple[ByteRange, ...] = ()
    """The ranges; build one with `RangeSet.of`, which sorts and merges."""

    @classmethod
    def of(cls, ranges: Iterable[ByteRange]) -> RangeSet:
        """Builds a set from ranges in any order, overlapping or not."""
        merged: list[ByteRange] = []
        for each in sorted(ranges):
            if merged and each.start <= merged[-1].stop:
                if each.stop > merged[-1].stop:
                    merged[-1] = ByteRange(merged[-1].start, each.stop)
            else:
                merged.append(each)
        return cls(tuple(merged))

    @classmethod
    def prefix(cls, stop: int) -> RangeSet:
        """Builds the set of the first `stop` bytes; empty for 0."""
        return cls((ByteRange(0, stop),)) if stop else cls()

    @classmethod
    def parse(cls, text: str) -> RangeSet:
        """Reads what `str()` wrote: `0-100,200-300`, half-open.

        Raises:
            ValueError: The text is no range set.
        """
        if not text:
            return cls()
        if "," not in text:
            return cls((_parsed(text),))
        return cls.of(_parsed(part) for part in text.split(","))

    def __str__(self) -> str:
        return ",".join(f"{each.start}-{each.stop}" for each in self.ranges)

    def __iter__(self) -> Iterator[ByteRange]:
        return iter(self.ranges)

    def __bool__(self) -> bool:
        return bool(self.ranges)

    @property
    def total(self) -> int:
        """How many bytes are in the set."""
        return sum(len(each) for each in self.ranges)

    @property
    def contiguous(self) -> int:
        """How many bytes from byte 0 on are in the set without a gap."""
        return self.ranges[0].stop if self.ranges and self.ranges[0].start == 0 else 0

    def add(self, added: ByteRange) -> RangeSet:
        """Returns the set with one more range."""
        return RangeSet.of((*self.ranges, added))

    def without(self, other: RangeSet) -> RangeSet:
        """Returns the bytes of this set that are not in another one."""
        left: list[ByteRange] = []
        for each in self.ranges:
            position = each.start
            for cut in other.ranges:
                if position < cut.start < each.stop:
                    left.append(ByteRange(position, cut.start))
                if cut.start < each.stop:
                    position = max(position, cut.stop)
            if position < each.stop:
                left.append(ByteRange(position, each.stop))
        return RangeSet(tuple(left))

    def missing(self, complete_length: int) -> RangeSet:
        """Returns the bytes of `0 … complete_length` that are not in the set."""
        gaps: list[ByteRange] = []
        position = 0
        for each in self.ranges:
            if each.start >= complete_length:
                break
            if each.start > position:
                gaps.append(ByteRange(position, each.start))
            position = each.stop
        if position < complete_length:
            gaps.append(ByteRange(position, complete_length))
        return RangeSet(tuple(gaps))

    def covers(self, wanted: ByteRange) -> bool:
        """Tells whether all bytes of a range are in the set."""
        return any(each.start <= wanted.start and wanted.stop <= each.stop for each in self.ranges)


def _parsed(part: str) -> ByteRange:
    """Reads one range."""
    start, stop = (int(bound) for bound in part.split("-"))
    return ByteRange(start, stop)
