"""The text field of the Add form: Enter adds, Ctrl+J makes a new line.

Owns the keys and the pasting. Must never let what was pasted reach the terminal unprinted or unread.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Paste
from textual.message import Message
from textual.widgets import TextArea

from tui_downloader.tui.adding.pasted import Pasted, read_paste


class UrlArea(TextArea):
    """Takes several URLs."""

    BINDING_GROUP_TITLE = "URLs"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Add", id="add-submit", priority=True, tooltip="Add all of them at once"),
        Binding(
            "ctrl+j,shift+enter",
            "new_line",
            "New line",
            id="add-new-line",
            priority=True,
            tooltip="Begin another line; blanks separate URLs as well",
        ),
    ]

    @dataclass
    class Submitted(Message):
        """Enter was pressed."""

        area: UrlArea
        """Where."""

    @dataclass
    class CommandPasted(Message):
        """A paste was inserted that says more than its lines do."""

        pasted: Pasted
        """What it says."""

    def paste(self, text: str) -> None:
        """Inserts pasted text: the URLs in it one a line, a command as its URLs.

        Args:
            text: What the terminal handed over.
        """
        pasted = read_paste(text)
        words = pasted.text
        start, end = min(self.selection), max(self.selection)
        before = self.document.get_line(start[0])[: start[1]]
        if "://" in words and before.strip() and not before[-1].isspace():
            words = f"\n{words}"  # a URL pasted behind another one begins its own line
        result = self.replace(words, start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
        if pasted.meanings:
            self.post_message(self.CommandPasted(pasted))

    def on_paste(self, event: Paste) -> None:
        """Pastes tidied text instead of the terminal's."""
        event.prevent_default()
        event.stop()
        self.paste(event.text)

    def action_submit(self) -> None:
        """Tells that Enter was pressed."""
        self.post_message(self.Submitted(self))

    def action_new_line(self) -> None:
        """Begins another line."""
        start, end = min(self.selection), max(self.selection)
        result = self.replace("\n", start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
