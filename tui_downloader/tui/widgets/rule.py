"""A thin rule between panes, with a junction where another one meets it.

Owns one line. Must never be focused.
"""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget


class Rule(Widget):
    """A horizontal line."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Rule {
        height: 1;
        background: $background;
        color: $text-muted 50%;
    }
    """

    junction: reactive[int | None] = reactive(None)
    """Cell where an upright rule meets it; `None` for none."""

    def __init__(self, *, sign: str = "┬", id: str | None = None) -> None:  # noqa: A002 -- Textual's word
        """Makes a rule.

        Args:
            sign: How the junction is drawn.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._sign = sign

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 -- there is one line
        """Draws the rule."""
        width, at = self.size.width, self.junction
        text = "─" * width
        if at is not None and 0 <= at < width:
            text = f"{text[:at]}{self._sign}{text[at + 1 :]}"
        return Strip([Segment(text, self.rich_style)], width)
