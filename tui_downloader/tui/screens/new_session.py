"""The dialog for a new session's name.

Owns what it says about names. Must never make a session itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.widgets import Static

from tui_downloader.errors import InvalidSessionNameError
from tui_downloader.paths import checked_identifier
from tui_downloader.tui.keys import key_of
from tui_downloader.tui.screens.one_field import OneFieldScreen
from tui_downloader.tui.widgets.field import Field


class NewSessionScreen(OneFieldScreen[str]):
    """Asks for a name; dismisses with it, checked."""

    BINDING_GROUP_TITLE = "New session"
    heading = "New session"
    label = "Name"
    act = "Create"
    hint = "letters, digits, dots, dashes and underscores"

    def __init__(self, names: Sequence[str]) -> None:
        """Makes the dialog.

        Args:
            names: Sessions that are there already.
        """
        super().__init__()
        self._names = tuple(names)

    def compose_above(self) -> ComposeResult:
        """Says what a session is for."""
        yield Static(
            "A session has a list, a worker, a limit and an inbox of its own. The downloads of this one go on.",
            markup=False,
        )

    def compose_field(self) -> ComposeResult:
        """Builds the empty field."""
        yield Field(placeholder="work, iso-images", id="field")

    def read(self, text: str) -> str:
        """Returns the name; raises `InvalidSessionNameError` if it cannot be one, or there is such a session."""
        name = checked_identifier(text.strip())
        for each in self._names:
            if each.casefold() == name.casefold():
                raise InvalidSessionNameError(
                    f"There is a session “{each}” already; {key_of('field-close')}, then {key_of('choose')} on it."
                )
        return name
