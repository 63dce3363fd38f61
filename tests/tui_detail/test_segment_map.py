"""From ranges and a width to the cells of a map."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.tui.detail.segment_map import Cell, cells, legend, map_lines, range_of

EMPTY = RangeSet()
LENGTHS = st.integers(1, 10**13) | st.integers(1, 300)


@st.composite
def files(draw: st.DrawFn) -> tuple[int, RangeSet]:
    """A length, and ranges within it or a little past it."""
    length = draw(LENGTHS)
    bounds = st.integers(0, length + length // 8 + 1)
    pairs = draw(st.lists(st.tuples(bounds, bounds), max_size=12))
    return length, RangeSet.of(ByteRange(min(a, b), max(a, b)) for a, b in pairs if a != b)


def word(drawn: list[Cell]) -> str:
    return "".join(each.value[0] for each in drawn)


@given(files(), st.integers(1, 400))
def test_each_cell_tells_the_truth_about_its_range(file: tuple[int, RangeSet], count: int) -> None:
    length, received = file
    drawn = cells(received, EMPTY, complete_length=length, count=count)
    assert len(drawn) == min(count, length)
    position = 0
    for at, cell in enumerate(drawn):
        part = range_of(at, complete_length=length, count=len(drawn))
        assert part.start == position
        position = part.stop
        missing = received.missing(length).without(RangeSet.of([part])).total
        here = len(part) - (received.missing(length).total - missing)
        expected = Cell.RECEIVED if here == len(part) else Cell.PARTLY if here else Cell.MISSING
        assert cell is expected
    assert position == length


@given(files(), files(), st.integers(1, 200))
def test_what_came_just_now_is_seen_wherever_it_is(
    file: tuple[int, RangeSet], other: tuple[int, RangeSet], count: int
) -> None:
    length, received = file
    fresh = RangeSet.of([*received.without(other[1])])
    drawn = cells(received, fresh, complete_length=length, count=count)
    for at, cell in enumerate(drawn):
        part = RangeSet.of([range_of(at, complete_length=length, count=len(drawn))])
        assert (cell is Cell.ARRIVING) is bool(part.without(part.without(fresh)))


def test_a_map_of_four_cells() -> None:
    received = RangeSet.of([ByteRange(0, 100), ByteRange(100, 150), ByteRange(399, 400)])
    assert word(cells(received, EMPTY, complete_length=400, count=4)) == "rpmp"
    arriving = RangeSet.of([ByteRange(149, 150)])
    assert word(cells(received, arriving, complete_length=400, count=4)) == "ramp"


def test_rows_are_as_wide_as_asked_for() -> None:
    drawn = cells(RangeSet.prefix(50), EMPTY, complete_length=100, count=10)
    lines = map_lines(drawn, width=4)
    assert ["".join(text for text, _ in line) for line in lines] == ["████", "█░░░", "░░"]
    plain = map_lines(drawn, width=10, plain=True)
    assert "".join(text for text, _ in plain[0]) == "#####....."


@pytest.mark.parametrize(("width", "partly"), [(60, True), (45, True), (40, False)])
def test_the_legend_names_partly_received_cells_where_there_are_any(width: int, partly: bool) -> None:
    drawn = [Cell.RECEIVED, Cell.PARTLY]
    words = "".join(text for text, _ in legend(drawn, width=width))
    assert ("partly" in words) is partly
    assert all(each in words for each in ("█ received", "▓ arriving", "░ missing"))
    assert "partly" not in "".join(text for text, _ in legend([Cell.MISSING], width=width))
