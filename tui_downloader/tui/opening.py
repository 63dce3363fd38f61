"""Opening a file or folder in the desktop's own program.

Owns which command does it, and that it runs apart from our terminal. Must never wait for the program on a thread
that draws.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which

from tui_downloader.model.display_text import safe

_OPENERS = ("xdg-open", "gio", "wslview")


def opener(environment: Mapping[str, str], *, platform: str = sys.platform) -> list[str] | None:
    """Returns the command that opens a path; `None` where there is no desktop to open it on.

    Args:
        environment: Environment variables; a display, or WSL, tells of a desktop.
        platform: As `sys.platform` has it.
    """
    path = environment.get("PATH")
    if platform == "darwin":
        return ["open"] if which("open", path=path) else None
    if platform == "win32":
        return ["explorer"]
    if not any(environment.get(each) for each in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")):
        return None
    for each in _OPENERS:
        if (command := which(each, path=path)) is not None:
            return [command, "open"] if each == "gio" else [command]
    return None


def open_apart(command: list[str], path: Path, *, failed: Callable[[str], object]) -> None:
    """Opens a path in a process of its own session, without our terminal; returns when it was started.

    Args:
        command: As `opener` gave it.
        path: What to open; absolute, so that it cannot be taken for an option.
        failed: Called with a sentence, perhaps from another thread, if it could not be opened.
    """
    from threading import Thread

    sentence = f"{safe(str(path))} could not be opened: there is no program for it, or it is gone."
    null = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            [*command, str(path)], stdin=null, stdout=null, stderr=null, start_new_session=True, cwd="/"
        )
    except OSError:
        failed(sentence)
        return

    def wait() -> None:
        if process.wait() != 0:
            failed(sentence)

    Thread(target=wait, name="tuidl-open", daemon=True).start()
