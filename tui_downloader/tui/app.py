"""The application: it puts screen, feed, settings, terminal and palette together.

Owns the wiring alone. Must never hold logic: that is in the screen and its widgets.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.command import Provider

from tui_downloader.settings import DEFAULTS, Settings
from tui_downloader.tui import theme
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.glyphs import AsciiGlyphs, wants_ascii
from tui_downloader.tui.messages import SettingsRead
from tui_downloader.tui.screens.main import MainScreen
from tui_downloader.tui.snapshot import Snapshot
from tui_downloader.tui.terminal import UNKNOWN, Terminal
from tui_downloader.tui.terminal_app import TerminalApp


def _action_commands() -> type[Provider]:
    """Returns what the palette lists; it is loaded when the palette opens."""
    from tui_downloader.tui.commands import ActionCommands

    return ActionCommands


class TuidlApp(TerminalApp, inherit_bindings=False):
    """The screen of one session; it ends with the name of the session to go to, or with `None`."""

    TITLE = "tuidl"
    CSS_PATH = "screens/main.tcss"  # Textual does not load the style sheet of a first screen by itself
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_action_commands}
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,ctrl+c", "quit", "Quit", id="quit", tooltip="Leave the screen; downloads go on"),
        Binding("ctrl+p,colon", "command_palette", "Palette", id="palette", tooltip="Find an action by its name"),
        Binding("S", "edit_settings", "Settings", id="settings", tooltip="Open the settings file in your editor"),
        Binding("ctrl+z", "suspend_process", "Suspend", id="suspend", tooltip="Back to the shell; fg returns"),
        Binding("ctrl+l", "redraw", "Redraw", id="redraw", tooltip="Draw everything again"),
    ]

    def __init__(
        self,
        feed: Feed,
        *,
        directory: Path,
        come_back: str = "tuidl",
        settings: Settings = DEFAULTS,
        settings_file: Path | None = None,
        terminal: Terminal = UNKNOWN,
        images: str | None = None,
    ) -> None:
        """Makes the application.

        Args:
            feed: Reads the session.
            directory: Where downloads are saved by default.
            come_back: Command line that opens this screen again.
            settings: What the settings file says.
            settings_file: Where that is; `None` if there is nothing to edit.
            terminal: What was learned of the terminal before.
            images: How the user wants pictures drawn; `None` leaves it to environment and settings.
        """
        super().__init__(terminal)
        for each in theme.ALL:
            self.register_theme(each)
        self._settings_file = settings_file
        self._ascii = AsciiGlyphs()
        self._filters.append(self._ascii)
        self._images = images
        plain = wants_ascii(settings.glyphs, os.environ)
        self._feed = feed
        self._main = MainScreen(feed, directory=directory, come_back=come_back, plain=plain)
        self.apply_settings(settings)

    def get_default_screen(self) -> MainScreen:
        """Returns the main screen."""
        return self._main

    @property
    def snapshot(self) -> Snapshot:
        """What the main screen shows."""
        return self._main.snapshot

    def attend(self, attending: bool) -> None:
        """Says in the session whether this screen tells its user what happens."""
        self._feed.attend(attending)

    def apply_settings(self, settings: Settings) -> None:
        """Takes over colours, signs and keys."""
        colors = self.console.color_system
        name = theme.chosen(settings.theme, os.environ, color_system=colors, is_light=self._terminal.is_light)
        self._ascii.enabled = wants_ascii(settings.glyphs, os.environ)
        self.theme = name
        self.draw_pictures(self._images, setting=settings.images)
        self.set_keymap(settings.keymap)
        self.notice.use(settings.notifications)

    def refresh_css(self, animate: bool = True) -> None:
        """Styles everything anew; before there is a screen nothing is, or the style sheets were read twice."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    # ---------------------------------------------------------------------------------------------------- the user

    @on(SettingsRead)
    def _settings_read(self, message: SettingsRead) -> None:
        """Takes over settings that were changed meanwhile."""
        self.apply_settings(message.settings)
        self._main.set_plain(self._ascii.enabled)
        self._main.name_keys()
        self._main.show(self._main.snapshot)

    async def on_event(self, event: events.Event) -> None:
        """Tells the main screen that its user is at it."""
        if isinstance(event, events.Key | events.MouseDown) and self.screen is self._main:
            self._main.touch()
        await super().on_event(event)

    def on_paste(self, event: events.Paste) -> None:
        """Opens the add form with a paste that nothing else took."""
        if self.screen is self._main and event.text.strip():
            self._main.action_add(event.text)

    def action_redraw(self) -> None:
        """Draws everything again."""
        self.refresh(repaint=True, layout=True)

    def action_edit_settings(self) -> None:
        """Opens the settings file in the user's editor."""
        from tui_downloader.tui.settings_editor import edit_settings

        edit_settings(self, self._settings_file, say=self._main.say)
