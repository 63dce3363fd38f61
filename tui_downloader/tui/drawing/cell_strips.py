"""Rows of coloured cells as Textual draws them.

Owns that alone. Must never choose a glyph or a colour: `preview.cells` did.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.color import Color, ColorType
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_downloader.preview.cells import CellRow, Colour


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
