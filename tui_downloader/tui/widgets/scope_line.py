"""One of a few choices in a dialog: a mark, what it is, and its present value.

Owns the line. Must never decide which of them is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.widgets.line import Line, Piece, width_of
from tui_downloader.tui.widgets.row import clipped

_GAP = 2


class ScopeLine(Line):
    """A choice; a click chooses it."""

    DEFAULT_CSS = """
    ScopeLine { background: $surface; }
    """

    chosen: reactive[bool] = reactive(False)
    """Whether it is the one."""

    def __init__(self, label: str, value: str, *, action: str) -> None:
        """Makes a choice.

        Args:
            label: What it is, safe to print.
            value: Its present value.
            action: What a click does, in the screen's words.
        """
        super().__init__()
        self._label = label
        self._value = value
        self._action = action

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns mark and label, and the value at the right end."""
        right = [Piece(self._value, "quiet", self._action)]
        mark = Piece("● " if self.chosen else "○ ", "key" if self.chosen else "quiet", self._action)
        room = max(0, width - width_of([mark, *right]) - _GAP)
        label = clipped(self._label, room).rstrip()
        return [mark, Piece(label, "strong" if self.chosen else "", self._action)], right
