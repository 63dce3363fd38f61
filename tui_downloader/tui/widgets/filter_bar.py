"""The filter's line, at the right end of the views (SCREEN section 1).

Owns the field and when it is seen. Must never know what its text means.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui_downloader.tui.keys import named
from tui_downloader.tui.widgets.field import Field


class FilterBar(Horizontal):
    """A field that is seen while it has the focus or a text; Enter keeps the filter, Esc clears it."""

    BINDING_GROUP_TITLE = "Filter"
    DEFAULT_CSS = """
    FilterBar {
        display: none;
        height: 1;
        background: $background;
        &.-open { display: block; }
        & > Static { width: auto; color: $text-muted; }
        & > #filter-sign { color: $accent; text-style: bold; }
        & > Field { background: $background; }
        & > Field:focus { background: $boost; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", id="filter-clear", tooltip="Show everything again"),
        Binding("down,tab", "leave", "To the list", id="filter-leave", tooltip="Keep the filter, go to the list"),
    ]

    @dataclass
    class Changed(Message):
        """Another text stands in the field."""

        text: str
        """Which."""

    @dataclass
    class Left(Message):
        """The user is done with the field."""

    @property
    def is_open(self) -> bool:
        """Whether it is seen."""
        return self.has_class("-open")

    def open(self) -> None:
        """Shows the field and goes to it at once: keys that were typed in the same burst are for it."""
        if not self.children:
            sign, key = Static(" / ", id="filter-sign", markup=False), Static(id="filter-key", markup=False)
            self.mount(sign, Field(id="filter"), key)
        self._show(is_open=True)
        self.screen.set_focus(self.query_one(Field))

    def clear(self) -> None:
        """Empties the field and hides it; goes back to the list if it had the focus."""
        if not self.is_open:
            return
        field = self.query_one(Field)
        if field.has_focus:
            self.post_message(self.Left())
        field.value = ""
        self._show(is_open=False)

    def action_clear(self) -> None:
        """Empties the field."""
        self.clear()

    def action_leave(self) -> None:
        """Goes to the list; the filter stays, unless it is empty."""
        if not self.query_one(Field).value.strip():
            self.clear()
        else:
            self.post_message(self.Left())

    @on(Input.Changed)
    def _on_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.post_message(self.Changed(message.value))

    @on(Input.Submitted)
    def _on_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.action_leave()

    def on_descendant_blur(self) -> None:
        """Hides an empty field that lost the focus, to a click elsewhere for instance."""
        if not self.query_one(Field).value.strip():
            self._show(is_open=False)

    def _show(self, *, is_open: bool) -> None:
        """Shows or hides the line; the screen's class tells the views to make room."""
        self.query_one("#filter-key", Static).update(named("  {filter-clear} clears "))
        self.set_class(is_open, "-open")
        self.screen.set_class(is_open, "-filtering")
