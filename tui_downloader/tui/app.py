"""The application: it puts screen, feed, theme and palette together.

Owns the wiring alone. Must never hold logic: that is in the screen and its widgets.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider

from tui_downloader.tui import theme
from tui_downloader.tui.commands import ActionCommands
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.screens.main import MainScreen


class TuidlApp(App[None], inherit_bindings=False):
    """The screen of one session."""

    TITLE = "tuidl"
    CSS_PATH = "screens/main.tcss"  # Textual does not load the style sheet of a first screen by itself
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {ActionCommands}
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,ctrl+c", "quit", "Quit", id="quit", tooltip="Leave the screen; downloads go on"),
        Binding("ctrl+p,colon", "command_palette", "Palette", id="palette", tooltip="Find an action by its name"),
        Binding("ctrl+z", "suspend_process", "Suspend", id="suspend", tooltip="Back to the shell; fg returns"),
        Binding("ctrl+l", "redraw", "Redraw", id="redraw", tooltip="Draw everything again"),
    ]

    def __init__(self, feed: Feed, *, directory: Path, come_back: str = "tuidl") -> None:
        """Makes the application.

        Args:
            feed: Reads the session.
            directory: Where downloads are saved by default.
            come_back: Command line that opens this screen again.
        """
        super().__init__()
        for each in theme.ALL:
            self.register_theme(each)
        self.theme = theme.suiting(os.environ, color_system=self.console.color_system).name
        plain = os.environ.get("TERM") == "linux"
        self._main = MainScreen(feed, directory=directory, come_back=come_back, plain=plain)

    def get_default_screen(self) -> MainScreen:
        """Returns the main screen."""
        return self._main

    def on_paste(self, event: events.Paste) -> None:
        """Opens the add form with a paste that nothing else took."""
        if self.screen is self._main and event.text.strip():
            self._main.action_add(event.text)

    def action_redraw(self) -> None:
        """Draws everything again."""
        self.refresh(repaint=True, layout=True)
