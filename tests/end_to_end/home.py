"""A user's own place: settings, downloads, the `default` session, and the program started in it.

Owns where everything that a test makes the program write lies. Must never start the program in this process.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path

from tests.cli.command_line import CommandLine
from tests.end_to_end.terminal import Terminal
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.errors import SessionUnusableError
from tui_downloader.tui.feed_verbs import CLIENT

_OF_ANOTHER_TERMINAL = frozenset(
    ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "COLORFGBG", "STY", "TMUX", "TERM_PROGRAM", "SSH_CONNECTION")
)


class Home:
    """Everything lies below one directory; the session's worker is stopped by `close`."""

    def __init__(self, root: Path) -> None:
        """Write settings with short waits; touch no session."""
        self.root = root
        self.control = SessionControl(root, "default")
        self.downloads = self.control.downloads
        self.session = self.control.session
        self.command_line = CommandLine(root, {"COLORTERM": "truecolor"})
        settings = f'directory = "{self.downloads}"\nretry_first_seconds = 0.05\nworker_idle_seconds = 0.2\n'
        (root / "settings.toml").write_text(settings)

    def terminal(
        self,
        *arguments: str,
        columns: int = 120,
        rows: int = 34,
        errors: Path | None = None,
        variables: dict[str, str] | None = None,
    ) -> Terminal:
        """Start `tuidl` with these arguments in a terminal of its own.

        Args:
            arguments: What follows the program's name.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.
            errors: A file that takes its stderr; None leaves that on the terminal.
            variables: Further environment variables.
        """
        environment = {
            key: text for key, text in self.command_line.variables.items() if key not in _OF_ANOTHER_TERMINAL
        }
        return Terminal(
            [sys.executable, "-m", "tui_downloader", *arguments],
            environment=environment | {"PYTHONFAULTHANDLER": "1"} | (variables or {}),
            directory=self.root,
            columns=columns,
            rows=rows,
            errors=errors,
        )

    def wait_until_acknowledged(self) -> None:
        """Wait until the screen has said that it told everything."""

        def told() -> bool:
            events = self.session.events()
            return bool(events) and self.session.cursor(CLIENT) == events[-1].sequence

        wait_until(told, what="acknowledged events")

    def wait_until_idle(self) -> None:
        """Wait until the worker has left."""
        wait_until(lambda: not self.session.worker_status().running, what="the worker's leaving")

    def close(self) -> None:
        """Stop every worker that was started here; a session that cannot be used never had one."""
        with contextlib.suppress(SessionUnusableError):
            self.control.close()
        self.command_line("stop", "--all-sessions")


def percent(row: str) -> int:
    """Return the percentage that stands in a row; -1 if there is none."""
    found = re.search(r"(\d+)%", row)
    return int(found[1]) if found else -1


def is_alive(pid: int) -> bool:
    """Tell whether a process exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
