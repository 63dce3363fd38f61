"""The application: it puts screen, feed, settings, terminal and palette together.

Owns the wiring alone. Must never hold logic: that is in the screen and its widgets.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import App, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.command import Provider

from tui_downloader.settings import DEFAULTS, Settings
from tui_downloader.tui import screen_settings, theme
from tui_downloader.tui.drawing.canvas import Canvas, set_canvas
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.glyphs import AsciiGlyphs, wants_ascii
from tui_downloader.tui.messages import SettingsRead, SnapshotRead
from tui_downloader.tui.screens.main import MainScreen
from tui_downloader.tui.terminal import UNKNOWN, Terminal
from tui_downloader.tui.terminal_signs import TerminalSigns


def _action_commands() -> type[Provider]:
    """Returns what the palette lists; it is loaded when the palette opens."""
    from tui_downloader.tui.commands import ActionCommands

    return ActionCommands


class TuidlApp(App[str], inherit_bindings=False):
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
        super().__init__()
        for each in theme.ALL:
            self.register_theme(each)
        self._settings_file = settings_file
        self._terminal = terminal
        self._ascii = AsciiGlyphs()
        self._filters.append(self._ascii)
        self._images = images
        self._canvas = Canvas(write=self._write)
        set_canvas(self, self._canvas)
        self._signs = TerminalSigns(self._write, os.environ)
        plain = wants_ascii(settings.glyphs, os.environ)
        self._main = MainScreen(feed, directory=directory, come_back=come_back, plain=plain)
        self.apply_settings(settings)

    def get_default_screen(self) -> MainScreen:
        """Returns the main screen."""
        return self._main

    def apply_settings(self, settings: Settings) -> None:
        """Takes over colours, signs and keys."""
        colors = self.console.color_system
        name = theme.chosen(settings.theme, os.environ, color_system=colors, is_light=self._terminal.is_light)
        self._ascii.enabled = wants_ascii(settings.glyphs, os.environ)
        self.theme = name
        self._canvas.way = self._terminal.way(self._images, os.environ, setting=settings.images)
        self._canvas.measure(self._terminal.cell)
        self.set_keymap(settings.keymap)
        if settings.keymap or self._main.user_keys:
            from tui_downloader.tui.keymap import keys_of_actions  # late: it loads every screen

            self._main.user_keys = keys_of_actions(settings.keymap)

    def refresh_css(self, animate: bool = True) -> None:
        """Styles everything anew; before there is a screen nothing is, or the style sheets were read twice."""
        if self.screen_stack:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    # ------------------------------------------------------------------------------------------------ the terminal

    def on_ready(self) -> None:
        """Sees to it that the terminal is left as it was, and takes what was typed before."""
        self.app_suspend_signal.subscribe(self, lambda _: self._leave_terminal(), immediate=True)
        self.app_resume_signal.subscribe(self, lambda _: self._show_signs(), immediate=True)
        self._show_signs()
        for each in self._terminal.typed:
            self.simulate_key(each)

    @on(SnapshotRead)
    def _show_signs(self) -> None:
        """Shows the session in the terminal's title and in the taskbar."""
        if not self._exit:
            self._canvas.uncover()
            self._signs.show(self._main.snapshot)

    def _leave_terminal(self) -> None:
        """Takes pictures, title and taskbar off the terminal."""
        self._canvas.clear()
        self._signs.clear()

    def on_resize(self) -> None:
        """Looks how large a cell is: the font may be another."""
        self._canvas.measure(self._terminal.cell)

    def exit(self, *args: object, **options: object) -> None:
        """Leaves; pictures, title and taskbar first."""
        self._leave_terminal()
        super().exit(*args, **options)  # type: ignore[arg-type]  # handed on as they came

    def _write(self, data: str) -> None:
        """Writes to the terminal, in the order of what is drawn; without one it is dropped."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(data)

    # ---------------------------------------------------------------------------------------------------- the user

    @on(SettingsRead)
    def _settings_read(self, message: SettingsRead) -> None:
        """Takes over settings that were changed meanwhile."""
        self.apply_settings(message.settings)
        self._main.show(self._main.snapshot)

    def on_paste(self, event: events.Paste) -> None:
        """Opens the add form with a paste that nothing else took."""
        if self.screen is self._main and event.text.strip():
            self._main.action_add(event.text)

    def action_redraw(self) -> None:
        """Draws everything again."""
        self.refresh(repaint=True, layout=True)

    def action_edit_settings(self) -> None:
        """Opens the settings file in the user's editor."""
        path, editor = self._settings_file, screen_settings.editor(os.environ)
        if path is None or editor is None:
            self._main.say(f"Set VISUAL or EDITOR to edit the settings here: {path}")
            return
        try:
            screen_settings.create(path)
            with self.suspend():
                subprocess.run([*editor, str(path)], check=False)
        except (OSError, SuspendNotSupported) as error:
            self.notify(f"The settings cannot be edited: {error}. They are in {path}", markup=False)
