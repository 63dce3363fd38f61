"""A picture as rows of coloured text, for any terminal that has colours.

Owns the block glyphs, the choice of two colours for a cell, and the ANSI spelling of a row. Must never know a
widget or a terminal: it turns values into values, and never does I/O.

A half block cell shows 1×2 pixels in their exact colours; a symbol cell shows 2×4 pixels in the two colours that
come closest, divided into quadrants or at a quarter of its height, which is sharper on photographs and drawings.
"""

from __future__ import annotations

import bisect
import functools
import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final, Literal, NamedTuple, TypeAlias

from tui_downloader.preview.picture import Picture

Colour: TypeAlias = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""

_GLYPHS: Final = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█▂▆"
"""Glyph by the set of its foreground quarters: 1 upper left, 2 upper right, 4 lower left, 8 lower right; then the
two that fill the lowest quarter of the height, and the lower three."""

_LOW, _HIGH = 16, 17
"""Where these two stand."""

_FLAT: Final = 2400
"""Weight of the best split, in the units of `_best_split`, below which a cell is one colour: about 2 levels."""

_SHADES: Final = bytes(value & 0xFC | value >> 6 for value in range(256))
"""Six bits a channel are more than eyes tell apart here, and let more neighbours share a run."""

_CUBE_LEVELS: Final = (0, 95, 135, 175, 215, 255)
"""The levels of the 6 × 6 × 6 colour cube of xterm's 256 colours, which begins at number 16."""

_CUBE_MIDDLES: Final = (48, 115, 155, 195, 235)
"""Where the next level of the cube becomes the nearer one."""


class CellRun(NamedTuple):
    """Neighbouring cells of one row that share their colours."""

    text: str
    """One block glyph or space for each cell."""
    foreground: Colour
    """Colour of the glyphs."""
    background: Colour
    """Colour behind them."""


CellRow: TypeAlias = list[CellRun]
"""One row of cells from the left."""


def fit(
    natural_width: int, natural_height: int, columns: int, rows: int, *, cell_aspect: float = 2.0
) -> tuple[int, int]:
    """Find the largest area of the right proportions inside a pane; small pictures are enlarged.

    Args:
        natural_width: The picture's width in pixels.
        natural_height: The picture's height in pixels.
        columns: The pane's width in cells.
        rows: The pane's height in cells.
        cell_aspect: Height of a cell divided by its width.

    Returns:
        Columns and rows, each at least 1 and never more than the pane has.
    """
    scale = min(columns / natural_width, rows * cell_aspect / natural_height)
    fitted_columns = round(natural_width * scale)
    fitted_rows = round(natural_height * scale / cell_aspect)
    return max(1, min(columns, fitted_columns)), max(1, min(rows, fitted_rows))


def raster_size(columns: int, rows: int, *, cell_aspect: float = 2.0) -> tuple[int, int]:
    """Find the box, in square pixels, to decode a picture into before it is drawn in a pane.

    Args:
        columns: The pane's width in cells.
        rows: The pane's height in cells.
        cell_aspect: Height of a cell divided by its width.

    Returns:
        Width and height in pixels: two pixels a cell across.
    """
    return max(1, 2 * columns), max(1, round(2 * cell_aspect * rows))


def blanks(picture: Picture, columns: int, rows: int) -> list[CellRow]:
    """Draw a picture without any glyph: one pixel a cell, for fonts that have ASCII only.

    Args:
        picture: The picture; it is stretched to the area, see `fit`.
        columns: Width of the area in cells.
        rows: Height of the area in cells.
    """
    pixels = _resample(picture, columns, rows)
    return [_merged((0, shade, shade) for shade in map(_shade, line)) for line in pixels]


def half_blocks(picture: Picture, columns: int, rows: int) -> list[CellRow]:
    """Draw a picture with the upper half block: two pixels a cell, one above the other.

    Args:
        picture: The picture; it is stretched to the area, see `fit`.
        columns: Width of the area in cells.
        rows: Height of the area in cells.
    """
    pixels = _resample(picture, columns, rows * 2)
    return [
        _merged(map(_half_block, upper, lower)) for upper, lower in zip(pixels[0::2], pixels[1::2], strict=True)
    ]


def symbols(picture: Picture, columns: int, rows: int) -> list[CellRow]:
    """Draw a picture with quadrant and quarter glyphs: eight pixels a cell, in the two colours that come closest.

    Args:
        picture: The picture; it is stretched to the area, see `fit`.
        columns: Width of the area in cells.
        rows: Height of the area in cells.
    """
    pixels = _resample(picture, columns * 2, rows * 4)
    return [_merged(_symbols(*pixels[at : at + 4])) for at in range(0, rows * 4, 4)]


