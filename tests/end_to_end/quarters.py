"""A picture of four colours, and whether a terminal shows it.

Owns how the picture is found among the cells. Must never know where the program puts it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from tests.end_to_end.terminal import Cell, Colour, Terminal
from tests.preview.pictures import BLUE, GREEN, RED, YELLOW, four_corners

_COLOURS = ((RED, GREEN), (BLUE, YELLOW))
_TOLERANCE = 12
_CELLS_MIN = 40


def quarters_png(width: int = 480, height: int = 320) -> bytes:
    """Red, green, blue and yellow quarters from the upper left; not compressed, so that it takes a while."""
    file = io.BytesIO()
    four_corners((width, height)).save(file, "PNG", compress_level=0)
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Place:
    """The area of a picture on the screen, in cells; the last column and row are part of it."""

    left: int
    top: int
    right: int
    bottom: int


def find_quarters(terminal: Terminal) -> Place | None:
    """Return where the four quarters stand, each in its corner; None unless the whole picture is there."""
    found = {
        (column, row): colour
        for row, cells in enumerate(terminal.cells)
        for column, cell in enumerate(cells)
        if (colour := _quarter_colour(cell)) is not None
    }
    if len(found) < _CELLS_MIN:
        return None
    lefts, tops = [column for column, _ in found], [row for _, row in found]
    place = Place(min(lefts), min(tops), max(lefts), max(tops))
    return place if all(_is_right(place, at, colour) for at, colour in found.items()) else None


def _is_right(place: Place, at: tuple[int, int], colour: Colour) -> bool:
    """Tell whether a cell has the colour of its quarter; on the border between two either will do."""
    column, row = at
    middle_column, middle_row = (place.left + place.right) / 2, (place.top + place.bottom) / 2
    if abs(column - middle_column) <= 1 or abs(row - middle_row) <= 1:
        return True
    return colour == _COLOURS[row > middle_row][column > middle_column]


def _quarter_colour(cell: Cell) -> Colour | None:
    """Return which of the four colours fills a cell; None if none does."""
    shown = cell.foreground if cell.text == "█" else cell.background if cell.text in {" ", ""} else None
    if shown is None:
        return None
    for colour in (each for pair in _COLOURS for each in pair):
        if all(abs(is_ - should) <= _TOLERANCE for is_, should in zip(shown, colour, strict=True)):
            return colour
    return None
