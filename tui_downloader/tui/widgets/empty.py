"""What stands in the list's place while it is empty.

Owns the words of the first run (SCREEN section 6). Must never be focused: every key works as in the list.
"""

from __future__ import annotations

from pathlib import Path

from textual.content import Content
from textual.widgets import Static

from tui_downloader.model.display_text import safe
from tui_downloader.tui.detail_words import tilde
from tui_downloader.tui.keys import key_of
from tui_downloader.tui.listing import Arrangement
from tui_downloader.tui.view import View
from tui_downloader.tui.words import EMPTY_VIEWS

_ROOM_FOR_ALL = 10


class Empty(Static):
    """A few centred lines."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    Empty {
        height: 1fr;
        background: $background;
        color: $foreground;
        content-align: center middle;
        text-align: center;
    }
    """

    def __init__(self, *, directory: Path, come_back: str, id: str | None = None) -> None:  # noqa: A002 -- Textual's word
        """Makes the lines.

        Args:
            directory: Where downloads are saved by default.
            come_back: Command line that opens this screen again.
            id: The widget's id.
        """
        super().__init__(id=id, markup=False)
        self._directory = directory
        self._come_back = come_back
        self._arrangement = Arrangement()
        self._first_run = True

    def show(self, arrangement: Arrangement, *, first_run: bool) -> None:
        """Words an empty view, or a filter without hits.

        Args:
            arrangement: What is shown of the session.
            first_run: Whether the session has no download at all.
        """
        self._arrangement = arrangement
        self._first_run = first_run
        self.update(self._words())

    def save_in(self, directory: Path) -> None:
        """Names another directory from now on."""
        self._directory = directory
        self.update(self._words())

    def on_resize(self) -> None:
        """Says as much as there is room for."""
        self.update(self._words())

    def _words(self) -> Content:
        """Returns the lines for the present height."""
        if not self._first_run:
            return Content.styled(empty_words(self._arrangement), "$text-muted")
        lines = [
            Content(EMPTY_VIEWS[View.ALL]),
            Content(""),
            Content.assemble("Paste a link, or press  ", (key_of("add"), "bold $accent"), "  to add one."),
            Content.styled(f"Downloads go on when you quit; come back with  {self._come_back}.", "$text-muted"),
        ]
        if self.size.height >= _ROOM_FOR_ALL:
            place = f"Files are saved in {tilde(self._directory)}.    "
            lines += [
                Content(""),
                Content.assemble(
                    (place, "$text-muted"), (key_of("help"), "bold $accent"), (" shows every key.", "$text-muted")
                ),
                Content.assemble(
                    ("No link at hand?  ", "$text-muted"),
                    (key_of("quit"), "bold $accent"),
                    (", then  tuidl demo", "$text-muted"),
                ),
            ]
        return Content("\n").join(lines)


def empty_words(arrangement: Arrangement) -> str:
    """Words why nothing is shown: `No download matches “iso state:failed”. Esc clears the filter.`."""
    chosen = arrangement.filter
    if not chosen.text:
        return EMPTY_VIEWS[arrangement.view]
    where = "" if arrangement.view is View.ALL else f" in {arrangement.view.value}"
    why = chosen.problem or f"No download{where} matches “{safe(chosen.text)}”."
    return f"{why} {key_of('back')} clears the filter."
