"""One line below a picture: what it is, and the keys.

Owns the arrangement alone: facts at the left, keys at the right. Must never find the facts out.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.hints import Hint
from tui_downloader.tui.widgets.line import Line, Piece


class FactsLine(Line):
    """The line below one picture or many."""

    facts: reactive[str] = reactive("")
    """The picture in words, safe to print."""

    def __init__(self, *keys: Hint) -> None:
        """Makes a line without facts.

        Args:
            keys: What stands at the right.
        """
        super().__init__()
        self._keys = keys

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:  # noqa: ARG002 -- what is too long is cut
        """Returns the facts at the left and the keys at the right."""
        keys = [
            piece
            for each in self._keys
            for piece in (
                Piece("   "),
                Piece(each.key, "key", each.action),
                Piece(f" {each.label}", "", each.action),
            )
        ]
        return (Piece(f" {self.facts}"),), [*keys, Piece(" ")]