def ansi(rows: Iterable[CellRow], *, colours: Literal["truecolor", "256"]) -> str:
    """Spell rows for a plain terminal, each ending with a reset and a line feed.

    Args:
        rows: As `half_blocks` and `quadrants` give them.
        colours: "truecolor" for 24 bit colours (ISO 8613-6), "256" for xterm's palette.
    """
    code = _true_colour if colours == "truecolor" else _palette_number
    return "".join(f"{''.join(_spelled(row, code))}\x1b[0m\n" for row in rows)


_Cell: TypeAlias = tuple[int, Colour, Colour]
"""Index into `_GLYPHS`, foreground, background."""

_Sum: TypeAlias = tuple[int, int, int]
"""Red, green and blue of several pixels together."""


def _resample(picture: Picture, width: int, height: int) -> list[list[Colour]]:
    """The picture at another size: the mean of the pixels under each new one, or the nearest when enlarging."""
    stride = picture.width * 3
    columns = _spans(picture.width, width)
    pixels = []
    for top, bottom in _spans(picture.height, height):
        lines = [picture.rgb[y * stride : (y + 1) * stride] for y in range(top, bottom)]
        line: Sequence[int] = lines[0]
        for other in lines[1:]:
            line = list(map(operator.add, line, other))
        channels = (_narrow(line[channel::3], columns, len(lines)) for channel in range(3))
        pixels.append(list(zip(*channels, strict=True)))
    return pixels


