"""The queue as the screen shows it: which queued download is next, and which come after it.

Owns the places; the line is sorted anew only when somebody moved in it. Must never reorder anything: the session
does.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, State

Turn = tuple[int, int]
"""A download's turn and, among equal ones, its id."""


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """The queued downloads in the order in which they start."""

    turns: tuple[Turn, ...] = ()
    """Their turns, the next one first."""

    def __len__(self) -> int:
        return len(self.turns)

    def place(self, download: Download | None) -> int | None:
        """Returns a download's place, 1 being the next; `None` if it is not in line."""
        if download is None or not is_in_line(download):
            return None
        at = bisect_left(self.turns, _turn(download))
        return at + 1 if at < len(self.turns) and self.turns[at] == _turn(download) else None

    def merged(self, changes: Iterable[tuple[Download | None, Download]]) -> WaitingLine:
        """Returns the line after some rows changed; the same one if none of them moved in it.

        Args:
            changes: Each row as it was (`None` for a new one) and as it is.
        """
        left: set[Turn] = set()
        joined: set[Turn] = set()
        for before, after in changes:
            if before is not None and is_in_line(before):
                left.add(_turn(before))
            if is_in_line(after):
                joined.add(_turn(after))
        if left == joined:
            return self
        stay = [each for each in self.turns if each not in left]
        return WaitingLine(tuple(sorted([*stay, *joined])))  # sorted but for a few: that is quick


def is_in_line(download: Download) -> bool:
    """Tells whether a download waits for its turn."""
    return download.state is State.QUEUED and download.intent is Intent.RUN and download.removed_at is None


def _turn(download: Download) -> Turn:
    """Returns what the line is sorted by."""
    return download.turn, download.id


def in_line(place: int) -> str:
    """Words a place: `next`, `2nd`, `3rd`, `1,011th`."""
    if place == 1:
        return "next"
    ending = "th" if 10 <= place % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place:,}{ending}"
