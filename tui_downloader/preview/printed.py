"""A picture as bytes for a terminal that scrolls: drawn at the cursor, which ends below it.

Owns the choice of encoder and the moves of the cursor around it. Must never write anything itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui_downloader.preview import cells, iterm, kitty, sixel
from tui_downloader.preview.child_protocol import MAX_SIDE_PIXELS
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.png import as_png
from tui_downloader.preview.ways import Way

RESTORE: Final = b"\x18\x1b\\\x1b[0m"
"""What ends a code that was cut in its middle, and takes colours back: CAN, ST, SGR 0."""

_PIXEL_WAYS: Final = frozenset({Way.KITTY, Way.ITERM, Way.SIXEL})


@dataclass(frozen=True, slots=True)
class Window:
    """What a picture is drawn in."""

    columns: int
    """Width in cells."""
    rows: int
    """Height in cells."""
    cell_width: int = 10
    """Width of a cell in pixels."""
    cell_height: int = 20
    """Height of a cell in pixels."""
    has_true_colour: bool = True
    """Whether 24 bit colours are understood."""

    @property
    def cell_aspect(self) -> float:
        """Height of a cell divided by its width."""
        return self.cell_height / self.cell_width


def box(window: Window, way: Way) -> tuple[int, int]:
    """Find the box in pixels to decode a picture into: as many as can be seen."""
    if way in _PIXEL_WAYS:
        width, height = window.columns * window.cell_width, window.rows * window.cell_height
    else:
        width, height = cells.raster_size(window.columns, window.rows, cell_aspect=window.cell_aspect)
    return min(MAX_SIDE_PIXELS, width), min(MAX_SIDE_PIXELS, height)


def colours(way: Way) -> int:
    """Tell how many colours a raster may have to be drawn in a way; 0 for all there are."""
    return sixel.COLOURS if way is Way.SIXEL else 0


def printed(picture: Picture, window: Window, way: Way, *, image: int = 1) -> bytes:
    """Draw a picture.

    Args:
        picture: A raster of the size that `box` gave, in no more `colours`.
        window: The room there is; small pictures are enlarged, but for sixels.
        way: How to draw; not `OFF`.
        image: kitty's number for the picture; another one with the same number on the screen would vanish.

    Returns:
        The bytes to write at the beginning of a line.
    """
    columns, rows = cells.fit(
        picture.natural_width, picture.natural_height, window.columns, window.rows, cell_aspect=window.cell_aspect
    )
    if way is Way.KITTY:
        sent = kitty.transmit(as_png(picture), image=image)
        return sent + _in_place(kitty.place(image=image, columns=columns, rows=rows), rows)
    if way is Way.ITERM:
        return _in_place(iterm.inline(as_png(picture), columns=columns, rows=rows), rows)
    if way is Way.SIXEL:
        return _in_place(sixel.sixels(picture), min(window.rows, -(-picture.height // window.cell_height)))
    draw = cells.symbols if way is Way.SYMBOLS else cells.half_blocks
    drawn = draw(picture, columns, rows)
    return cells.ansi(drawn, colours="truecolor" if window.has_true_colour else "256").encode()


def _in_place(code: bytes, rows: int) -> bytes:
    """Make room for so many rows, draw from the first of them, and go below the last."""
    # Line feeds scroll where moves of the cursor stop. Where the cursor goes after a picture differs: it is kept.
    return b"\n" * rows + b"\x1b[%dA\x1b7" % rows + code + b"\x1b8\x1b[%dB\r" % rows
