"""How pictures are drawn on the terminal of one app.

Owns the way, the size of a cell, and the painters in use. Must never ask the terminal anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol
from weakref import WeakKeyDictionary, WeakSet

from tui_downloader.preview.cell_size import USUAL, CellSize, cell_size, window_report
from tui_downloader.preview.ways import Way

if TYPE_CHECKING:
    from tui_downloader.tui.drawing.painter import Painter


class View(Protocol):
    """Something that shows pictures."""

    def draw_anew(self) -> None:
        """Draws them again: the way or the size of a cell is another."""
        ...


def _write_nothing(_data: str) -> None:
    """Stands for a terminal that is not there."""


class Canvas:
    """Knows how to draw, and takes every picture off the terminal when the screen is left."""

    def __init__(
        self,
        way: Way = Way.SYMBOLS,
        *,
        cell: CellSize = USUAL,
        write: Callable[[str], object] = _write_nothing,
    ) -> None:
        """Takes the terminal as it is known.

        Args:
            way: How pictures are drawn.
            cell: Size of a cell.
            write: Writes to the terminal, in the order of what is drawn.
        """
        self.way = way
        """How pictures are drawn."""
        self.cell = cell
        """Size of a cell in pixels."""
        self._write = write
        self.views: WeakSet[View] = WeakSet()
        """What is told of changes."""
        self._painters: WeakSet[Painter] = WeakSet()
        self._is_covered = False

    def painter(self) -> Painter | None:
        """Makes a painter for a widget; `None` where pictures are drawn as text."""
        from tui_downloader.preview.sixel import COLOURS
        from tui_downloader.tui.drawing import inline
        from tui_downloader.tui.drawing.kitty import KittyPainter

        makers: Mapping[Way, Callable[[], Painter]] = {
            Way.KITTY: KittyPainter,
            Way.ITERM: partial(inline.InlinePainter, inline.iterm_code),
            Way.SIXEL: partial(inline.InlinePainter, inline.sixel_code, colours=COLOURS),
        }
        if self.way not in makers:
            return None
        painter = makers[self.way]()
        self._painters.add(painter)
        return painter

    def draw(self, way: Way) -> None:
        """Draws pictures in a way from now on, also those that are shown."""
        if way is not self.way:
            self.way = way
            self._tell_views()

    def measure(self, answer: str | None = None) -> None:
        """Asks the system how large a cell is now; if it is another size, pictures are drawn anew.

        Args:
            answer: What the terminal told about that at the start.
        """
        cell = cell_size(window_report(1), os.environ, answer=answer)
        if cell != self.cell:
            self.cell = cell
            self._tell_views()

    def _tell_views(self) -> None:
        for each in list(self.views):
            each.draw_anew()

    def put(self, code: bytes) -> None:
        """Writes what a painter returned, unless the screen is covered or being left."""
        if code and not self._is_covered:
            self._write(code.decode("ascii"))

    def clear(self) -> None:
        """Takes every picture off the terminal; none is drawn until `uncover`."""
        for each in self._painters:
            self.put(each.clear())
        self._is_covered = True

    def uncover(self) -> None:
        """Lets pictures be drawn again."""
        self._is_covered = False


_canvases: WeakKeyDictionary[object, Canvas] = WeakKeyDictionary()


def set_canvas(app: object, canvas: Canvas) -> None:
    """Tells an app's widgets how to draw pictures."""
    _canvases[app] = canvas


def canvas_of(app: object) -> Canvas:
    """Returns how to draw pictures in an app; as text, unless it was told otherwise."""
    return _canvases.setdefault(app, Canvas())
