"""The screen's actions on finished files: open the file, open its folder.

Owns what is said where there is no desktop. Must never block: the feed starts the program.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_downloader.tui.detail_words import counted, tilde
from tui_downloader.tui.opening import opener
from tui_downloader.tui.request_verbs import RequestVerbs

OPEN_MAX = 10
"""Most files or folders that one key opens."""


class FileVerbs(RequestVerbs):
    """What can be done with the files of the selected downloads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open", "Open", id="open", tooltip="Open the finished file in its program"),
        Binding("O", "open_folder", "Open folder", id="open-folder", tooltip="Open the folder of the file"),
    ]

    def action_open(self) -> None:
        """Opens the finished files in the desktop's programs for them."""
        targets = self.targets
        able = set(self._able("open", targets))
        self._open([each.path for each in targets if each.id in able and each.path is not None])

    def action_open_folder(self) -> None:
        """Opens the folders where the files are, or will be."""
        targets = self.targets
        if self._able("open the folder", targets):
            self._open(list(dict.fromkeys(each.directory for each in targets)))

    def _open(self, paths: Sequence[Path]) -> None:
        """Opens paths, or copies them where there is no desktop."""
        what = tilde(paths[0]) if len(paths) == 1 else counted(len(paths), "path")
        command = opener(os.environ)
        if not paths:
            return
        if command is None:
            self.app.copy_to_clipboard("\n".join(map(str, paths)))
            self.say(f"No desktop to open it on; copied: {what}")
        elif len(paths) > OPEN_MAX:
            self.say(f"Too many to open at once: {len(paths):,}, at most {OPEN_MAX}")
        else:
            for path in paths:
                self.feed.open(command, path)
            self.say(f"Opening {what}")
