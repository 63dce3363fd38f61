"""The settings file in the user's editor, while the screen steps aside.

Owns what is said where that cannot be. Must never read the file: the feed notices that it changed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from textual.app import App, SuspendNotSupported

from tui_downloader.tui import screen_settings


def edit_settings(app: App[str], path: Path | None, *, say: Callable[[str], object]) -> None:
    """Opens the settings file in the user's editor.

    Args:
        app: What steps aside.
        path: The file; it is made if it is missing. `None` if there is none to edit.
        say: Shows a remark.
    """
    editor = screen_settings.editor(os.environ)
    if path is None or editor is None:
        say(f"Set VISUAL or EDITOR to edit the settings here: {path}")
        return
    try:
        screen_settings.create(path)
        with app.suspend():
            subprocess.run([*editor, str(path)], check=False)
    except (OSError, SuspendNotSupported) as error:
        app.notify(f"The settings cannot be edited: {error}. They are in {path}", markup=False)
