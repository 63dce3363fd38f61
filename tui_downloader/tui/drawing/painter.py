"""What every way to draw pixels can do.

Owns the values that painters take. Must never write to the terminal: painters return what is to be written.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from textual.geometry import Size

from tui_downloader.preview.cell_size import CellSize
from tui_downloader.preview.picture import Picture


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as the terminal takes it."""

    number: int
    """Tells it from all others of this process; kitty's number for it."""
    code: bytes
    """What is sent."""


class Placed(NamedTuple):
    """A picture and its place on the terminal."""

    encoded: Encoded
    """The picture."""
    x: int
    """First column, from 0."""
    y: int
    """First row, from 0."""
    cells: Size
    """The area it takes."""


class Painter(Protocol):
    """Keeps a widget's pictures on the terminal."""

    needs_repaint: bool
    """Whether text erases a picture: it is sent again after that, and goes when its cells are painted."""

    colours: int
    """How many colours a raster to encode may have; 0 for all there are."""

    def encode(self, picture: Picture, cells: Size, cell: CellSize) -> Encoded:
        """Encode a picture for an area of cells; slow, for any thread."""
        ...

    def draw(self, wanted: Sequence[Placed], *, erased: Container[int] = ()) -> bytes:
        """Return what makes the terminal show these pictures and no other of this painter.

        Args:
            wanted: Pictures and their places.
            erased: Numbers of those whose cells were painted since the last time.
        """
        ...

    def clear(self) -> bytes:
        """Return what takes every picture of this painter off the terminal and out of its memory."""
        ...


def at(x: int, y: int, code: bytes) -> bytes:
    """Return what does something at a cell and leaves the cursor where it was."""
    return b"\x1b7\x1b[%d;%dH" % (y + 1, x + 1) + code + b"\x1b8"
