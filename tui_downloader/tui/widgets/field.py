"""A field of one line in a dialog; a paste of several lines is not cut to its first one.

Owns the pasting. Must never let what was pasted reach the terminal unprinted.
"""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import Input

from tui_downloader.tui.pasted_words import pasted_words


class Field(Input):
    """One line to type into."""

    DEFAULT_CSS = """
    Field {
        width: 1fr;
        padding: 0;
        background: $boost;
        &:focus { background: $boost; }
        & > .input--placeholder, & > .input--suggestion { color: $text-muted; }
    }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 -- Textual's own word for it
        """Makes a field.

        Args:
            value: What stands in it; chosen, so that typing replaces it.
            placeholder: What is shown while it is empty.
            id: The widget's id.
        """
        super().__init__(value, placeholder, id=id, compact=True)

    def paste(self, text: str) -> None:
        """Inserts pasted text at the cursor, or in place of what is chosen; blanks at its ends are left out.

        Args:
            text: What the terminal handed over.
        """
        words = " ".join(pasted_words(text).split())
        self.replace(words, *self.selection)
        end, self.cursor_position = self.cursor_position, 0
        self.cursor_position = end  # again: the first text of a field does not scroll to its cursor by itself

    def on_paste(self, event: Paste) -> None:
        """Pastes tidied text instead of the terminal's."""
        event.prevent_default()
        event.stop()
        self.paste(event.text)
