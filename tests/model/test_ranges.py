"""`RangeSet` against a plain set of numbers."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.model.ranges import ByteRange, RangeSet

TOP = 60


@st.composite
def byte_ranges(draw: st.DrawFn) -> ByteRange:
    start = draw(st.integers(0, TOP - 1))
    return ByteRange(start, draw(st.integers(start + 1, TOP)))


SETS = st.lists(byte_ranges(), max_size=12)


def numbers(ranges: list[ByteRange] | RangeSet) -> set[int]:
    return {number for each in ranges for number in range(each.start, each.stop)}


@given(SETS)
def test_adding_in_any_order_is_the_union(added: list[ByteRange]) -> None:
    one_by_one = RangeSet()
    for each in added:
        one_by_one = one_by_one.add(each)
    assert one_by_one == RangeSet.of(added) == RangeSet.of(reversed(added))
    assert numbers(one_by_one) == numbers(added)
    assert bool(one_by_one) == bool(added)


@given(SETS)
def test_ranges_are_sorted_and_never_touch(added: list[ByteRange]) -> None:
    ranges = RangeSet.of(added).ranges
    assert all(before.stop < after.start for before, after in pairwise(ranges))


@given(SETS)
def test_total_and_contiguous(added: list[ByteRange]) -> None:
    held, expected = RangeSet.of(added), numbers(added)
    assert held.total == len(expected)
    assert held.contiguous == next(number for number in range(TOP + 1) if number not in expected)


@given(SETS, st.integers(0, TOP + 10))
def test_missing_is_the_rest(added: list[ByteRange], complete_length: int) -> None:
    held = RangeSet.of(added)
    missing = held.missing(complete_length)
    assert numbers(missing) == set(range(complete_length)) - numbers(added)
    assert missing == RangeSet.of(missing)


@given(SETS, byte_ranges())
def test_covers(added: list[ByteRange], wanted: ByteRange) -> None:
    assert RangeSet.of(added).covers(wanted) == (numbers([wanted]) <= numbers(added))


@given(SETS)
def test_text_and_back(added: list[ByteRange]) -> None:
    held = RangeSet.of(added)
    assert RangeSet.parse(str(held)) == held


@given(st.integers(0, TOP))
def test_prefix(stop: int) -> None:
    assert numbers(RangeSet.prefix(stop)) == set(range(stop))
    assert RangeSet.prefix(stop).contiguous == stop


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (5, 5), (6, 5)])
def test_no_empty_and_no_negative_range(start: int, stop: int) -> None:
    with pytest.raises(ValueError, match="no byte range"):
        ByteRange(start, stop)


@given(st.text("0123456789-,x ", max_size=20))
def test_a_text_is_read_or_refused(text: str) -> None:
    try:
        held = RangeSet.parse(text)
    except ValueError:
        return
    assert RangeSet.parse(str(held)) == held


@pytest.mark.parametrize("text", ["5", "1-2-3", "5-4", "a-b", "1-2,", "-1-4", ","])
def test_malformed_texts_are_refused_as_such(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # any; other errors are not
        RangeSet.parse(text)


@given(SETS, SETS)
def test_what_is_in_one_set_and_not_in_another(one: list[ByteRange], other: list[ByteRange]) -> None:
    left = RangeSet.of(one).without(RangeSet.of(other))
    assert numbers(left) == numbers(one) - numbers(other)
    assert left == RangeSet.of(left)
