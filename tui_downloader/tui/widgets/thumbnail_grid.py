"""Pictures as a grid of thumbnails, one of them under the cursor.

Owns the cursor, which thumbnails can be seen and the drawn ones. Must never decode on the UI thread, nor one that
nobody sees: hundreds cost what the visible ones cost.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events, work
from textual.binding import Binding, BindingType
from textual.geometry import NULL_SIZE, Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_downloader.errors import PreviewError
from tui_downloader.model.download import Download
from tui_downloader.preview.cells import fit
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.thumbnails import Thumbnails
from tui_downloader.tui.drawing.canvas import canvas_of
from tui_downloader.tui.drawing.cell_strips import drawn
from tui_downloader.tui.drawing.layer import Part, PixelLayer
from tui_downloader.tui.drawing.painter import Encoded, Painter
from tui_downloader.tui.shared_decoder import borrow, give_back
from tui_downloader.tui.steady_text import steady
from tui_downloader.tui.widgets.row import clipped

TILE: Final = Size(22, 9)
"""A thumbnail's share of the grid: picture, name and the gaps, in cells."""
PICTURE: Final = Size(20, 7)
"""The picture in it."""
DRAWN_MAX: Final = 400
"""How many drawn thumbnails are kept."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A drawn thumbnail."""

    strips: tuple[Strip, ...] = ()
    """Its rows; none if there is no picture."""
    cells: Size = NULL_SIZE
    """The area it takes."""
    encoded: Encoded | None = None
    """Its pixels, where the terminal can draw them."""


