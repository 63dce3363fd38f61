"""The first line: name, session, speed, free space, worker.

Owns what is left out when the width is short. Must never read a clock or the session.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.limit_words import limit_words
from tui_downloader.tui.snapshot import Snapshot, View
from tui_downloader.tui.widgets.line import Line, Piece, width_of
from tui_downloader.tui.words import sparkline
from tui_downloader.units import format_bytes, format_rate

_WIDE = 100
_MEDIUM = 70


class Header(Line):
    """What the session does as a whole."""

    snapshot: reactive[Snapshot] = reactive(Snapshot, repaint=False)
    """The newest the feed knows."""
    plain: reactive[bool] = reactive(False, repaint=False)
    """Whether the terminal shows ASCII only."""

    def __init__(self, identifier: str, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 -- Textual's word
        """Makes the header of a session.

        Args:
            identifier: The session's name.
            plain: Whether the terminal shows ASCII only.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._identifier = identifier
        self.set_reactive(Header.plain, plain)

    def watch_snapshot(self) -> None:
        """Draws the line again if its words changed."""
        self.renew()

    def watch_plain(self) -> None:
        """Draws the line with other signs."""
        self.renew()

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns the longest wording that fits."""
        left = self._left(width)
        rights = self._rights(width)
        fitting = (each for each in rights if width_of(left) + width_of(each) + 2 <= width)
        return left, next(fitting, rights[-1])

    def _left(self, width: int) -> list[Piece]:
        """Words name, session and, while something moves, the speed."""
        gap = " " * (2 if width >= _MEDIUM else 1)
        pieces = [Piece(" tuidl", "strong"), Piece(f"{gap}{self._identifier}")]
        speed = self.snapshot.bytes_per_second
        if speed >= 1:
            before = "     " if width >= _WIDE else "   " if width >= _MEDIUM else "  "
            arrow = "v" if self.plain else "↓"
            pieces.append(Piece(f"{before}{arrow} {format_rate(speed)}", "active"))
            if width >= _MEDIUM and not self.plain:
                line = sparkline(self.snapshot.speeds, width=10 if width >= _WIDE else 8)
                pieces.append(Piece(f"{'  ' if width >= _WIDE else ' '}{line}", "active"))
        return pieces

    def _rights(self, width: int) -> list[list[Piece]]:
        """Words limit, free space, inbox and worker, the longest wording first; a limit that holds leaves late."""
        sign, word, role = self._worker()
        gap = "   " if width >= _WIDE else "  "
        free = self.snapshot.free_bytes
        free_piece = [Piece(f"{format_bytes(free)} free{gap}")] if free is not None else []
        long, short = Piece(f"{sign} worker {word} ", role), Piece(f"{sign} ", role)
        limit = self._limit(gap)
        held = limit if self.snapshot.bytes_per_second_max is not None else []
        inbox = self._inbox(gap)
        if width >= _MEDIUM:
            full = limit if width >= _WIDE else held
            return [
                [*full, *free_piece, *inbox, long],
                [*held, *free_piece, *inbox, short],
                [*held, *inbox, short],
                [*inbox, short],
                [short],
            ]
        counts = [
            Piece(f"{count:,} {view.value.lower()}  ")
            for view in (View.ACTIVE, View.FAILED)
            if (count := self.snapshot.count(view))
        ]
        return [[*inbox, *held, *counts, short], [*held, *counts, short], [*counts, short], [short]]

    def _inbox(self, gap: str) -> list[Piece]:
        """Words how much of the inbox is new; a click opens it."""
        news = self.snapshot.news
        return [Piece(f"inbox {news:,}", "strong", "inbox"), Piece(gap)] if news else []

    def _limit(self, gap: str) -> list[Piece]:
        """Words the limit of all downloads together; a click asks for another."""
        limit = self.snapshot.bytes_per_second_max
        return [Piece(f"limit {limit_words(limit)}", "quiet" if limit is None else "", "limit"), Piece(gap)]

    def _worker(self) -> tuple[str, str, str]:
        """Words the worker: sign, word and role."""
        if self.snapshot.trouble is not None:
            return "!", "failing", "wait"
        if self.snapshot.worker_runs:
            return "*" if self.plain else "●", "on", "good"
        return "o" if self.plain else "○", "stopped" if self.snapshot.held else "idle", "quiet"
