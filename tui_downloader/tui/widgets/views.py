"""The second line: the five views with their counts, the order and the way to the filter.

Owns nothing but the line. Must never decide which downloads belong to a view.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.keys import key_of
from tui_downloader.tui.listing import Arrangement
from tui_downloader.tui.order import Order
from tui_downloader.tui.snapshot import Snapshot, View
from tui_downloader.tui.widgets.line import Line, Piece, width_of


class Views(Line):
    """Which part of the list is shown; a click chooses another."""

    snapshot: reactive[Snapshot] = reactive(Snapshot, repaint=False)
    """The newest the feed knows."""
    arrangement: reactive[Arrangement] = reactive(Arrangement())
    """Which rows are shown, and in which order."""

    def watch_snapshot(self, before: Snapshot, snapshot: Snapshot) -> None:
        """Draws the line again if a count changed."""
        if any(before.count(each) != snapshot.count(each) for each in View):
            self.renew()

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns the longest wording that fits: narrower gaps, no order, no counts, only the chosen view."""
        lefts = [self._line(gap) for gap in ("   ", "  ", " ")]
        *full, last = self._rights()
        for left, right in [(left, right) for right in full for left in lefts[:2]] + [
            (left, last) for left in lefts
        ]:
            if width_of(left) + width_of(right) + 2 * bool(right) <= width:
                return left, right
        short = self._line(" ", counted=False)
        return (short if width_of(short) <= width else self._line("", only_chosen=True)), ()

    def _line(self, gap: str, *, counted: bool = True, only_chosen: bool = False) -> list[Piece]:
        """Returns the views in one wording."""
        pieces = [Piece(" ")]
        for view in View:
            chosen = view is self.arrangement.view
            if only_chosen and not chosen:
                continue
            action = f"show_view({view.value!r})"
            count = f" {self.snapshot.count(view):,}" if counted else ""
            pieces.append(Piece(f"{key_of(f'view-{view.value.lower()}')} ", "quiet", action))
            pieces.append(Piece(f"{view.value}{count}", "chosen" if chosen else "", action))
            pieces.append(Piece(gap))
        return pieces[:-1]

    def _rights(self) -> list[list[Piece]]:
        """Returns the order and the way to the filter, the longest wording first; a filter replaces them."""
        if self.screen.has_class("-filtering"):
            return [[]]
        order = Piece(self.arrangement.order.value, "quiet", "sort")
        filter_key = [Piece(key_of("filter"), "key", "filter"), Piece(" filter ", "quiet", "filter")]
        both = [[order, Piece(gap), *filter_key] for gap in ("   ", "  ")]
        shorter = [[*filter_key]] if self.arrangement.order is Order.NEWEST else [[order, Piece(" ")]]
        return [*both, *shorter, []]
