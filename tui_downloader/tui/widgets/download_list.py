"""The list of downloads: one widget that draws only the lines that are visible and changed.

Owns cursor, scrolling and the cache of drawn rows. Must never hold a widget per row, sort, or call the session;
100,000 rows cost what the visible ones cost.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.tui import words
from tui_downloader.tui.snapshot import place_of, position_of
from tui_downloader.tui.waiting_line import WaitingLine
from tui_downloader.tui.widgets.row import Paint, row_segments
from tui_downloader.units import format_moment

_CACHE_ROWS = 1000
_NO_LINE = WaitingLine()


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A row as it was drawn last."""

    download: Download
    """What was drawn; another object means it changed."""
    key: tuple[int, bool, bool, int | None, str]
    """Width, cursor, focus, place in the queue, and the text that depends on the time."""
    strip: Strip
    """The line."""


class DownloadList(ScrollView, can_focus=True):
    """Downloads as lines, newest first; the cursor stays on its download whatever is added above."""

    BINDING_GROUP_TITLE = "Downloads"
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--quiet",
        "list--active",
        "list--good",
        "list--wait",
        "list--bad",
        "list--trough",
        "list--mark",
        "list--cursor",
    }

    DEFAULT_CSS = """
    DownloadList {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
    }
    DownloadList > .list--quiet { color: $text-muted; }
    DownloadList > .list--active { color: $primary; }
    DownloadList > .list--good { color: $success; }
    DownloadList > .list--wait { color: $warning; }
    DownloadList > .list--bad { color: $error; }
    DownloadList > .list--trough { background: $panel; }
    DownloadList > .list--mark { color: $accent; }
    DownloadList > .list--cursor { background: $boost; }
    DownloadList:nocolor > .list--quiet { text-style: dim; }
    DownloadList:nocolor > .list--active { text-style: bold; }
    DownloadList:nocolor > .list--bad { text-style: bold; }
    DownloadList:nocolor > .list--cursor { text-style: reverse; }
    DownloadList:ansi > .list--trough { background: ansi_bright_black; }
    DownloadList:ansi > .list--cursor { text-style: reverse; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "cursor(1)", "Down", id="cursor-down", tooltip="Move to the next download", show=False),
        Binding("k,up", "cursor(-1)", "Up", id="cursor-up", tooltip="Move to the previous download", show=False),
        Binding("g,home", "cursor_first", "First", id="cursor-first", tooltip="Move to the newest", show=False),
        Binding("G,end", "cursor_last", "Last", id="cursor-last", tooltip="Move to the oldest", show=False),
        Binding("pagedown", "page(1.0)", "Page down", id="page-down", tooltip="Move a page down", show=False),
        Binding("pageup", "page(-1.0)", "Page up", id="page-up", tooltip="Move a page up", show=False),
        Binding(
            "ctrl+d",
            "page(0.5)",
            "Half page down",
            id="page-half-down",
            tooltip="Move half a page down",
            show=False,
        ),
        Binding(
            "ctrl+u", "page(-0.5)", "Half page up", id="page-half-up", tooltip="Move half a page up", show=False
        ),
    ]

    @dataclass
    class Highlighted(Message):
        """The cursor went to another download, or to none."""

        download: Download | None
        """Where it is now; `None` in an empty list."""

    @dataclass
    class Selected(Message):
        """A download was double-clicked."""

        download: Download
        """Which."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 -- Textual's word
        """Makes an empty list.

        Args:
            plain: Whether the terminal shows ASCII only.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._plain = plain
        self._rows: Sequence[Download] = ()
        self._line = _NO_LINE
        self._cursor = 0
        self._drawn: dict[int, _Drawn] = {}
        self._paint: Paint | None = None
        self._plain_style: Style | None = None

    @property
    def current(self) -> Download | None:
        """The download under the cursor; `None` in an empty list."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    @property
    def _width(self) -> int:
        """Cells of a row: what the scrollbar leaves."""
        return self.scrollable_content_region.width

    def on_mount(self) -> None:
        """Starts the clock that moves countdowns."""
        self.set_interval(1.0, self._refresh_countdowns)

    def notify_style_update(self) -> None:
        """Forgets colours and drawn rows: theme or focus changed."""
        super().notify_style_update()
        self._paint = None
        self._plain_style = None
        self._drawn.clear()

    # ---------------------------------------------------------------------------------------------------- rows

    def show(self, rows: Sequence[Download], *, line: WaitingLine = _NO_LINE, reset: bool = False) -> None:
        """Shows these downloads; the cursor stays on its download, or near its place if that is gone.

        Args:
            rows: Newest first; unchanged downloads are the same objects as before.
            line: The queue, for the places of the queued ones.
            reset: Whether it is another view, which begins at its first row unless the download is in it, too.
        """
        before, old, old_line = self.current, self._rows, self._line
        old_cursor, top = self._cursor, self.scroll_offset.y
        was_visible = top <= old_cursor < top + max(1, self.size.height)
        found = position_of(rows, before.id if before else None)
        if found is None:
            near = place_of(rows, before.id) if before and not reset else 0
            found = max(0, min(near, len(rows) - 1))
        self._rows, self._cursor, self._line = rows, found, line
        if not reset and len(rows) == len(old) and found == old_cursor:
            self._refresh_changed(old, old_line)
        else:
            self.virtual_size = Size(self._width, len(rows))
            if reset:
                self.scroll_to(y=max(0, found - self.size.height // 2), animate=False, force=True)
            elif top > 0 and found != old_cursor:
                self.scroll_to(y=top + found - old_cursor, animate=False, force=True)
            if was_visible or reset:
                self._keep_cursor_visible()
            self.refresh()
        self._announce(before)

    def move_to(self, download_id: int) -> bool:
        """Puts the cursor on a download; tells whether it is in the list."""
        at = position_of(self._rows, download_id)
        if at is not None:
            self._move(at)
        return at is not None

    def _refresh_changed(self, old: Sequence[Download], old_line: WaitingLine) -> None:
        """Draws the visible rows again that are other objects than before, or stand elsewhere in the queue."""
        rows, line = self._rows, self._line
        self._refresh_rows(
            [y for y in self._visible() if rows[y] is not old[y] or line.place(rows[y]) != old_line.place(old[y])]
        )

    def _refresh_countdowns(self) -> None:
        """Draws the visible rows again that count down."""
        rows = self._rows
        self._refresh_rows(
            [y for y in self._visible() if rows[y].state is State.WAITING and rows[y].retry_at is not None]
        )

    def _visible(self) -> range:
        """Returns the rows that can be seen."""
        top = self.scroll_offset.y
        return range(top, min(top + self.size.height, len(self._rows)))

    def _refresh_rows(self, rows: Sequence[int]) -> None:
        """Asks for rows (ascending) to be drawn again; neighbours together, which costs less."""
        start = 0
        for at in range(1, len(rows) + 1):
            if at == len(rows) or rows[at] != rows[at - 1] + 1:
                top = rows[start] - self.scroll_offset.y
                self.refresh(Region(0, top, self._width, at - start))
                start = at

    # ------------------------------------------------------------------------------------------------- drawing

    def render_line(self, y: int) -> Strip:
        """Draws one visible line, or takes it from the cache."""
        row, width = self.scroll_offset.y + y, self._width
        if row >= len(self._rows):
            return Strip.blank(width, self._base())
        download, now = self._rows[row], time.time()
        cursor, place = row == self._cursor, self._line.place(download)
        key = (width, cursor, self.has_focus, place, _tick(download, now=now))
        drawn = self._drawn.get(download.id)
        if drawn is not None and drawn.download is download and drawn.key == key:
            return drawn.strip
        base = self.get_component_rich_style("list--cursor") if cursor and self.has_focus else self._base()
        segments = row_segments(download, width=width, now=now, place=place, cursor=cursor, paint=self._colors())
        strip = Strip(list(Segment.apply_style(segments, base)), width)
        if len(self._drawn) >= _CACHE_ROWS:
            self._drawn.clear()
        self._drawn[download.id] = _Drawn(download, key, strip)
        return strip

    def _base(self) -> Style:
        """Returns the style of plain text; looking it up anew for every line is what drawing would cost most."""
        if self._plain_style is None:
            self._plain_style = self.rich_style
        return self._plain_style

    def _colors(self) -> Paint:
        """Returns the styles by role, taken from the theme."""
        if self._paint is None:
            style = {
                name: self.get_component_rich_style(f"list--{name}", partial=True)
                for name in ("quiet", "active", "good", "wait", "bad", "trough", "mark")
            }
            self._paint = Paint(**style, plain=self._plain)
        return self._paint

    # -------------------------------------------------------------------------------------------------- cursor

    def action_cursor(self, step: int) -> None:
        """Moves the cursor by some rows."""
        self._move(self._cursor + step)

    def action_cursor_first(self) -> None:
        """Moves the cursor to the first row."""
        self._move(0)

    def action_cursor_last(self) -> None:
        """Moves the cursor to the last row."""
        self._move(len(self._rows) - 1)

    def action_page(self, pages: float) -> None:
        """Moves the cursor by pages or parts of one."""
        step = max(1, int(abs(pages) * self.size.height))
        self._move(self._cursor + (step if pages > 0 else -step))

    def on_click(self, event: events.Click) -> None:
        """Puts the cursor on the clicked row; a double click selects it."""
        offset = event.get_content_offset(self)
        row = self.scroll_offset.y + offset.y if offset is not None else len(self._rows)
        if row >= len(self._rows):
            return
        self._move(row)
        if event.chain == 2:
            self.post_message(self.Selected(self._rows[row]))

    def _move(self, row: int) -> None:
        """Puts the cursor on a row, or the nearest there is."""
        before, old = self.current, self._cursor
        self._cursor = max(0, min(row, len(self._rows) - 1))
        self._refresh_rows([old])
        self._refresh_rows([self._cursor])
        self._keep_cursor_visible()
        self._announce(before)

    def _announce(self, before: Download | None) -> None:
        """Tells that the cursor is on another download than before."""
        current = self.current
        if (current and current.id) != (before and before.id):
            self.post_message(self.Highlighted(current))

    def _keep_cursor_visible(self) -> None:
        """Scrolls as little as possible so that the cursor can be seen."""
        top, height = self.scroll_offset.y, max(1, self.size.height)
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, force=True)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, force=True)

    def on_resize(self) -> None:
        """Gives the rows the new width."""
        self.virtual_size = Size(self._width, len(self._rows))
        self._keep_cursor_visible()


def _tick(download: Download, *, now: float) -> str:
    """Returns the part of a row that depends on the time and not on the download alone."""
    if download.state is State.WAITING:
        return words.countdown(download, now=now)
    if download.state is State.COMPLETED:
        return format_moment(download.finished_at, now=now)
    return words.time_left(download, now=now) if download.state is State.TRANSFERRING else ""
