"""One line under the views: what happened while nobody watched.

Owns how long it stays. Must never decide what is worth telling.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from tui_downloader.tui.widgets.line import Line, Piece

USE_SECONDS = 30
"""For how many seconds of use it stays."""


class Banner(Line):
    """A sentence that leaves by Esc, by a click or after a while of use; hidden while there is none."""

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
        """Returns the sentence and the way to hide it."""
        hide = (Piece("  "), Piece("Esc", "key", "back"), Piece(" hide ", "", "back"))
        return (Piece(f" {self.sentence}"),), hide if width >= 40 else ()

    def _count(self) -> None:
        """Counts a second of use: one in which the terminal has the focus."""
        if self.sentence and self.app.app_focus:
            self._used += 1
            if self._used >= USE_SECONDS:
                self.sentence = ""
