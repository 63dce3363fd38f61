"""One line under the views: what happened while nobody watched.

Owns how long it stays. Must never decide what is worth telling.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.keys import key_of
from tui_downloader.tui.widgets.line import Line, Piece

USE_SECONDS = 30
"""For how many seconds of use it stays."""

_WIDE_CELLS, _NARROW_CELLS = 70, 40
"""From which widths on both ways out are told, and one of them."""


class Banner(Line):
    """A sentence that leaves by Esc, with the inbox or after a while of use; hidden while there is none."""

    DEFAULT_CSS = """
    Banner {
        display: none;
        background: $panel;
    }
    Banner.-shown { display: block; }
    Banner:nocolor { text-style: reverse; }
    Banner:ansi { text-style: reverse; }
    """

    sentence: reactive[str] = reactive("")
    """What to tell, safe to print; empty hides the line."""

    def on_mount(self) -> None:
        """Starts the clock of use."""
        self._used = 0
        self.set_interval(1.0, self._count)

    def watch_sentence(self, sentence: str) -> None:
        """Shows or hides the line."""
        self._used = 0
        self.set_class(bool(sentence), "-shown")

    def pieces(self, width: int) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """Returns the sentence, the way to the inbox and the way to hide it."""
        inbox = (Piece("     "), Piece(key_of("inbox"), "key", "inbox"), Piece(" Inbox", "", "inbox"))
        hide = (Piece("   "), Piece(key_of("back"), "key", "back"), Piece(" hide ", "", "back"))
        sentence = (Piece(f" {self.sentence}", "", "inbox"),)
        ways = (*inbox, *hide) if width >= _WIDE_CELLS else hide
        return sentence, ways if width >= _NARROW_CELLS else ()

    def _count(self) -> None:
        """Counts a second of use: one in which the terminal has the focus."""
        if self.sentence and self.app.app_focus:
            self._used += 1
            if self._used >= USE_SECONDS:
                self.sentence = ""