def _spans(length: int, parts: int) -> list[tuple[int, int]]:
    """Divide a length into parts that differ by one at most, none of them empty."""
    starts = [part * length // parts for part in range(parts + 1)]
    return [(start, max(start + 1, stop)) for start, stop in pairwise(starts)]


def _narrow(sums: Sequence[int], spans: list[tuple[int, int]], lines: int) -> Sequence[int]:
    """The mean over each span of one channel that holds the sums of so many lines."""
    if len(spans) == len(sums):
        return sums if lines == 1 else [value // lines for value in sums]
    running = list(accumulate(sums, initial=0))
    return [(running[stop] - running[start]) // ((stop - start) * lines) for start, stop in spans]


def _half_block(upper: Colour, lower: Colour) -> _Cell:
    return 3, _shade(upper), _shade(lower)


def _symbols(
    first: list[Colour], second: list[Colour], third: list[Colour], fourth: list[Colour]
) -> Iterator[_Cell]:
    """The cells of one row, from its four rows of pixels."""
    tops = [_sum_of(pair) for pair in zip(first[0::2], first[1::2], strict=True)]
    lows = [_sum_of(pair) for pair in zip(fourth[0::2], fourth[1::2], strict=True)]
    upper = [_sum_of(pair) for pair in zip(first, second, strict=True)]
    lower = [_sum_of(pair) for pair in zip(third, fourth, strict=True)]
    return map(_symbol, upper[0::2], upper[1::2], lower[0::2], lower[1::2], tops, lows)


def _sum_of(pair: tuple[Colour, Colour]) -> _Sum:
    one, other = pair
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _symbol(
    upper_left: _Sum, upper_right: _Sum, lower_left: _Sum, lower_right: _Sum, top: _Sum, low: _Sum
) -> _Cell:
    quarters = _best_split(upper_left, upper_right, lower_left, lower_right, top, low)
    four = (upper_left, upper_right, lower_left, lower_right)
    if quarters >= _LOW:
        edge = low if quarters == _LOW else top
        rest = _mean(_less(four, edge), 6)
        return (quarters, _mean(edge, 2), rest) if quarters == _LOW else (quarters, rest, _mean(edge, 2))
    inside = [each for bit, each in enumerate(four) if quarters >> bit & 1]
    outside = [each for bit, each in enumerate(four) if not quarters >> bit & 1]
    background = _mean(_together(outside), 2 * len(outside))
    return quarters, _mean(_together(inside), 2 * len(inside)) if inside else background, background


def _together(sums: Iterable[_Sum]) -> _Sum:
    reds, greens, blues = zip(*sums, strict=True)
    return sum(reds), sum(greens), sum(blues)


def _less(sums: Iterable[_Sum], taken: _Sum) -> _Sum:
    red, green, blue = _together(sums)
    return red - taken[0], green - taken[1], blue - taken[2]


def _mean(total: _Sum, pixels: int) -> Colour:
    return _SHADES[total[0] // pixels], _SHADES[total[1] // pixels], _SHADES[total[2] // pixels]


def _best_split(a: _Sum, b: _Sum, c: _Sum, d: _Sum, top: _Sum, low: _Sum) -> int:
    """Where to divide a cell so that two colours come closest to its eight pixels; 0 where one colour does.

    With the mean at the origin, splitting off a set of n pixels whose sum is s lowers the squared error by
    |s|² · (1/n + 1/(8 - n)): 2/3 |s|² for a quarter of the cell, 1/2 |s|² for a half. Everything here is 4 times
    that vector and 6 times that weight, to stay with whole numbers.
    """
    a0, a1, a2 = a
    b0, b1, b2 = b
    c0, c1, c2 = c
    d0, d1, d2 = d
    sum0, sum1, sum2 = a0 + b0 + c0 + d0, a1 + b1 + c1 + d1, a2 + b2 + c2 + d2
    t0, t1, t2 = 4 * top[0] - sum0, 4 * top[1] - sum1, 4 * top[2] - sum2
    l0, l1, l2 = 4 * low[0] - sum0, 4 * low[1] - sum1, 4 * low[2] - sum2
    a0, a1, a2 = 4 * a0 - sum0, 4 * a1 - sum1, 4 * a2 - sum2
    b0, b1, b2 = 4 * b0 - sum0, 4 * b1 - sum1, 4 * b2 - sum2
    c0, c1, c2 = 4 * c0 - sum0, 4 * c1 - sum1, 4 * c2 - sum2
    d0, d1, d2 = 4 * d0 - sum0, 4 * d1 - sum1, 4 * d2 - sum2
    weight, _order, quarters = max(
        (4 * (a0 * a0 + a1 * a1 + a2 * a2), 1, 1),
        (4 * (b0 * b0 + b1 * b1 + b2 * b2), 1, 2),
        (4 * (c0 * c0 + c1 * c1 + c2 * c2), 1, 4),
        (4 * (d0 * d0 + d1 * d1 + d2 * d2), 1, 8),
        (4 * (t0 * t0 + t1 * t1 + t2 * t2), 0, _HIGH),
        (4 * (l0 * l0 + l1 * l1 + l2 * l2), 0, _LOW),
        (3 * ((a0 + b0) ** 2 + (a1 + b1) ** 2 + (a2 + b2) ** 2), 2, 3),
        (3 * ((a0 + c0) ** 2 + (a1 + c1) ** 2 + (a2 + c2) ** 2), 2, 5),
        (3 * ((a0 + d0) ** 2 + (a1 + d1) ** 2 + (a2 + d2) ** 2), 2, 9),
    )
    return quarters if weight >= _FLAT else 0


def _shade(colour: Colour) -> Colour:
    return _SHADES[colour[0]], _SHADES[colour[1]], _SHADES[colour[2]]


def _merged(cells: Iterable[_Cell]) -> CellRow:
    row: CellRow = []
    text = ""
    run_foreground = run_background = (0, 0, 0)
    for quarters, foreground, background in cells:
        joined = _join((quarters, foreground, background), run_foreground, run_background) if text else None
        if joined is not None:
            glyph, run_foreground = joined
            text += glyph
            continue
        if text:
            row.append(CellRun(text, run_foreground, run_background))
        text = _GLYPHS[quarters] if foreground != background else " "
        run_foreground, run_background = foreground, background
    row.append(CellRun(text, run_foreground, run_background))
    return row


def _join(cell: _Cell, run_foreground: Colour, run_background: Colour) -> tuple[str, Colour] | None:
    """The glyph that shows a cell in a run's colours, and the run's foreground then; None where none does.

    A cell of the same two colours the other way round takes the opposite glyph, if there is one, and a run that is
    one colour so far takes its foreground from the cell.
    """
    quarters, foreground, background = cell
    if foreground == background:
        if background == run_background:
            return " ", run_foreground
        return ("█", run_foreground) if background == run_foreground else None
    is_plain = run_foreground == run_background
    if background == run_background and (is_plain or foreground == run_foreground):
        return _GLYPHS[quarters], foreground
    if foreground == run_background and (is_plain or background == run_foreground) and quarters < _LOW:
        return _GLYPHS[15 - quarters], background
    return None


def _spelled(row: CellRow, code: Callable[[Colour], str]) -> Iterator[str]:
    """A row's text with the codes for the colours that change."""
    foreground = background = ""
    for text, run_foreground, run_background in row:
        new_background = f"48;{code(run_background)}"
        # Spaces show no foreground, so they do not change it.
        new_foreground = foreground if text.isspace() else f"38;{code(run_foreground)}"
        changes = [new for new, old in ((new_foreground, foreground), (new_background, background)) if new != old]
        if changes:
            yield f"\x1b[{';'.join(changes)}m"
        yield text
        foreground, background = new_foreground, new_background


def _true_colour(colour: Colour) -> str:
    return f"2;{colour[0]};{colour[1]};{colour[2]}"


@functools.lru_cache(maxsize=4096)
def _palette_number(colour: Colour) -> str:
    """The nearest of xterm's 256 colours: one of the cube, or of the 24 greys from number 232 on."""
    steps = [bisect.bisect(_CUBE_MIDDLES, value) for value in colour]
    in_cube = tuple(_CUBE_LEVELS[step] for step in steps)
    grey_step = max(0, min(23, round((sum(colour) / 3 - 8) / 10)))
    grey = 8 + 10 * grey_step
    if math.dist((grey, grey, grey), colour) < math.dist(in_cube, colour):
        return f"5;{232 + grey_step}"
    return f"5;{16 + 36 * steps[0] + 6 * steps[1] + steps[2]}"
