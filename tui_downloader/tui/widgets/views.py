"""The second line: the five views with their counts.

Owns nothing but the line. Must never decide which downloads belong to a view.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.snapshot import Snapshot, View
from tui_downloader.tui.widgets.line import Line, Piece, width_of


class Views(Line):
    """Which part of the list is shown; a click chooses another."""

    snapshot: reactive[Snapshot] = reactive(Snapshot, repaint=False)
    """The newest the feed knows."""
    chosen: reactive[View] = reactive(View.ALL)
    """The view that is shown."""

    def watch_snapshot(self) -> None:
        """Draws the line again if its words changed."""
        self.renew()

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns the views, with narrower gaps and then without counts where the width is short."""
        for gap, counted in (("   ", True), ("  ", True), (" ", True), (" ", False)):
            line = self._line(gap, counted=counted)
            if width_of(line) <= width:
                break
        return line, ()

    def _line(self, gap: str, *, counted: bool) -> list[Piece]:
        """Returns the views in one wording."""
        pieces = [Piece(" ")]
        for number, view in enumerate(View, start=1):
            action = f"show_view({view.value!r})"
            count = f" {self.snapshot.count(view):,}" if counted else ""
            pieces.append(Piece(f"{number} ", "quiet", action))
            pieces.append(Piece(f"{view.value}{count}", "chosen" if view is self.chosen else "", action))
            pieces.append(Piece(gap))
        return pieces[:-1]
