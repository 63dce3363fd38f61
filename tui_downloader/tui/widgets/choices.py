"""Lines of which one is chosen: a list in a dialog, with headings between if need be.

Owns the cursor over such lines. Must never know what a choice means: the dialog does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from tui_downloader.tui.styled_line import Line
from tui_downloader.tui.widgets.lines import Lines

Key = int | str
"""Names a choice."""


class Choice(NamedTuple):
    """One line of the list."""

    key: Key | None
    """What is chosen by it; `None` for a line that only tells something."""
    line: Line
    """How it looks."""


class Choices(Lines, inherit_bindings=False):
    """Lines with a cursor; Enter or a double click chooses."""

    BINDING_GROUP_TITLE = "List"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"choices--cursor"}
    DEFAULT_CSS = """
    Choices {
        & > .choices--cursor { background: $boost; }
        &:nocolor > .choices--cursor { text-style: reverse; }
        &:ansi > .choices--cursor { text-style: reverse; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Choose", id="choose", tooltip="Take what the cursor is on"),
        Binding("j,down", "cursor(1)", "Down", id="choice-down", tooltip="Move to the next line"),
        Binding("k,up", "cursor(-1)", "Up", id="choice-up", tooltip="Move to the previous line"),
        Binding("g,home", "cursor_first", "First", id="choice-first", tooltip="Move to the first line"),
        Binding("G,end", "cursor_last", "Last", id="choice-last", tooltip="Move to the last line"),
        Binding("pagedown,ctrl+d", "page(1)", "Page down", id="choice-page-down", tooltip="Move a page down"),
        Binding("pageup,ctrl+u", "page(-1)", "Page up", id="choice-page-up", tooltip="Move a page up"),
    ]

    @dataclass
    class Chosen(Message):
        """A choice was made."""

        key: Key
        """Which."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's own word for it
        """Makes an empty list."""
        super().__init__(id=id)
        self._choices: tuple[Choice, ...] = ()
        self._cursor = 0

    @property
    def current(self) -> Key | None:
        """The key under the cursor; `None` if there is nothing to choose."""
        return self._choices[self._cursor].key if self._cursor < len(self._choices) else None

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Shows other lines; the cursor stays on its key, or near its place if that is gone.

        Args:
            choices: All lines from the top.
        """
        before = self.current
        self._choices = tuple(choices)
        keys = [each.key for each in self._choices]
        old = self._cursor
        self._cursor = keys.index(before) if before is not None and before in keys else self._nearest(old)
        self.show([each.line for each in self._choices])
        self._moved(old)

    def render_line(self, y: int) -> Strip:
        """Draws one line, the one under the cursor in its colours."""
        strip = super().render_line(y)
        if y + self.scroll_offset.y != self._cursor or self.current is None or not self.has_focus:
            return strip
        style = self.get_component_rich_style("choices--cursor", partial=True)
        return Strip(list(Segment.apply_style(list(strip), post_style=style)), strip.cell_length)

    def action_choose(self) -> None:
        """Tells what the cursor is on."""
        if (key := self.current) is not None:
            self.post_message(self.Chosen(key))

    def action_cursor(self, step: int) -> None:
        """Moves the cursor by some choices."""
        at = self._cursor
        while 0 <= at + step < len(self._choices):
            at += step
            if self._choices[at].key is not None:
                self._move(at)
                return

    def action_cursor_first(self) -> None:
        """Moves the cursor to the first choice."""
        self._move(self._nearest(0))

    def action_cursor_last(self) -> None:
        """Moves the cursor to the last choice."""
        self._move(self._nearest(len(self._choices) - 1))

    def action_page(self, direction: int) -> None:
        """Moves the cursor by a page."""
        self._move(self._nearest(self._cursor + direction * max(1, self.size.height - 1)))

    def on_click(self, event: events.Click) -> None:
        """Puts the cursor on the clicked line; a double click chooses it."""
        offset = event.get_content_offset(self)
        at = self.scroll_offset.y + offset.y if offset is not None else len(self._choices)
        if at < len(self._choices) and self._choices[at].key is not None:
            self._move(at)
            if event.chain == 2:
                self.action_choose()

    def on_focus(self) -> None:
        """Draws the cursor as that of the focused pane."""
        self._moved(self._cursor)

    def on_blur(self) -> None:
        """Draws the cursor as that of another pane."""
        self._moved(self._cursor)

    def _nearest(self, at: int) -> int:
        """Returns the line nearest to a place that can be chosen; 0 if there is none."""
        places = [place for place, each in enumerate(self._choices) if each.key is not None]
        return min(places, key=lambda place: abs(place - at), default=0)

    def _move(self, at: int) -> None:
        """Puts the cursor on a line."""
        old, self._cursor = self._cursor, at
        self._moved(old)

    def _moved(self, old: int) -> None:
        """Draws both lines again and scrolls so that the cursor, and a heading above it, can be seen."""
        width, top = self.line_width, self.scroll_offset.y
        for each in {old, self._cursor}:
            self.refresh(Region(0, each - top, width, 1))
        first = self._cursor
        while first > 0 and self._choices[first - 1].key is None:
            first -= 1
        self.scroll_to_region(Region(0, first, width, self._cursor - first + 1), animate=False, force=True)
