"""Rows of coloured cells as Textual draws them.

Owns which glyphs there are to draw with. Must never choose one of them or a colour: `preview.cells` does.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import Color, ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui_downloader.preview.cells import CellRow, Colour, blanks, half_blocks, symbols
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.ways import Way


def drawn(picture: Picture, cells: Size, *, way: Way, plain: bool) -> tuple[Strip, ...]:
    """Draws a picture as text.

    Args:
        picture: The picture.
        cells: The area it takes.
        way: How pictures are drawn; in pixels, too, text is what stands beneath.
        plain: Whether the font has ASCII only.
    """
    draw = blanks if plain else half_blocks if way is Way.HALF else symbols
    return cell_strips(draw(picture, *cells), width=cells.width)


def cell_strips(rows: Sequence[CellRow], *, width: int) -> tuple[Strip, ...]:
    """Turns rows of cells into strips."""
    return tuple(
        Strip([Segment(run.text, _style(run.foreground, run.background)) for run in row], width) for row in rows
    )


def _style(foreground: Colour, background: Colour) -> Style:
    return Style.from_color(_color(foreground), _color(background))


def _color(colour: Colour) -> Color:
    """Makes Rich's colour; its own way would spell a name for each, which takes twice as long as all the rest."""
    return Color("pixel", ColorType.TRUECOLOR, triplet=ColorTriplet(*colour))
