"""State files for tests: made in a directory as the program makes them, without a worker.

Owns the making. Must never start a process.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.paths import STATE_FILE
from tui_downloader.state.mending import prepare


def new_state_file(directory: Path) -> Path:
    """Make the directory and a fresh state file in it; return the file's path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / STATE_FILE
    assert prepare(path) is None
    return path
