"""The line of tabs of the side pane.

Owns the line only. Must never know what a tab shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.widgets.line import Line, Piece, width_of


class TabBar(Line):
    """Names of tabs, the open one in brackets; a click opens another."""

    opened: reactive[str] = reactive("")
    """The open tab's name."""

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002 -- Textual's word
        """Makes the line.

        Args:
            names: All tabs, from the left.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._names = tuple(names)

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns all names, closer together where the width is short; then those around the open one only."""
        for gap in ("  ", " "):
            line = self._line(self._names, gap)
            if width_of(line) <= width:
                return line, ()
        names = self._names
        while len(names) > 1 and width_of(line) > width:
            names = names[1:] if names[-1] == self.opened else names[:-1]
            line = self._line(names, " ")
        return line, ()

    def _line(self, names: Sequence[str], gap: str) -> list[Piece]:
        """Returns some names in one wording."""
        pieces: list[Piece] = []
        for name in names:
            action = f"open_tab({name!r})"
            if name == self.opened:
                pieces += [Piece("["), Piece(name, "chosen", action), Piece("]")]
            else:
                pieces.append(Piece(name, "quiet", action))
            pieces.append(Piece(gap))
        return pieces[:-1]
