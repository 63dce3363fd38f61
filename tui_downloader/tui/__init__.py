"""The screen: what `tuidl` shows in a terminal.

Must never load httpx, Pillow or a Markdown parser, and must never do SQLite, files or decoding on the UI thread.
`run_screen` is found when it is asked for: the command line takes words from here that need nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_downloader.tui.launch import run_screen

__all__ = ["run_screen"]


def __getattr__(name: str) -> object:
    """Loads what opens the screen."""
    if name != "run_screen":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tui_downloader.tui import launch

    return launch.run_screen
