"""The screen's actions on finished files: open the file, open its folder.

Owns what is said where there is no desktop. Must never block: the feed starts the program.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_downloader.model.lifecycle import State
from tui_downloader.tui.detail_words import tilde
from tui_downloader.tui.opening import opener
from tui_downloader.tui.request_verbs import RequestVerbs


class FileVerbs(RequestVerbs):
    """What can be done with the file of the selected download."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open", id="open", tooltip="Open the finished file in its program"),
        Binding("O", "open_folder", "Open folder", id="open-folder", tooltip="Open the folder of the file"),
    ]

    def action_open(self) -> None:
        """Opens the finished file in the desktop's program for it."""
        download = self.current
        if download is None:
            self.say("Nothing to open: no download is selected")
        elif download.state is not State.COMPLETED or download.path is None:
            self.say("Nothing to open yet: the file is not finished")
        else:
            self._open(download.path)

    def action_open_folder(self) -> None:
        """Opens the folder where the file is, or will be."""
        download = self.current
        if download is None:
            self.say("Nothing to open: no download is selected")
        else:
            self._open(download.directory)

    def _open(self, path: Path) -> None:
        """Opens a path, or copies it where there is no desktop."""
        command = opener(os.environ)
        if command is None:
            self.app.copy_to_clipboard(str(path))
            self.say(f"No desktop to open it on; copied: {tilde(path)}")
        else:
            self.feed.open(command, path)
            self.say(f"Opening {tilde(path)}")
