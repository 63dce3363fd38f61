"""A picture, drawn with block glyphs and, where the terminal can, in pixels above them.

The glyphs come first and stay beneath: they are seen while the pixels are on their way, and while something covers
a part of the picture.

Owns the decoding in the background and the drawn cells. Must never decode or read a file on the UI thread, and
never draw a picture that is no longer wanted.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from textual import work
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui_downloader.errors import PreviewError
from tui_downloader.preview.cell_size import CellSize
from tui_downloader.preview.cells import fit, raster_size
from tui_downloader.preview.child_protocol import MAX_SIDE_PIXELS
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.ways import Way
from tui_downloader.tui.drawing.canvas import canvas_of
from tui_downloader.tui.drawing.cell_strips import drawn
from tui_downloader.tui.drawing.layer import Part, PixelLayer
from tui_downloader.tui.drawing.painter import Encoded, Painter
from tui_downloader.tui.shared_decoder import borrow, give_back

BOX_CELLS_MAX: Final = 1000
"""Longest side of the area, in cells: what the decoder takes, and more than any terminal shows."""

LIVE_SECONDS: Final = 0.5
"""How long a picture of a growing file stays, at least."""

RESIZE_SECONDS: Final = 0.1
"""How long the size must stay the same before the picture is drawn anew."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn, and how large."""

    path: Path
    """The file."""
    version: object
    """Tells one content of the file from another."""
    box: Size
    """The largest area, in cells."""
    way: Way
    """How it is drawn."""
    cell: CellSize
    """Size of a cell in pixels."""
    prefix_bytes: int | None = field(default=None, compare=False)
    """How much of a growing file is valid; `None` for all. The version tells when more of it is worth drawing."""