class ThumbnailGrid(Widget, can_focus=True):
    """Shows thumbnails, as many in a row as there is room for."""

    ALLOW_SELECT = False
    BINDING_GROUP_TITLE = "Thumbnails"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"grid--name", "grid--cursor", "grid--thumb", "grid--track"}
    DEFAULT_CSS = """
    ThumbnailGrid { width: 1fr; height: 1fr; padding: 1 0 0 0; background: $background; color: $foreground; }
    ThumbnailGrid > .grid--name { color: $text-muted; }
    ThumbnailGrid > .grid--track { background: $scrollbar-background; }
    ThumbnailGrid > .grid--thumb { background: $scrollbar; }
    ThumbnailGrid > .grid--cursor { color: $accent; text-style: bold reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1)", "Left", id="grid-left", tooltip="Go to the picture at the left"),
        Binding("right,l", "step(1)", "Right", id="grid-right", tooltip="Go to the picture at the right"),
        Binding("up,k", "rows(-1)", "Up", id="grid-up", tooltip="Go one row up"),
        Binding("down,j", "rows(1)", "Down", id="grid-down", tooltip="Go one row down"),
        Binding("pageup,ctrl+u", "pages(-1)", "Page up", id="grid-page-up", tooltip="Go one page up"),
        Binding("pagedown,ctrl+d", "pages(1)", "Page down", id="grid-page-down", tooltip="Go one page down"),
        Binding("home,g", "edge(0)", "First", id="grid-first", tooltip="Go to the first picture"),
        Binding("end,G", "edge(1)", "Last", id="grid-last", tooltip="Go to the last picture"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another picture."""

    @dataclass
    class Opened(Message):
        """The picture under the cursor was clicked twice."""

    @dataclass
    class Made(Message, bubble=False):
        """The thread made a thumbnail; for this widget alone."""

        at: int
        """Which picture's."""
        age: int
        """How often the canvas had changed when it was begun."""
        thumbnail: Thumbnail
        """The thumbnail."""

    def __init__(self, pictures: Sequence[Download], at: int, *, thumbnails: Path, plain: bool = False) -> None:
        """Takes the pictures.

        Args:
            pictures: Finished pictures.
            at: Which of them is under the cursor.
            thumbnails: Where thumbnails are kept.
            plain: Whether the font has ASCII only.
        """
        super().__init__()
        self.cursor = at
        """Which picture is under the cursor."""
        self._pictures = pictures
        self._store = Thumbnails(thumbnails)
        self._plain = plain
        self._top = 0
        self._drawn: OrderedDict[int, Thumbnail] = OrderedDict()
        self._is_making = False
        self._age = 0
        self._is_laid_out = False
        self._decoder: Decoder | None = None
        self._pixels = PixelLayer(self)

    def on_mount(self) -> None:
        """Takes a share in the decoder of this app."""
        self._decoder = borrow(self.app)
        self._pixels.attach()
        canvas_of(self.app).views.add(self)

    def on_unmount(self) -> None:
        """Takes the pixels off and gives the decoder back."""
        self._pixels.detach()
        self._decoder = None
        give_back(self.app)

    def draw_anew(self) -> None:
        """Makes all thumbnails anew: in another way, or for cells of another size."""
        self._age += 1
        self._drawn.clear()
        self._pixels.renew()
        self.refresh()
        self._renew()

    def on_resize(self) -> None:
        """Arranges the grid for the new size."""
        self._is_laid_out = False
        self.move_to(self.cursor)

    # ----------------------------------------------------------------------------------------------------- places

    @property
    def _columns(self) -> int:
        """Thumbnails in a row, beside the scrollbar."""
        return max(1, (self.size.width - 1) // TILE.width)

    @property
    def _rows(self) -> int:
        """Whole rows that can be seen."""
        return max(1, self.size.height // TILE.height)

    @property
    def visible_pictures(self) -> range:
        """Which pictures can be seen."""
        first = self._top * self._columns
        return range(first, min(len(self._pictures), first + self._rows * self._columns))

    def _name_region(self, at: int) -> Region:
        """The cells of a picture's name."""
        row, column = divmod(at - self.visible_pictures.start, self._columns)
        y = row * TILE.height + PICTURE.height
        return Region(self._left(column), y, TILE.width, 1)

    def _left(self, column: int) -> int:
        """First cell of a column; what is left over stands at both sides."""
        return max(0, self.size.width - self._columns * TILE.width) // 2 + column * TILE.width

    # ----------------------------------------------------------------------------------------------------- moving

    def move_to(self, at: int) -> None:
        """Puts the cursor on a picture, and scrolls so that it can be seen."""
        before, self.cursor = self.cursor, max(0, min(len(self._pictures) - 1, at))
        row, last = self.cursor // self._columns, (len(self._pictures) - 1) // self._columns
        top = max(0, min(max(self._top, row - self._rows + 1), row, last))
        if top == self._top and self._is_laid_out:
            self.refresh(self._name_region(before), self._name_region(self.cursor))
        else:
            self.refresh()
        self._top, self._is_laid_out = top, True
        self._renew()
        if before != self.cursor:
            self.post_message(self.Moved())

    def action_step(self, step: int) -> None:
        """Moves along the row, and on to the next."""
        self.move_to(self.cursor + step)

    def action_rows(self, rows: int) -> None:
        """Moves up or down; not beyond the first and the last row."""
        at = self.cursor + rows * self._columns
        last = len(self._pictures) - 1
        if rows > 0 and at > last and self.cursor // self._columns < last // self._columns:
            at = last
        if 0 <= at <= last:
            self.move_to(at)

    def action_pages(self, pages: int) -> None:
        """Moves by as many rows as can be seen."""
        self.move_to(self.cursor + pages * self._rows * self._columns)

    def action_edge(self, end: int) -> None:
        """Moves to the first or the last picture."""
        self.move_to((len(self._pictures) - 1) * end)

    def on_mouse_scroll_down(self) -> None:
        """Moves one row down."""
        self.action_rows(1)

    def on_mouse_scroll_up(self) -> None:
        """Moves one row up."""
        self.action_rows(-1)

    def on_click(self, event: events.Click) -> None:
        """Moves to what was clicked; twice opens it."""
        place = event.get_content_offset(self)
        if place is None:
            return
        column, row = (place.x - self._left(0)) // TILE.width, place.y // TILE.height
        at = (self._top + row) * self._columns + column
        if 0 <= column < self._columns and at in self.visible_pictures:
            self.move_to(at)
            if event.chain == 2:
                self.post_message(self.Opened())

    # ---------------------------------------------------------------------------------------------------- drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draws rows; the pixels follow."""
        self._pixels.cells_painted(crop)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Draws one line of a row of thumbnails."""
        base, row, line = self.rich_style, self._top + y // TILE.height, y % TILE.height
        parts = [Strip.blank(self._left(0), base)]
        first = row * self._columns
        shown = range(first, min(first + self._columns, self.visible_pictures.stop))
        parts += [self._tile_line(at, line) for at in shown]
        drawn = Strip.join(parts).adjust_cell_length(self.size.width, base)
        if len(self._pictures) <= self._rows * self._columns:
            return drawn
        bar = self.get_component_rich_style("grid--thumb" if self._is_thumb(y) else "grid--track")
        return Strip.join([drawn.crop(0, self.size.width - 1), Strip([Segment(" ", bar)], 1)])

    def _is_thumb(self, y: int) -> bool:
        """Tells whether a line of the scrollbar stands for rows that can be seen."""
        height, rows = self.size.height, -(-len(self._pictures) // self._columns)
        first = min(height - 1, self._top * height // rows)
        return first <= y < max(first + 1, (self._top + self._rows) * height // rows)

    def _tile_line(self, at: int, line: int) -> Strip:
        """Draws one line of one thumbnail."""
        base = self.rich_style
        if line == PICTURE.height + 1 or not PICTURE.height >= line >= 0:
            return Strip.blank(TILE.width, base)
        if line == PICTURE.height:
            style = self.get_component_rich_style("grid--cursor" if at == self.cursor else "grid--name")
            name = clipped(steady(self._pictures[at].shown_name), PICTURE.width - 2)
            return Strip([Segment(" ", base), Segment(f" {name} ", style), Segment(" ", base)], TILE.width)
        thumbnail = self._drawn.get(at)
        if thumbnail is None or not thumbnail.strips:
            words = "" if line != PICTURE.height // 2 else "…" if thumbnail is None else "no preview"
            style = self.get_component_rich_style("grid--name")
            return Strip([Segment(words.center(TILE.width), style)], TILE.width)
        x, y = _origin(thumbnail.cells)
        if not 0 <= line - y < len(thumbnail.strips):
            return Strip.blank(TILE.width, base)
        return Strip.join([Strip.blank(x, base), thumbnail.strips[line - y]]).adjust_cell_length(TILE.width, base)

    def _renew(self) -> None:
        """Shows the pixels of what can be seen, and has the first missing thumbnail made; one thread at a time."""
        parts = []
        for number, at in enumerate(self.visible_pictures):
            thumbnail = self._drawn.get(at)
            if thumbnail is not None and thumbnail.encoded is not None:
                row, column = divmod(number, self._columns)
                place = _origin(thumbnail.cells)
                x, y = self._left(column) + place[0], row * TILE.height + place[1]
                parts.append(Part(thumbnail.encoded, Region(x, y, *thumbnail.cells)))
        self._pixels.show(parts)
        missing = next((at for at in self.visible_pictures if at not in self._drawn), None)
        if missing is not None and not self._is_making and self._decoder is not None:
            self._is_making = True
            self._make(missing, self._age, self._decoder, self._pixels.painter)

    def on_thumbnail_grid_made(self, message: Made) -> None:
        """Takes over a thumbnail, and has the next one made."""
        self._is_making = False
        if message.age != self._age:
            self._renew()
            return
        self._drawn[message.at] = message.thumbnail
        while len(self._drawn) > DRAWN_MAX:
            self._drawn.popitem(last=False)
        if message.at in self.visible_pictures:
            row, column = divmod(message.at - self.visible_pictures.start, self._columns)
            self.refresh(Region(self._left(column), row * TILE.height, *TILE))
        self._renew()

    @work(thread=True)
    def _make(self, at: int, age: int, decoder: Decoder, painter: Painter | None) -> None:
        """Makes a thumbnail in a thread."""
        path, canvas = self._pictures[at].path, canvas_of(self.app)
        assert path is not None  # only finished ones are shown
        width, height = PICTURE.width * canvas.cell.width, PICTURE.height * canvas.cell.height
        try:
            colours = 0 if painter is None else painter.colours
            picture = self._store.get(path, decoder, width_pixels=width, height_pixels=height, colours=colours)
        except PreviewError:
            self.post_message(self.Made(at, age, Thumbnail()))
            return
        natural = picture.natural_width, picture.natural_height
        cells = Size(*fit(*natural, *PICTURE, cell_aspect=canvas.cell.aspect))
        strips = drawn(picture, cells, way=canvas.way, plain=self._plain)
        encoded = None if painter is None else painter.encode(picture, cells, canvas.cell)
        self.post_message(self.Made(at, age, Thumbnail(strips, cells, encoded)))


def _origin(cells: Size) -> tuple[int, int]:
    """Where a picture begins in its tile: in the middle, next to its name."""
    return 1 + (PICTURE.width - cells.width) // 2, PICTURE.height - cells.height
