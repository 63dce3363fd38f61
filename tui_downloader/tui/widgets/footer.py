"""The last line: the keys that help for the selected row, or why a key did not act.

Owns fitting keys into the width and how long a remark stays. Must never know what the keys do.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive
from textual.timer import Timer

from tui_downloader.tui.hints import ADD, Hint, standing_hints
from tui_downloader.tui.widgets.line import Line, Piece, width_of

REMARK_SECONDS = 3.0
"""How long a remark stays."""
HINTS_MAX = 9
"""Most keys at once."""

_INBOX_CELLS = 70
"""Narrower footers leave the inbox to the header."""


class Footer(Line):
    """Keys at the left, help and quit at the right end; all can be clicked."""

    hints: reactive[tuple[Hint, ...]] = reactive((ADD,))
    """The keys for the selected row, the most useful first."""
    selected: reactive[str] = reactive("")
    """How many downloads are selected, in words; empty if none is."""
    news: reactive[int] = reactive(0)
    """How much of the inbox is new."""
    remark: reactive[str] = reactive("")
    """A sentence that stands in place of the keys for a moment, safe to print."""

    _timer: Timer | None = None

    def say(self, remark: str) -> None:
        """Shows a sentence for a moment.

        Args:
            remark: Safe to print.
        """
        self.remark = remark
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(REMARK_SECONDS, self._fall_silent)

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns the remark, or as many keys as fit."""
        standing = standing_hints(self.news if width >= _INBOX_CELLS else 0)
        right = self._line(standing, "   " if width >= 100 else "  ")
        right = [*right[1:], Piece(" ")]
        if self.remark:
            return (Piece(f" {self.remark}"),), right
        shown = list(self.hints[: HINTS_MAX - len(standing)])
        lead = [Piece(f" {self.selected}", "mark"), Piece("  ")] if self.selected else []
        for gap in ("   ", "  "):
            left = [*lead, *self._line(shown, gap)]
            if width_of(left) + width_of(right) + 2 <= width:
                return left, right
        while len(shown) > (not lead) and width_of(left) + width_of(right) + 2 > width:
            shown.pop(max((at for at, each in enumerate(shown) if each.spare), default=-1))
            left = [*lead, *self._line(shown, "  ")]
        return left, right

    def _fall_silent(self) -> None:
        """Shows the keys again."""
        self.remark = ""

    def _line(self, hints: Sequence[Hint], gap: str) -> list[Piece]:
        """Words keys with gaps between them and a blank before them."""
        pieces = [Piece(" ")]
        for number, each in enumerate(hints):
            if number:
                pieces.append(Piece(gap))
            pieces += [Piece(each.key, "key", each.action), Piece(f" {each.label}", "", each.action)]
        return pieces
