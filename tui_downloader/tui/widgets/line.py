"""A line of words, some of which can be clicked: the base of header, views, banner and footer.

Owns fitting words into the width and finding the clicked one. Must never interpret text as markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_downloader.tui.widgets.roles import role_styles


class Piece(NamedTuple):
    """Some words of a line."""

    text: str
    """What to show, safe to print."""
    role: str = ""
    """How to show it: `strong`, `chosen`, `key` or a colour role (SCREEN section 10); empty is plain."""
    action: str | None = None
    """What a click on it does; `None` if nothing."""


class Line(Widget):
    """One line: pieces from the left, pieces from the right; the left ones are cut if they meet."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Line {
        height: 1;
        background: $background;
        color: $foreground;
    }
    """

    @dataclass
    class Pressed(Message):
        """A piece with an action was clicked."""

        action: str
        """What to do, in the screen's words."""

    _base: Style | None = None
    _styles: dict[str, Style] | None = None
    _drawn: Sequence[Piece] = ()

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns the pieces at the left and at the right end for a width in cells."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draws the line."""
        width = self.size.width
        if self._base is None:
            self._base = self.rich_style
        if y:
            return Strip.blank(width, self._base)
        self._drawn = self._fitted(width)
        return Strip([Segment(each.text, self._base + self._style(each.role)) for each in self._drawn], width)

    def renew(self) -> None:
        """Draws the line again if its words changed."""
        if self._fitted(self.size.width) != self._drawn:
            self.refresh()

    def notify_style_update(self) -> None:
        """Forgets the styles: the theme changed."""
        super().notify_style_update()
        self._base = self._styles = None

    def on_click(self, event: events.Click) -> None:
        """Posts what the clicked piece does."""
        offset = event.get_content_offset(self)
        start = 0
        for each in self._fitted(self.size.width):
            stop = start + cell_len(each.text)
            if offset is not None and start <= offset.x < stop and each.action is not None:
                self.post_message(self.Pressed(each.action))
            start = stop

    def _fitted(self, width: int) -> list[Piece]:
        """Returns pieces that fill the width: left, blanks, right."""
        left, right = self.pieces(width)
        room = max(0, width - sum(cell_len(each.text) for each in right))
        fitted: list[Piece] = []
        for each in left:
            if cell_len(each.text) > room:
                fitted.append(Piece(cut(each.text, room), each.role, each.action))
                room = 0
                break
            fitted.append(each)
            room -= cell_len(each.text)
        return [*fitted, Piece(" " * room), *right]

    def _style(self, role: str) -> Style:
        """Returns the style of a role."""
        if self._styles is None:
            self._styles = role_styles(self.app)
        return self._styles[role] if role else Style()


def width_of(pieces: Sequence[Piece]) -> int:
    """Returns how many cells pieces take."""
    return sum(cell_len(each.text) for each in pieces)


def cut(text: str, width: int) -> str:
    """Cuts a text that is too long at its end, with a sign that it was cut; exactly `width` cells then."""
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1)}…" if width > 0 else ""
