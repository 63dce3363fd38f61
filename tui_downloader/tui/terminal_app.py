"""The application's side that faces the terminal: pictures, title, taskbar.

Owns that the terminal is left as it was, after a crash, too. Must never know what is on the screens.
"""

from __future__ import annotations

import os

from textual import on
from textual.driver import Driver

from tui_downloader.tui.drawing.canvas import Canvas, set_canvas
from tui_downloader.tui.key_app import KeyApp
from tui_downloader.tui.messages import DownloadsEnded, SnapshotRead
from tui_downloader.tui.notice import Notice
from tui_downloader.tui.snapshot import Snapshot
from tui_downloader.tui.terminal import Terminal
from tui_downloader.tui.terminal_signs import TerminalSigns


class TerminalApp(KeyApp, inherit_bindings=False):
    """An application that draws pictures, and shows the session in title and taskbar."""

    def __init__(self, terminal: Terminal) -> None:
        """Draws nothing yet.

        Args:
            terminal: What was learned of the terminal before.
        """
        super().__init__()
        self._terminal = terminal
        self._canvas = Canvas(write=self._write)
        set_canvas(self, self._canvas)
        self._signs = TerminalSigns(self._write, os.environ)
        self.notice = Notice(self._write, os.environ, self.attend)
        """Tells of what has ended while the user looks elsewhere."""

    def get_driver_class(self) -> type[Driver]:
        """Returns Textual's driver; on a terminal one that lets no pasted text act."""
        from tui_downloader.tui.terminal_driver import careful

        return careful(super().get_driver_class())

    @property
    def snapshot(self) -> Snapshot:
        """What title and taskbar tell of."""
        raise NotImplementedError

    def attend(self, attending: bool) -> None:
        """Hears whether the screen tells its user what happens."""

    def draw_pictures(self, images: str | None, *, setting: str) -> None:
        """Draws pictures as the user wants, else the best way the terminal can.

        Args:
            images: What the command line says; `None` leaves it to environment and settings.
            setting: What the settings say.
        """
        self._canvas.measure(self._terminal.cell)
        self._canvas.draw(self._terminal.way(images, os.environ, setting=setting))

    def on_ready(self) -> None:
        """Sees to it that the terminal is left as it was, and takes what was typed before."""
        self.app_suspend_signal.subscribe(self, lambda _: self._leave_terminal(), immediate=True)
        self.app_resume_signal.subscribe(self, lambda _: self._come_back(), immediate=True)
        self.watch(self, "app_focus", self.notice.focus, init=False)
        self._show_signs()
        self.type_ahead(self._terminal.typed)

    @on(SnapshotRead)
    def _show_signs(self) -> None:
        """Shows the session in the terminal's title and in the taskbar."""
        if not self._exit:
            self._canvas.uncover()
            self._signs.show(self.snapshot)

    @on(DownloadsEnded)
    def _downloads_ended(self, message: DownloadsEnded) -> None:
        """Tells a user who looks elsewhere."""
        self.notice.tell(message.sentences)

    def _leave_terminal(self) -> None:
        """Takes pictures, title and taskbar off the terminal."""
        self._canvas.clear()
        self._signs.clear()

    def _come_back(self) -> None:
        """Draws everything on a terminal that is empty, as after `fg`; its font may be another, too."""
        self._canvas.measure(self._terminal.cell)
        self._show_signs()
        self.refresh(layout=True)

    def on_resize(self) -> None:
        """Looks how large a cell is: the font may be another."""
        self._canvas.measure(self._terminal.cell)

    def exit(self, *args: object, **options: object) -> None:
        """Leaves; pictures, title and taskbar first."""
        self._leave_terminal()
        super().exit(*args, **options)  # type: ignore[arg-type]  # handed on as they came

    def _handle_exception(self, error: Exception) -> None:
        """Ends after an error that nobody foresaw; pictures, title and taskbar first."""
        self._leave_terminal()
        super()._handle_exception(error)

    def _write(self, data: str) -> None:
        """Writes to the terminal, in the order of what is drawn; without one it is dropped."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(data)
