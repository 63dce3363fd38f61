"""Textual's driver for terminals, without what would lose keys, or the machine's time.

Owns what Textual 8.2's driver gets wrong: bytes that are no text (`input_guard`), a terminal that is gone, which
it reads for ever, and a process that goes on after a stop that it was not asked for, which gets a second reader
that takes every other key. Must never know what is on the screens.
"""

from __future__ import annotations

import os
import signal

from textual.driver import Driver
from textual.drivers import linux_driver

from tui_downloader.tui.input_guard import InputGuard


def careful(driver: type[Driver]) -> type[Driver]:
    """Returns the driver of this module in place of Textual's for terminals; any other as it is."""
    return TerminalDriver if driver is linux_driver.LinuxDriver else driver


class _Decoder(InputGuard):
    """Decodes what is read; ends the process when the terminal is gone."""

    def decode(self, data: bytes, final: bool = False) -> str:
        """Returns the text of further bytes."""
        if not data and not final:
            _end()
        return super().decode(data, final)


def _end() -> None:
    """Ends as a hangup does, which whoever started the process may have had ignored: nothing is left to draw on.

    At once, since Textual waits for what it writes; the worker goes on, and no verb is half given.
    """
    os._exit(128 + signal.SIGHUP)


class TerminalDriver(linux_driver.LinuxDriver):
    """The driver."""

    def run_input_thread(self) -> None:
        """Reads until the end."""
        vars(linux_driver)["getincrementaldecoder"] = lambda _: _Decoder  # there is no other way in
        try:
            super().run_input_thread()
        except OSError:  # how some systems say that it is gone
            _end()

    def _sigcont_application(self, *_: object) -> None:
        """Begins to draw again; one that was stopped from outside ends its drawing first, with its reader."""
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()
