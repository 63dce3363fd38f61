"""Which connection brings which bytes of one representation.

Owns the ranges: missing, given out, on disk. Pieces are given out from the front and get smaller towards the end,
so that the beginning of the file is there first (for previews) and all connections end together. Must never give
one byte to two connections that may still write it.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from tui_downloader.model.ranges import ByteRange, RangeSet

PIECE_BYTES_MIN = 1024 * 1024
"""Smallest piece that is cut from bytes nobody has."""
HALVED_BYTES = 8 * 1024 * 1024
"""A segment with less left than this is halved; of a larger one, the far end is left to be given out in pieces."""
STEAL_BYTES_MIN = 128 * 1024
"""Smallest half that is taken from another connection."""
STEAL_BYTES = 1024 * 1024
"""A half as large as this is worth a request in any case."""
STEAL_SECONDS = 0.125
"""A smaller half is worth one if its connection would need this long for it: a slow one must not be waited for."""
SILENT_SECONDS = 2.0
"""A connection that brought nothing for so long loses its whole segment to one that is free."""
REST_SECONDS = 0.25
"""The same where it had begun and only a small rest is left: servers that pace pause before the last bytes."""


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
    given_at: float
    """When it was given out, monotonic seconds."""

    @property
    def room(self) -> int:
        """Bytes still to come."""
        return self.stop - self.position

    @property
    def brought(self) -> int:
        """Bytes that came."""
        return self.position - self.start


class SegmentTable:
    """All bytes of a representation of known length; thread-safe."""

    def __init__(self, received: RangeSet, complete_length: int) -> None:
        """Begins with what is on disk already."""
        self._lock = threading.Lock()
        self._done = received
        self._free = list(received.missing(complete_length))
        self._active: list[Segment] = []
        self.written = 0
        """Bytes written so far."""

    def claim(self, *, sharers: int, now: float, whole: bool = False, careful: bool = False) -> Segment | None:
        """Gives out the next piece.

        Args:
            sharers: How many connections share what is left.
            now: Monotonic seconds.
            whole: Give the first missing range as it is (a single connection whose request has been sent).
            careful: Requests may be refused: larger pieces, and each request asks for all that nobody has behind
                its piece, so that its response can go on instead of another request.

        Returns:
            The segment; `None` if nothing is left that is worth another connection.
        """
        with self._lock:
            if not self._free and not whole:
                self._free_some(sharers, now, careful=careful)
            if not self._free:
                return None
            first = self._free.pop(0)
            left = len(first) + sum(len(each) for each in self._free)
            pieces = max(1, sharers) * (1 if careful else 2)
            length = len(first) if whole else max(PIECE_BYTES_MIN, left // pieces)
            first_stop = first.stop
            if len(first) - length >= PIECE_BYTES_MIN:
                self._free.insert(0, ByteRange(first.start + length, first.stop))
                first = ByteRange(first.start, first.start + length)
            asked = first_stop if careful else first.stop
            segment = Segment(first.start, first.start, first.stop, asked, first.start, now, now)
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
            self.written += count

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

    def _free_some(self, sharers: int, now: float, *, careful: bool) -> None:
        """Takes bytes from a connection: all from a silent one, else the far part of the largest segment."""
        silent = next((each for each in self._active if _is_silent(each, now, careful=careful)), None)
        if silent is not None:
            self._cut(silent, silent.claimed)
            return
        victim = max(self._active, key=lambda each: each.room, default=None)
        if victim is None or victim.room < 2 * (STEAL_BYTES if careful else _worth_stealing(victim, now)):
            return
        kept = max(PIECE_BYTES_MIN, victim.room // (2 * max(1, sharers)))
        if victim.room < HALVED_BYTES:
            kept = victim.room // 2
        self._cut(victim, victim.position + kept)

    def _cut(self, victim: Segment, at: int) -> None:
        """Ends a segment earlier, but never before what is being written."""
        at = max(at, victim.claimed)
        if at < victim.stop:
            self._give_back(ByteRange(at, victim.stop))
            victim.stop = at


def _is_silent(segment: Segment, now: float, *, careful: bool) -> bool:
    """Tells whether a connection is not waited for any longer."""
    is_rest = segment.brought and not careful and segment.room < STEAL_BYTES
    return segment.room > 0 and now - segment.moved_at > (REST_SECONDS if is_rest else SILENT_SECONDS)


def _worth_stealing(victim: Segment, now: float) -> float:
    """Returns how much must be taken from a connection to be worth a request, by how fast it is."""
    passed = now - victim.given_at
    if not victim.brought or passed <= 0:
        return STEAL_BYTES
    return min(STEAL_BYTES, max(STEAL_BYTES_MIN, victim.brought / passed * STEAL_SECONDS))
