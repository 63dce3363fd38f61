"""Who brings which bytes: each byte once, in the order of its response, and none forgotten."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.engine.segments import PIECE_BYTES_MIN, Segment, SegmentTable
from tui_downloader.model.ranges import ByteRange, RangeSet

MIB = 1024 * 1024
LENGTH = 64 * MIB


def _write(table: SegmentTable, segment: Segment, count: int) -> int:
    """Write what a connection got; return how much of it belonged to the segment."""
    written = table.reserve(segment, count)
    table.wrote(segment, written, now=0.0)
    return written


def _claim(table: SegmentTable, *, whole: bool = False) -> Segment:
    segment = table.claim(sharers=2, now=0.0, whole=whole)
    assert segment is not None
    return segment


def test_a_free_connection_takes_a_part_of_the_largest_segment() -> None:
    table = SegmentTable(RangeSet(), LENGTH)
    first = _claim(table, whole=True)
    second = _claim(table)
    assert (first.start, first.first_stop) == (0, LENGTH)
    assert first.stop == second.start
    assert second.stop - second.start >= PIECE_BYTES_MIN


def test_a_response_goes_on_where_nobody_else_brings_the_bytes() -> None:
    """A server may refuse every request but the first: what was cut off for the others is still on its way."""
    table = SegmentTable(RangeSet(), LENGTH)
    first = _claim(table, whole=True)
    for _ in range(3):
        refused = _claim(table)
        assert first.stop < LENGTH
        table.release(refused)
    assert _write(table, first, LENGTH) == LENGTH
    assert table.missing_bytes == 0


def test_a_response_goes_on_to_the_next_connection_and_no_further() -> None:
    table = SegmentTable(RangeSet(), LENGTH)
    first = _claim(table, whole=True)
    refused, waiting, busy = _claim(table), _claim(table), _claim(table)
    _write(table, busy, 1000)
    table.release(refused)
    assert _write(table, first, LENGTH) == busy.start, "one who still waits for an answer is not waited for"
    assert _write(table, waiting, 1000) == 0
    table.release(waiting)
    assert _write(table, busy, LENGTH) == busy.first_stop - busy.start - 1000


def test_a_request_brings_no_more_than_it_asked_for() -> None:
    table = SegmentTable(RangeSet.of([ByteRange(8 * MIB, 16 * MIB)]), LENGTH)
    first = _claim(table, whole=True)
    assert (first.stop, first.first_stop) == (8 * MIB, 8 * MIB)
    assert _write(table, first, 9 * MIB) == 8 * MIB
    assert table.missing_bytes == LENGTH - 16 * MIB


def test_bytes_that_were_dropped_are_asked_for_again() -> None:
    table = SegmentTable(RangeSet(), LENGTH)
    first = _claim(table, whole=True)
    second = _claim(table)
    _write(table, second, 1000)
    assert _write(table, first, second.start + 1000) == second.start, "what the second brings is dropped"
    table.release(first)
    table.release(second)
    third = _claim(table)
    assert third.start == second.start + 1000


class _Stream:
    """A response that sends its bytes in order; knows which one comes next."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.next = segment.start

    def send(self, table: SegmentTable, count: int, written: list[ByteRange]) -> None:
        """Send some bytes; every one that is written must lie at its own place."""
        count = min(count, self.segment.first_stop - self.next)
        assert self.segment.position == self.next, "bytes would be written at a wrong place"
        kept = table.reserve(self.segment, count)
        if kept:
            written.append(ByteRange(self.next, self.next + kept))
        table.wrote(self.segment, kept, now=0.0)
        self.next += count


STEPS = st.lists(
    st.tuples(st.sampled_from(["claim", "send", "end"]), st.integers(0, 5), st.integers(1, 9 * MIB)), max_size=60
)


@given(STEPS)
def test_every_byte_comes_once_and_lies_at_its_place(steps: list[tuple[str, int, int]]) -> None:
    table = SegmentTable(RangeSet(), LENGTH)
    streams = [_Stream(_claim(table, whole=True))]
    written: list[ByteRange] = []
    for what, which, count in steps:
        stream = streams[which % len(streams)] if streams else None
        if what == "claim" or stream is None:
            segment = table.claim(sharers=which + 1, now=0.0)
            streams += [_Stream(segment)] if segment is not None else []
        elif what == "send":
            stream.send(table, count, written)
        if stream is not None and (what == "end" or not stream.segment.room):
            table.release(stream.segment)
            streams.remove(stream)
    assert sum(map(len, written)) == RangeSet.of(written).total, "a byte was written twice"
    assert table.received == RangeSet.of(written)
    assert table.missing_bytes == LENGTH - table.received.total
