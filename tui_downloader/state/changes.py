"""Noticing that another process (or connection) committed.

Owns one connection that is used for nothing else: `PRAGMA data_version` ignores its own commits and is frozen
inside a read transaction.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.state.database import connect
from tui_downloader.state.failures import translated


class ChangeWatch:
    """Tells cheaply (microseconds) whether the state file changed since the last look."""

    def __init__(self, path: Path) -> None:
        """Opens its connection; the first look always says yes."""
        self._path = path
        self._connection = connect(path)
        self._seen: int | None = None

    def has_changed(self) -> bool:
        """Tells whether anything was committed since the last call; ask before reading rows."""
        with translated(self._path):
            version: int = self._connection.execute("PRAGMA data_version").fetchall()[0][0]
        changed = version != self._seen
        self._seen = version
        return changed

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()