class PictureView(Widget):
    """Shows one picture in the right proportions, in the middle of its area.

    Put it into a container of its own: what a sibling draws then does not draw the picture again.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PictureView {
        width: 1fr;
        height: 1fr;
    }
    """

    @dataclass
    class Shown(Message):
        """A picture was drawn."""

        path: Path
        """Its file."""
        picture: Picture
        """The raster and the facts about the file."""
        cells: Size
        """The area it takes."""

    @dataclass
    class Failed(Message):
        """A picture cannot be shown."""

        path: Path
        """Its file."""
        reason: str
        """Why, in a few words without a capital."""

    @dataclass
    class Ended(Message, bubble=False):
        """The thread is through with a drawing; for this widget alone."""

        drawing: Drawing
        """What was asked for."""
        result: tuple[Picture, tuple[Strip, ...], Size] | str
        """The picture, its rows and its area, or the reason why there is none."""

    @dataclass
    class Sharpened(Message, bubble=False):
        """The thread encoded the pixels of a drawing; for this widget alone."""

        drawing: Drawing
        """What was asked for."""
        painter: Painter
        """Who encoded them."""
        encoded: Encoded
        """The pixels."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 -- as Textual's
        """Makes an empty view.

        Args:
            plain: Whether the font has ASCII only; cells are one colour each then.
            id: The widget's id.
        """
        super().__init__(id=id)
        self.plain = plain
        """Whether the font has ASCII only; from the next drawing on."""
        self._path: Path | None = None
        self._version: object = None
        self._box: Size | None = None
        self._prefix_bytes: int | None = None
        self._owner: object = None
        self._wanted: Drawing | None = None
        self._is_decoding = False
        self._strips: tuple[Strip, ...] = ()
        self._cells = Size(0, 0)
        self._decoder: Decoder | None = None
        self._pixels = PixelLayer(self)
        self._timer: Timer | None = None
        self._pixels_of: Path | None = None
        self._live_from = 0.0
        """When a growing file may be drawn again, by the monotonic clock."""

    @property
    def cells(self) -> Size:
        """The area the drawn picture takes, in cells; 0 × 0 if there is none."""
        return self._cells

    def show(
        self,
        path: Path | None,
        *,
        box: Size | None = None,
        version: object = None,
        prefix_bytes: int | None = None,
        owner: object = None,
    ) -> None:
        """Shows a picture file; the same one again costs nothing.

        Args:
            path: The file; `None` clears the view.
            box: The largest area in cells; `None` takes the widget's own.
            version: Anything that differs when the content of the file does, such as its time of change, or for a
                growing file the stage it is in.
            prefix_bytes: How many bytes from the start of the file are valid, for a file that is still being
                written; `None` for all of them. Such a file is drawn twice a second at most.
            owner: Whose picture it is, such as a download's number. Where a picture of the same owner is shown, it
                stays until the new one is drawn; `None` is nobody's.
        """
        if path != self._path and (path is None or owner is None or owner != self._owner):
            self._clear()
        self._path, self._version, self._box = path, version, box
        self._prefix_bytes, self._owner = prefix_bytes, owner
        self._ask()

    def on_mount(self) -> None:
        """Takes a share in the decoder of this app, and follows how pictures are drawn in it."""
        self._decoder = borrow(self.app)
        self._pixels.attach()
        canvas_of(self.app).views.add(self)
        self._ask()

    def on_unmount(self) -> None:
        """Takes the pixels off and gives the decoder back; the last view ends it."""
        self._pixels.detach()
        self._decoder = None
        give_back(self.app)

    def draw_anew(self) -> None:
        """Draws the picture in another way, or for cells of another size; what is shown stays until then."""
        self._pixels.renew()
        self._ask()

    def on_resize(self) -> None:
        """Draws anew once the size stays."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(RESIZE_SECONDS, self._ask_again) if self._strips else None
        if not self._strips:
            self._ask()

    def on_picture_view_ended(self, message: Ended) -> None:
        """Takes over what the thread brought, unless something else is wanted by now."""
        self._is_decoding = False
        if message.drawing != self._wanted:
            self._wanted = None
            self._ask()
            return
        path = message.drawing.path
        if isinstance(message.result, str):
            self._clear()
            self._wanted = message.drawing
            self.post_message(self.Failed(path, message.result))
            return
        before = self._pixels_of, self._cells
        picture, self._strips, self._cells = message.result
        if before != (path, self._cells):
            self._pixels.show(())
        self.refresh()
        self.post_message(self.Shown(path, picture, self._cells))

    def on_picture_view_sharpened(self, message: Sharpened) -> None:
        """Shows the pixels over the cells, unless something else is wanted by now."""
        if message.drawing == self._wanted and self._strips and message.painter is self._pixels.painter:
            self._pixels_of = message.drawing.path
            self._pixels.show([Part(message.encoded, Region(*self._origin, *self._cells))])

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draws rows; text takes pixels away on some terminals, so they follow it."""
        self._pixels.cells_painted(crop)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draws one row: the picture's row in the middle of the line, or a blank one."""
        left, top = self._origin
        at = y - top
        if not 0 <= at < len(self._strips):
            return Strip.blank(self.size.width, self.rich_style)
        margin = Strip.blank(left, self.rich_style)
        return Strip.join([margin, self._strips[at]]).adjust_cell_length(self.size.width, self.rich_style)

    @property
    def _origin(self) -> Offset:
        """Where the picture begins: in the middle of the area."""
        spare = self.size - self._cells
        return Offset(spare.width // 2, spare.height // 2)

    def _clear(self) -> None:
        self._wanted = None
        self._pixels.show(())
        self._cells = Size(0, 0)
        if self._strips:
            self._strips = ()
            self.refresh()

    def _ask(self) -> None:
        """Has the picture decoded, unless it is drawn already or no room is known; one thread at a time."""
        size = self._box or self.size
        box = Size(min(size.width, BOX_CELLS_MAX), min(size.height, BOX_CELLS_MAX))
        if self._path is None or self._decoder is None or not box.area:
            return
        canvas = canvas_of(self.app)
        drawing = Drawing(self._path, self._version, box, canvas.way, canvas.cell, self._prefix_bytes)
        if drawing == self._wanted:
            return
        if drawing.prefix_bytes is not None and not self._is_time(drawing.path):
            return
        self._wanted = drawing
        if not self._is_decoding:
            self._is_decoding = True
            self._decode(drawing, self._decoder)

    def _is_time(self, path: Path) -> bool:
        """Tells whether a growing file may be drawn now; asks again later if not."""
        now = time.monotonic()
        if self._wanted is not None and self._wanted.path == path and now < self._live_from:
            if self._timer is None:
                self._timer = self.set_timer(self._live_from - now, self._ask_again)
            return False
        self._live_from = now + LIVE_SECONDS
        return True

    def _ask_again(self) -> None:
        self._timer = None
        self._ask()

    @work(thread=True)
    def _decode(self, drawing: Drawing, decoder: Decoder) -> None:
        """Decodes and draws in a thread; a decoder that is closed meanwhile ends it at once."""
        aspect = drawing.cell.aspect
        width, height = raster_size(*drawing.box, cell_aspect=aspect)
        try:
            picture = decoder.decode(
                drawing.path, width_pixels=width, height_pixels=height, prefix_bytes=drawing.prefix_bytes
            )
        except PreviewError as error:
            self.post_message(self.Ended(drawing, str(error)))
            return
        cells = Size(*fit(picture.natural_width, picture.natural_height, *drawing.box, cell_aspect=aspect))
        strips = drawn(picture, cells, way=drawing.way, plain=self.plain)
        self.post_message(self.Ended(drawing, (picture, strips, cells)))
        painter = self._pixels.painter
        if painter is not None and drawing == self._wanted:  # the user may be on the way to the next
            self._sharpen(drawing, decoder, painter, cells)

    def _sharpen(self, drawing: Drawing, decoder: Decoder, painter: Painter, cells: Size) -> None:
        """Decodes once more, in all pixels of the area; a picture that is gone by now stays in glyphs."""
        width, height = cells.width * drawing.cell.width, cells.height * drawing.cell.height
        with contextlib.suppress(PreviewError):
            picture = decoder.decode(
                drawing.path,
                width_pixels=min(MAX_SIDE_PIXELS, width),
                height_pixels=min(MAX_SIDE_PIXELS, height),
                prefix_bytes=drawing.prefix_bytes,
                colours=painter.colours,
            )
            if drawing == self._wanted:
                self.post_message(self.Sharpened(drawing, painter, painter.encode(picture, cells, drawing.cell)))
