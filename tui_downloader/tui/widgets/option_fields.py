"""The opened options of the Add form.

Owns their fields. Must never judge what is typed: the form does that.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui_downloader.tui.adding.options import Typed
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.text_button import TextButton

_PLACEHOLDERS = {
    "name": "as the server says",
    "checksum": "sha-256:…, if you know it",
    "limit": "off",
    "connections": "auto",
}
_START = {False: "Start now", True: "Add paused"}


class OptionFields(Vertical):
    """Name, checksum, limit, connections, and whether to start."""

    DEFAULT_CSS = """
    OptionFields {
        height: auto;
        & > Horizontal { height: 1; }
        .label { width: 10; color: $text-muted; }
        .second { width: 15; padding-left: 3; color: $text-muted; }
        #option-limit { width: 9; }
        #option-connections { width: 5; margin-right: 3; }
    }
    """

    @dataclass
    class Changed(Message):
        """Another value stands in one of the fields."""

        typed: Typed
        """All of them."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's own word for it
        """Makes empty fields."""
        super().__init__(id=id)
        self._paused = False
        self._fields = {
            each: Field(placeholder=words, id=f"option-{each}") for each, words in _PLACEHOLDERS.items()
        }

    def compose(self) -> ComposeResult:
        """Builds three rows."""
        with Horizontal():
            yield Static("Name", classes="label", markup=False)
            yield self._fields["name"]
        with Horizontal():
            yield Static("Checksum", classes="label", markup=False)
            yield self._fields["checksum"]
        with Horizontal():
            yield Static("Limit", classes="label", markup=False)
            yield self._fields["limit"]
            yield Static("Connections", classes="second", markup=False)
            yield self._fields["connections"]
            yield TextButton(_START[False], id="option-start")

    @property
    def typed(self) -> Typed:
        """What stands in the fields."""
        values = {name: field.value for name, field in self._fields.items()}
        return Typed(**values, paused=self._paused)

    def fill(self, option: str, text: str) -> None:
        """Writes into a field in which nothing stands yet."""
        field = self._fields[option]
        if not field.value:
            field.value = text

    def focus_on(self, option: str) -> None:
        """Puts the cursor into a field."""
        self._fields[option].focus()

    @on(Input.Changed)
    def _on_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Changed(self.typed))

    @on(TextButton.Pressed)
    def _on_pressed(self, message: TextButton.Pressed) -> None:
        """Changes between starting now and adding paused."""
        message.stop()
        self._paused = not self._paused
        message.button.label = _START[self._paused]
        self.post_message(self.Changed(self.typed))
