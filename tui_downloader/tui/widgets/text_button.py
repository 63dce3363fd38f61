"""A button of one line that looks like its words: `[ Keep ]`.

Owns the look and the keys of such a button. Must never interpret its label: it may hold text from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_downloader.model.display_text import safe


class TextButton(Widget, can_focus=True):
    """A button drawn as `[ words ]`; filled while it has the focus, coloured if Enter in a field does the same."""

    ALLOW_SELECT = False
    BINDING_GROUP_TITLE = "Button"
    DEFAULT_CSS = """
    TextButton {
        width: auto;
        height: 1;
        margin-right: 3;
        color: $foreground;
        pointer: pointer;
        &.-main { color: $accent; text-style: bold; }
        &:hover { background: $boost; }
        &:focus { color: $background; background: $accent; text-style: bold; }
        &:focus:ansi { color: $accent; background: $background; text-style: bold reverse; }
        &:focus:nocolor { text-style: bold reverse; }
        &:disabled { color: $text-muted; pointer: default; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", "Press", id="button-press", tooltip="Do what the button says"),
    ]

    label: reactive[str] = reactive("", layout=True)
    """The words between the brackets."""

    @dataclass
    class Pressed(Message):
        """The button was pressed, by key or mouse."""

        button: TextButton
        """Which one."""

        @property
        def control(self) -> TextButton:
            """The button, so that `@on` can select by its id."""
            return self.button

    def __init__(self, label: str, *, id: str, main: bool = False) -> None:  # noqa: A002 -- Textual's own word for it
        """Makes a button.

        Args:
            label: Its words.
            id: Its id, to tell it from others.
            main: Whether Enter in a field of the dialog does the same.
        """
        super().__init__(id=id, classes="-main" if main else None)
        self.set_reactive(TextButton.label, label)

    def render(self) -> Content:
        """Draws the words in brackets."""
        return Content(f"[ {safe(self.label)} ]")

    def on_click(self, event: Click) -> None:
        """A click presses."""
        event.stop()
        self.action_press()

    def action_press(self) -> None:
        """Tells that the button was pressed; a disabled one stays silent."""
        if not self.disabled:
            self.post_message(self.Pressed(self))
