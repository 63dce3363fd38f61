"""A map of a file: each cell stands for a part of it, and shows how much of that part is here.

Owns the arithmetic from byte ranges to cells, exact to the byte, and the drawing. Must never know where the ranges
come from.
"""

from __future__ import annotations

from enum import Enum
from itertools import groupby

from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.tui.styled_line import Line, Part, Role


class Cell(Enum):
    """How a part of the file is; the value is its word in the legend."""

    RECEIVED = "received"
    ARRIVING = "arriving"
    PARTLY = "partly"
    MISSING = "missing"


_LEGEND_CELLS = len("█ ") + len("  ")
_GLYPHS = {Cell.RECEIVED: "█", Cell.ARRIVING: "▓", Cell.PARTLY: "▒", Cell.MISSING: "░"}
_PLAIN_GLYPHS = {Cell.RECEIVED: "#", Cell.ARRIVING: ">", Cell.PARTLY: "+", Cell.MISSING: "."}
_ROLES = {
    Cell.RECEIVED: Role.ACTIVE,
    Cell.ARRIVING: Role.ARRIVING,
    Cell.PARTLY: Role.ACTIVE,
    Cell.MISSING: Role.FAINT,
}


def cells(received: RangeSet, arriving: RangeSet, *, complete_length: int, count: int) -> list[Cell]:
    """Divides a file into cells.

    Args:
        received: The bytes that are here.
        arriving: Those of them that came just now.
        complete_length: Of the file, in bytes.
        count: How many cells there are room for; a file with fewer bytes has one for each byte.

    Returns:
        The cells in order. The cell at `i` stands for the bytes from `i * length // count` up to where the next
        one begins.
    """
    count = min(count, complete_length)
    here, fresh = _shares(received, complete_length, count), _shares(arriving, complete_length, count)
    bounds = [at * complete_length // count for at in range(count + 1)] if count else [0]
    return [_cell(here[at], fresh[at], bounds[at + 1] - bounds[at]) for at in range(count)]


def _cell(here: int, fresh: int, size: int) -> Cell:
    """Judges one part by how many of its bytes are here and how many came just now."""
    if fresh:
        return Cell.ARRIVING
    if here == size:
        return Cell.RECEIVED
    return Cell.PARTLY if here else Cell.MISSING


def _shares(ranges: RangeSet, complete_length: int, count: int) -> list[int]:
    """Counts the bytes of a set in each cell."""
    shares = [0] * count
    for each in ranges:
        stop = min(each.stop, complete_length)
        at = _cell_of(each.start, complete_length, count) if each.start < stop else count
        while at < count and (begin := at * complete_length // count) < stop:
            end = (at + 1) * complete_length // count
            shares[at] += min(stop, end) - max(each.start, begin)
            at += 1
    return shares


def _cell_of(byte: int, complete_length: int, count: int) -> int:
    """Returns the cell that a byte belongs to."""
    return ((byte + 1) * count - 1) // complete_length


def range_of(at: int, *, complete_length: int, count: int) -> ByteRange:
    """Returns the bytes that a cell stands for."""
    return ByteRange(at * complete_length // count, (at + 1) * complete_length // count)


def map_lines(drawn: list[Cell], *, width: int, plain: bool = False) -> list[Line]:
    """Draws cells in rows of a width."""
    glyphs = _PLAIN_GLYPHS if plain else _GLYPHS
    rows = [drawn[at : at + width] for at in range(0, len(drawn), max(1, width))]
    return [tuple((glyphs[cell] * len(list(run)), _ROLES[cell]) for cell, run in groupby(row)) for row in rows]


def legend(drawn: list[Cell], *, width: int, plain: bool = False) -> Line:
    """Words what the signs mean; `partly` only where there is such a cell, and all as far as there is room."""
    glyphs = _PLAIN_GLYPHS if plain else _GLYPHS
    shown = [each for each in Cell if each is not Cell.PARTLY or each in drawn]
    while sum(len(each.value) + _LEGEND_CELLS for each in shown) - 2 > width:
        shown.remove(Cell.PARTLY if Cell.PARTLY in shown else shown[-1])
    parts: list[Part] = []
    for each in shown:
        parts += [(glyphs[each], _ROLES[each]), (f" {each.value}  ", Role.QUIET)]
    return tuple(parts)
