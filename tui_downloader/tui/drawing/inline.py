"""Pictures that stand in the cells as text does: sixels, and iTerm2's inline images.

Owns when they are sent: once at a place, and again after their cells were painted.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Sequence

from textual.geometry import Size

from tui_downloader.preview import iterm, sixel
from tui_downloader.preview.cell_size import CellSize
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.png import as_png
from tui_downloader.preview.stretch import stretched
from tui_downloader.tui.drawing.painter import Encoded, Placed, at

_numbers = itertools.count(1)


class InlinePainter:
    """Draws pictures over their cells; text that is written there erases them."""

    needs_repaint = True

    def __init__(self, encoding: Callable[[Picture, Size, CellSize], bytes], *, colours: int = 0) -> None:
        """Begins with nothing drawn.

        Args:
            encoding: Makes the code of a picture for an area of cells.
            colours: How many colours it can have; 0 for all there are.
        """
        self.colours = colours
        self._encoding = encoding
        self._shown: list[Placed] = []

    def encode(self, picture: Picture, cells: Size, cell: CellSize) -> Encoded:
        """Encode a picture in its protocol."""
        return Encoded(next(_numbers), self._encoding(picture, cells, cell))

    def draw(self, wanted: Sequence[Placed], *, erased: Container[int] = ()) -> bytes:
        """Send what is new or was erased."""
        sent = [each for each in wanted if each.encoded.number in erased or each not in self._shown]
        out = [at(each.x, each.y, each.encoded.code) for each in sent]
        self._shown = list(wanted)
        return b"".join(out)

    def clear(self) -> bytes:
        """Take note that nothing is there any more: the cells are painted by whoever clears the screen."""
        self._shown = []
        return b""


def sixel_code(picture: Picture, cells: Size, cell: CellSize) -> bytes:
    """Encode a picture as sixels that fill an area of cells."""
    return sixel.sixels(stretched(picture, cells.width * cell.width, cells.height * cell.height))


def iterm_code(picture: Picture, cells: Size, cell: CellSize) -> bytes:  # noqa: ARG001 -- the terminal stretches
    """Encode a picture as an inline image."""
    return iterm.inline(as_png(picture), columns=cells.width, rows=cells.height)
