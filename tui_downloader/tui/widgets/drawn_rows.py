"""The rows of the list as they are drawn: only the lines that are visible and changed.

Owns the cache of drawn rows and their styles. Must never hold a widget per row, sort, or move the cursor; 100,000
rows cost what the visible ones cost.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.tui import words
from tui_downloader.tui.explanation import next_try
from tui_downloader.tui.selection import Selection
from tui_downloader.tui.waiting_line import WaitingLine
from tui_downloader.tui.widgets.roles import role_styles
from tui_downloader.tui.widgets.row import Paint, row_segments
from tui_downloader.units import format_moment

_CACHE_ROWS = 1000
_PAINTED = ("quiet", "active", "good", "wait", "bad", "trough", "mark")
NO_LINE = WaitingLine()
"""A queue without anybody in it."""


class _Drawn(NamedTuple):
    """A row as it was drawn last."""

    download: Download
    """What was drawn; another object means it changed."""
    key: tuple[int, bool, bool, bool, int | None, str]
    """Width, cursor, selected, focus, place in the queue, and the text that depends on the time."""
    strip: Strip
    """The line."""


class DrawnRows(ScrollView):
    """Downloads as lines, one of them under the cursor, some of them selected."""

    DEFAULT_CSS = """
    DrawnRows {
        background: $background;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
    }
    """

    plain: reactive[bool] = reactive(False)
    """Whether the terminal shows ASCII only."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 -- Textual's word
        """Makes an empty list.

        Args:
            plain: Whether the terminal shows ASCII only.
            id: The widget's id.
        """
        super().__init__(id=id)
        self.set_reactive(DrawnRows.plain, plain)
        self._rows: Sequence[Download] = ()
        self._line = NO_LINE
        self._cursor = 0
        self._selection = Selection()
        self._drawn: dict[int, _Drawn] = {}
        self._styles: Mapping[str, Style] | None = None
        self._paint: Paint | None = None
        self._plain_style: Style | None = None

    @property
    def _width(self) -> int:
        """Cells of a row: what the scrollbar leaves; there is neither border nor padding."""
        return self.outer_size.width - self.scrollbar_size_vertical

    def on_mount(self) -> None:
        """Starts the clock that moves countdowns."""
        self.set_interval(1.0, self._refresh_countdowns)

    def watch_plain(self) -> None:
        """Draws every row with other signs."""
        self.draw_anew()

    def draw_anew(self) -> None:
        """Draws every row again: what stands in them is worded otherwise."""
        self.notify_style_update()
        self.refresh()

    def notify_style_update(self) -> None:
        """Forgets colours and drawn rows: theme or focus changed."""
        super().notify_style_update()
        self._styles = self._paint = self._plain_style = None
        self._drawn.clear()

    def _refresh_changed(self, old: Sequence[Download], old_line: WaitingLine) -> None:
        """Draws the visible rows again that are other downloads than before, or look different now."""
        rows, line = self._rows, self._line
        changed = [
            y for y in self._visible() if rows[y] is not old[y] or line.place(rows[y]) != old_line.place(old[y])
        ]
        self._refresh_rows([y for y in changed if rows[y].id != old[y].id or self._looks_different(y)])

    def _looks_different(self, row: int) -> bool:
        """Draws a row; tells whether it looks different from the last time: a few bytes more may not be seen."""
        before = self._drawn.get(self._rows[row].id)
        return self._strip(row) != (before and before.strip)

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

    def render_line(self, y: int) -> Strip:
        """Draws one visible line."""
        row = self.scroll_offset.y + y
        return self._strip(row) if row < len(self._rows) else Strip.blank(self._width, self._base())

    def _strip(self, row: int) -> Strip:
        """Draws a row, or takes it from the cache."""
        download, now, width = self._rows[row], time.time(), self._width
        cursor, selected = row == self._cursor, download.id in self._selection.ids
        place = self._line.place(download)
        key = (width, cursor, selected, self.has_focus, place, _tick(download, now=now))
        drawn = self._drawn.get(download.id)
        if drawn is not None and drawn.download is download and drawn.key == key:
            return drawn.strip
        base = self._base() + self._roles()["cursor"] if cursor and self.has_focus else self._base()
        segments = row_segments(
            download, width=width, now=now, place=place, cursor=cursor, selected=selected, paint=self._colors()
        )
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

    def _roles(self) -> Mapping[str, Style]:
        """Returns the styles by role, taken from the theme."""
        if self._styles is None:
            self._styles = role_styles(self.app)
        return self._styles

    def _colors(self) -> Paint:
        """Returns those that a row is painted with."""
        if self._paint is None:
            styles = self._roles()
            self._paint = Paint(**{each: styles[each] for each in _PAINTED}, plain=self.plain)
        return self._paint


def _tick(download: Download, *, now: float) -> str:
    """Returns the part of a row that depends on the time and not on the download alone."""
    if download.state is State.WAITING:
        return next_try(download, now=now)
    if download.state is State.COMPLETED:
        return format_moment(download.finished_at, now=now)
    return words.time_left(download, now=now) if download.state is State.TRANSFERRING else ""
