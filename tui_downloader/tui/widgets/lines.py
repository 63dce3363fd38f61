"""Lines of styled text that scroll; only a line that changed is drawn again.

Owns the drawing of lines and the style of each role. Must never interpret text as markup or let a control
character through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_downloader.model.display_text import safe
from tui_downloader.tui.styled_line import Line, Role


class Lines(ScrollView, can_focus=True):
    """Shows lines as they are, from the top; longer ones are cut, more of them scroll."""

    ALLOW_SELECT = False
    BINDING_GROUP_TITLE = "Text"
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{role}" for role in Role}
    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
        color: $foreground;
        & > .lines--strong { text-style: bold; }
        & > .lines--quiet { color: $text-muted; }
        & > .lines--active { color: $primary; }
        & > .lines--good { color: $success; }
        & > .lines--wait { color: $warning; }
        & > .lines--bad { color: $error; }
        & > .lines--key { color: $accent; text-style: bold; }
        & > .lines--arriving { color: $accent; }
        & > .lines--faint { color: $text-muted 50%; }
        & > .lines--bar { color: $primary; background: $panel; }
        &:nocolor > .lines--quiet { text-style: dim; }
        &:nocolor > .lines--active, &:nocolor > .lines--bad { text-style: bold; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "scroll_down", "Down", id="lines-down", tooltip="Scroll one line down"),
        Binding("k,up", "scroll_up", "Up", id="lines-up", tooltip="Scroll one line up"),
        Binding("g,home", "scroll_home", "Top", id="lines-top", tooltip="Scroll to the first line"),
        Binding("G,end", "scroll_end", "End", id="lines-end", tooltip="Scroll to the last line"),
        Binding("ctrl+d", "half_page(1)", "Half page down", id="lines-half-down", tooltip="Scroll half a page"),
        Binding("ctrl+u", "half_page(-1)", "Half page up", id="lines-half-up", tooltip="Scroll half a page back"),
    ]

    @dataclass
    class WidthChanged(Message):
        """There is another width to compose lines for."""

        lines: Lines
        """Where."""
        width: int
        """Cells of a line."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's own word for it
        """Makes an empty widget."""
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self._width = 0
        self._styles: dict[Role | None, Style] = {}

    @property
    def line_width(self) -> int:
        """Cells of a line."""
        return self.scrollable_content_region.width

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def show(self, lines: Sequence[Line]) -> None:
        """Shows other lines; those that stay the same are not drawn again.

        Args:
            lines: All lines from the top; text from outside may be in them.
        """
        before, self._lines = self._lines, tuple(lines)
        size = Size(self.line_width, len(self._lines))
        if size != self.virtual_size:
            self.virtual_size = size
            self.refresh(layout=len(before) != len(self._lines) and self.styles.is_auto_height)
            return
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        changed = (at for at, pair in enumerate(zip(before, self._lines, strict=True)) if pair[0] != pair[1])
        regions = [Region(0, at - top, size.width, 1) for at in changed if 0 <= at - top < height]
        if regions:
            self.refresh(*regions)

    def on_resize(self) -> None:
        """Tells when the width changed."""
        if self.line_width != self._width:
            self._width = self.line_width
            self.post_message(self.WidthChanged(self, self._width))

    def render_line(self, y: int) -> Strip:
        """Draws one line of the visible part."""
        width = self.line_width
        at = y + self.scroll_offset.y
        parts = self._lines[at] if at < len(self._lines) else ()
        segments = [Segment(safe(text), self._style(role)) for text, role in parts if text]
        return Strip(segments).adjust_cell_length(width, self._style(None))

    def _style(self, role: Role | None) -> Style:
        """Returns the style of a role, or of the blanks; looking it up anew would cost more than drawing."""
        if role not in self._styles:
            self._styles[role] = (
                self.rich_style if role is None else self.get_component_rich_style(f"lines--{role}")
            )
        return self._styles[role]

    def notify_style_update(self) -> None:
        """Draws everything again in the colours of another theme."""
        super().notify_style_update()
        self._styles.clear()
        self.refresh()

    def action_half_page(self, direction: int) -> None:
        """Scrolls half a page."""
        self.scroll_relative(y=direction * max(1, self.size.height // 2), animate=False)
