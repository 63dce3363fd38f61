"""The pixels over one widget: they stand where the widget is, and are away while something covers it.

Owns when pictures are drawn and hidden. Must never write while Textual paints: it waits until that is through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from textual.errors import NoWidget
from textual.geometry import Region
from textual.widget import Widget

from tui_downloader.preview.ways import Way
from tui_downloader.tui.drawing.canvas import Canvas, canvas_of
from tui_downloader.tui.drawing.painter import Encoded, Painter, Placed

_PROBE_COLUMNS: Final = 8
_PROBE_ROWS: Final = 2
"""How far apart the cells are that are looked at to see whether a picture is covered; no toast is smaller."""


class Part(NamedTuple):
    """A picture and its place in the widget."""

    encoded: Encoded
    """The picture."""
    region: Region
    """Its cells, from the widget's top left."""


class PixelLayer:
    """Keeps a widget's pictures on the terminal."""

    def __init__(self, widget: Widget) -> None:
        """Makes an empty layer; `attach` it when the widget is mounted."""
        self._widget = widget
        self._canvas: Canvas | None = None
        self._way: Way | None = None
        self._parts: Sequence[Part] = ()
        self._drawn: list[Placed] = []
        self._erased: set[int] = set()
        self._is_wiped = False
        self._is_due = False
        self.painter: Painter | None = None
        """Encodes pictures; `None` where they are drawn as text."""

    def attach(self) -> None:
        """Takes a painter, and follows what may move, cover or uncover the widget."""
        app, screen = self._widget.app, self._widget.screen
        self._canvas = canvas_of(app)
        self._take_painter(self._canvas)
        screen.screen_layout_refresh_signal.subscribe(self._widget, lambda _: self._soon())
        app.screen_change_signal.subscribe(self._widget, lambda _: self._soon())

    def renew(self) -> None:
        """Begins with nothing shown if pictures are drawn in another way now."""
        if self._canvas is not None and self._way is not self._canvas.way:
            self.detach()
            self._parts, self._drawn = (), []
            self._take_painter(self._canvas)

    def _take_painter(self, canvas: Canvas) -> None:
        self._way, self.painter = canvas.way, canvas.painter()

    def detach(self) -> None:
        """Takes the pictures off, for good."""
        if self.painter is not None and self._canvas is not None:
            self._canvas.put(self.painter.clear())
        self.painter = None

    def show(self, parts: Sequence[Part]) -> None:
        """Shows pictures in place of those before."""
        if list(parts) != list(self._parts):
            self._parts = parts
            self._soon()

    def cells_painted(self, crop: Region | None = None) -> None:
        """Takes note that text is written where pictures are.

        Args:
            crop: The lines and columns of the widget; `None` is all of them.
        """
        gutter = self._widget.gutter.top_left
        painted = [each for each in self._parts if crop is None or each.region.translate(gutter).overlaps(crop)]
        self._erased |= {each.encoded.number for each in painted}
        self._is_wiped |= crop is None or crop.contains_region(self._widget.size.region)
        if painted:
            self._soon()

    def _soon(self) -> None:
        """Draws after what is being painted now."""
        if self.painter is not None and not self._is_due and (self._parts or self._drawn):
            self._is_due = True
            self._widget.call_later(self._draw)

    def _draw(self) -> None:
        self._is_due = False
        if self.painter is None or self._canvas is None:
            return
        wanted = self._places()
        staying = [each for each in self._drawn if each in wanted]
        if self.painter.needs_repaint and len(staying) < len(self._drawn) and not self._is_wiped:
            self._widget.refresh()  # text takes the old ones away, and the rest too: that brings us here again
            self._canvas.put(self.painter.draw(staying))
            self._drawn = staying
            return
        self._canvas.put(self.painter.draw(wanted, erased=self._erased))
        self._drawn, self._erased, self._is_wiped = wanted, set(), False

    def _places(self) -> list[Placed]:
        """Returns the pictures that can be seen whole, and where they are on the terminal."""
        widget = self._widget
        if not self._parts or not widget.is_attached or not widget.screen.is_active:
            return []
        try:
            geometry = widget.screen.find_widget(widget)
        except NoWidget:
            return []
        origin = widget.content_region.offset
        found = [(part.encoded, part.region.translate(origin)) for part in self._parts]
        return [
            Placed(encoded, region.x, region.y, region.size)
            for encoded, region in found
            if geometry.visible_region.contains_region(region) and not self._is_covered(region)
        ]

    def _is_covered(self, region: Region) -> bool:
        """Tells whether something else is above a part of the screen."""
        columns = {*range(region.x, region.right, _PROBE_COLUMNS), region.right - 1}
        rows = {*range(region.y, region.bottom, _PROBE_ROWS), region.bottom - 1}
        try:
            return any(
                self._widget.screen.get_widget_at(x, y)[0] is not self._widget for y in rows for x in columns
            )
        except NoWidget:
            return True
