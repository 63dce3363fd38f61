"""Which connection brings which bytes of one representation.

Owns the ranges: missing, given out, on disk. Pieces are given out from the front and get smaller towards the end,
so that the beginning of the file is there first (for previews) and all connections end together. Must never give
one byte to two connections that may still write it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from tui_downloader.model.ranges import ByteRange, RangeSet

PIECE_BYTES_MIN = 2 * 1024 * 1024
"""Smallest piece that is cut from bytes nobody has."""
STEAL_BYTES_MIN = 1024 * 1024
"""Smallest half that is taken from another connection."""
SILENT_SECONDS = 2.0
"""A connection that brought nothing for so long loses its whole segment to one that is free."""


@dataclass(slots=True, eq=False)
class Segment:
    """A range given to one connection; changed under the table's lock only."""

    start: int
    """First byte."""
    position: int
    """Next byte to write: everything before it is on disk."""
    stop: int
    """One past the last byte; sinks when another connection takes the rest."""
    first_stop: int
    """Where it ended when it was given out; the request asked for no more."""
    claimed: int
    """One past the last byte that is being written now; `stop` never sinks below it."""
    moved_at: float
    """When it last got further, monotonic seconds."""

    @property
    def room(self) -> int:
        """Bytes still to come."""
        return self.stop - self.position


class SegmentTable:
    """All bytes of a representation of known length; thread-safe."""

    def __init__(self, received: RangeSet, complete_length: int) -> None:
        """Begins with what is on disk already."""
        self._lock = threading.Lock()
        self._done = received
        self._free = list(received.missing(complete_length))
        self._active: list[Segment] = []

    def claim(self, *, sharers: int, now: float, whole: bool = False) -> Segment | None:
        """Gives out the next piece.

        Args:
            sharers: How many connections share what is left.
            now: Monotonic seconds.
            whole: Give the first missing range as it is (a single connection whose request has been sent).

        Returns:
            The segment; `None` if nothing is left that is worth another connection.
        """
        with self._lock:
            if not self._free and not whole:
                self._free_some(sharers, now)
            if not self._free:
                return None
            first = self._free.pop(0)
            left = len(first) + sum(len(each) for each in self._free)
            length = len(first) if whole else max(PIECE_BYTES_MIN, left // (2 * max(1, sharers)))
            if len(first) - length >= PIECE_BYTES_MIN:
                self._free.insert(0, ByteRange(first.start + length, first.stop))
                first = ByteRange(first.start, first.start + length)
            segment = Segment(first.start, first.start, first.stop, first.stop, first.start, now)
            self._active.append(segment)
            return segment

    def reserve(self, segment: Segment, count: int) -> int:
        """Announces a write at the segment's position; returns how many bytes may be written.

        What was cut off the segment and nobody has begun with belongs to it again: its response brings those bytes
        anyway, and the server may refuse every other request.
        """
        with self._lock:
            if segment.position + count >= segment.stop:
                self._take_on(segment)
            count = min(count, segment.stop - segment.position)
            segment.claimed = segment.position + count
            return count

    def wrote(self, segment: Segment, count: int, *, now: float) -> None:
        """Says that the announced bytes are on disk."""
        with self._lock:
            segment.position += count
            segment.claimed = segment.position
            segment.moved_at = now

    def release(self, segment: Segment, *, discard: bool = False) -> None:
        """Takes a segment back: what is on disk counts, the rest is missing again.

        Args:
            segment: The segment; releasing it twice does nothing.
            discard: Its bytes cannot be trusted: all of it is missing again.
        """
        with self._lock:
            if segment not in self._active:
                return
            self._active.remove(segment)
            kept = segment.start if discard else segment.position
            if kept > segment.start:
                self._done = self._done.add(ByteRange(segment.start, kept))
            if segment.stop > kept:
                self._give_back(ByteRange(kept, segment.stop))

    @property
    def received(self) -> RangeSet:
        """The bytes on disk."""
        with self._lock:
            moving = [ByteRange(each.start, each.position) for each in self._active if each.position > each.start]
            return RangeSet.of((*self._done, *moving))

    @property
    def missing_bytes(self) -> int:
        """How many bytes are not on disk."""
        with self._lock:
            return sum(len(each) for each in self._free) + sum(each.room for each in self._active)

    def _take_on(self, segment: Segment) -> None:
        """Lengthens a segment by the bytes behind it that nobody brings yet, as far as it was asked for them."""
        while segment.stop < segment.first_stop and (piece := self._take_unbegun(segment.stop)) is not None:
            segment.stop = min(piece.stop, segment.first_stop)
            if segment.stop < piece.stop:
                self._give_back(ByteRange(segment.stop, piece.stop))

    def _take_unbegun(self, start: int) -> ByteRange | None:
        """Takes the piece that begins at a byte: a free one, or one that its connection brought nothing of yet."""
        for piece in self._free:
            if piece.start == start:
                self._free.remove(piece)
                return piece
        for each in self._active:
            if each.start == each.claimed == start < each.stop:
                piece = ByteRange(start, each.stop)
                each.stop = start
                return piece
        return None

    def _give_back(self, piece: ByteRange) -> None:
        """Puts a range among those nobody has, in order."""
        self._free = list(RangeSet.of((*self._free, piece)))

    def _free_some(self, sharers: int, now: float) -> None:
        """Takes bytes from a connection: all from a silent one, else the far part of the largest segment."""
        silent = [each for each in self._active if each.room and now - each.moved_at > SILENT_SECONDS]
        for each in silent[:1]:
            self._cut(each, each.claimed)
            return
        victim = max(self._active, key=lambda each: each.room, default=None)
        if victim is None or victim.room < 2 * STEAL_BYTES_MIN:
            return
        kept = max(PIECE_BYTES_MIN, victim.room // (2 * max(1, sharers)))
        if victim.room < 4 * PIECE_BYTES_MIN:
            kept = victim.room // 2
        self._cut(victim, victim.position + kept)

    def _cut(self, victim: Segment, at: int) -> None:
        """Ends a segment earlier, but never before what is being written."""
        at = max(at, victim.claimed)
        if at < victim.stop:
            self._give_back(ByteRange(at, victim.stop))
            victim.stop = at
