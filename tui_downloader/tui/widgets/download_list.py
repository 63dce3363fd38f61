"""The list of downloads: where the cursor is, and what is selected.

Owns cursor, scrolling, selection and the mouse. Must never sort, filter or call the session.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message

from tui_downloader.model.download import Download
from tui_downloader.tui.cursor import follow, index_of
from tui_downloader.tui.selection import Selection
from tui_downloader.tui.waiting_line import WaitingLine
from tui_downloader.tui.widgets.drawn_rows import NO_LINE, DrawnRows


class DownloadList(DrawnRows, can_focus=True):
    """Downloads as lines; the cursor stays on its download whatever is added above."""

    BINDING_GROUP_TITLE = "Downloads"

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
        Binding(
            "space", "select", "Select", id="select-step", tooltip="Select the download and go on to the next"
        ),
        Binding(
            "v", "select_range", "Select a range", id="select-range", tooltip="Select from here to where you go"
        ),
        Binding(
            "shift+down",
            "extend(1)",
            "Select down",
            id="select-down",
            tooltip="Select this one and the next",
            show=False,
        ),
        Binding(
            "shift+up",
            "extend(-1)",
            "Select up",
            id="select-up",
            tooltip="Select this one and the one above",
            show=False,
        ),
        Binding(
            "asterisk",
            "select_all",
            "Select all",
            id="select-all",
            tooltip="Select all that are shown; again: none of them",
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

    @dataclass
    class SelectionChanged(Message):
        """Other downloads are selected than before."""

        selection: Selection
        """Which ones."""

    _counted: tuple[Sequence[Download], frozenset[int], int] | None = None

    @property
    def current(self) -> Download | None:
        """The download under the cursor; `None` in an empty list."""
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    @property
    def selection(self) -> Selection:
        """Which downloads are selected, shown or not."""
        return self._selection

    @property
    def hidden(self) -> int:
        """How many of the selected ones are not shown."""
        rows, ids = self._rows, self._selection.ids
        if not ids:
            return 0
        if self._counted is None or self._counted[0] is not rows or self._counted[1] is not ids:
            self._counted = rows, ids, len(ids) - len(ids.intersection([each.id for each in rows]))
        return self._counted[2]

    # ---------------------------------------------------------------------------------------------------- rows

    def show(self, rows: Sequence[Download], *, line: WaitingLine = NO_LINE, reset: bool = False) -> None:
        """Shows these downloads; the cursor stays on its download, or near its place if that is gone.

        Args:
            rows: In the order they are shown; unchanged downloads are the same objects as before.
            line: The queue, for the places of the queued ones.
            reset: Whether they are other ones, which begin at their first row unless the download is among them.
        """
        before, old, old_line = self.current, self._rows, self._line
        old_cursor, top = self._cursor, self.scroll_offset.y
        was_visible = top <= old_cursor < top + max(1, self.size.height)
        if not reset:
            found = follow(old, old_cursor, rows)
        else:
            found = (index_of(rows, before.id, near=old_cursor) if before else None) or 0
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
        at = index_of(self._rows, download_id, near=self._cursor)
        if at is not None:
            self.select(self._selection.ended())
            self._move(at)
        return at is not None

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
        """Puts the cursor on the clicked row; with Ctrl also selects it; a double click opens it."""
        offset = event.get_content_offset(self)
        row = self.scroll_offset.y + offset.y if offset is not None else len(self._rows)
        if row >= len(self._rows):
            return
        if event.ctrl:
            self._add(row)
        else:
            self._move(row)
        if event.chain == 2 and not event.ctrl:
            self.post_message(self.Selected(self._rows[row]))

    def _move(self, row: int, *, held: bool = False) -> None:
        """Puts the cursor on a row, or the nearest there is; a range that is being selected follows.

        Args:
            row: Where.
            held: Whether Shift is held.
        """
        before, old = self.current, self._cursor
        self._cursor = max(0, min(row, len(self._rows) - 1))
        self._refresh_rows([old])
        self._refresh_rows([self._cursor])
        self._keep_cursor_visible()
        self._reach(held=held)
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

    # ----------------------------------------------------------------------------------------------- selection

    def select(self, selection: Selection) -> None:
        """Selects other downloads."""
        if selection != self._selection:
            self._selection = selection
            self.refresh()
            self.post_message(self.SelectionChanged(selection))

    def forget_missing(self, present: Container[int]) -> None:
        """Selects only what is still there."""
        self.select(self._selection.only(present))

    def action_select(self) -> None:
        """Selects the download under the cursor, or no longer, and goes on to the next."""
        if self.current is not None:
            self.select(self._selection.toggled(self.current.id))
            self._move(self._cursor + 1)

    def action_select_range(self) -> None:
        """Begins a range here; again: ends it."""
        if self._selection.anchor is not None:
            self.select(self._selection.ended())
        elif self.current is not None:
            self.select(self._selection.begun(self.current.id))

    def action_extend(self, step: int) -> None:
        """Selects from here on with each step."""
        if self.current is not None:
            if self._selection.anchor is None:
                self.select(self._selection.begun(self.current.id, held=True))
            self._move(self._cursor + step, held=True)

    def action_select_all(self) -> None:
        """Selects all that are shown, or none of them if all were selected."""
        self.select(self._selection.all_or_none(each.id for each in self._rows))

    def _add(self, row: int) -> None:
        """Selects a clicked row, or no longer; the first one joins the download under the cursor."""
        current, clicked = self.current, self._rows[row]
        selection = self._selection.ended()
        if not selection.ids and current is not None and current is not clicked:
            selection = selection.toggled(current.id)
        self.select(selection.toggled(clicked.id))
        self._move(row)

    def _reach(self, *, held: bool) -> None:
        """Makes the range that is being selected end at the cursor; one that Shift held ends without it."""
        selection = self._selection
        if selection.anchor is None:
            return
        if selection.is_held and not held:
            self.select(selection.ended())
            return
        anchor = index_of(self._rows, selection.anchor, near=self._cursor)
        first, last = sorted((self._cursor if anchor is None else anchor, self._cursor))
        self.select(selection.reaching(each.id for each in self._rows[first : last + 1]))
