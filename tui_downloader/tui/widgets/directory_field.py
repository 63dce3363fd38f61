"""The field for a directory: Tab completes, the arrows go through the places used before.

Owns its keys. Must never read the disk on the UI thread: completing is done in another one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester

from tui_downloader.tui.adding.places import completed
from tui_downloader.tui.detail_words import tilde
from tui_downloader.tui.widgets.field import Field


class DirectoryField(Field):
    """One directory."""

    BINDING_GROUP_TITLE = "Directory"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", "Complete", id="directory-complete", tooltip="Complete it, or go on"),
        Binding("up", "place(1)", "Earlier place", id="directory-earlier", tooltip="A place used before"),
        Binding("down", "place(-1)", "Later place", id="directory-later", tooltip="A place used after that"),
    ]

    def __init__(self, value: str, places: Sequence[Path], *, id: str) -> None:  # noqa: A002 -- Textual's own word for it
        """Makes the field.

        Args:
            value: What stands in it.
            places: Places used before, the last one first.
            id: The widget's id.
        """
        super().__init__(value, id=id)
        self.select_on_focus = False
        self.suggester = _Completion(places)
        self._places = [tilde(each) for each in places]

    def action_complete(self) -> None:
        """Takes the suggestion over; goes to the next field if there is none."""
        before = self.value
        if self.cursor_position == len(before):
            self.action_cursor_right()
        if self.value == before:
            self.screen.focus_next()

    def action_place(self, step: int) -> None:
        """Shows the place used before the one that stands there."""
        if self._places:
            at = self._places.index(self.value) + step if self.value in self._places else 0
            self.value = self._places[max(0, min(at, len(self._places) - 1))]
            self.cursor_position = len(self.value)


class _Completion(Suggester):
    """Completes in a thread."""

    def __init__(self, places: Sequence[Path]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._known = tuple(places)

    async def get_suggestion(self, value: str) -> str | None:
        """Returns the whole text; `None` if there is nothing to complete."""
        return await asyncio.to_thread(completed, value, self._known)
