"""Noticing that another process (or connection) committed.

Owns one connection that is used for nothing else: `PRAGMA data_version` ignores its own commits and is frozen
inside a read transaction.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.state.database import Database, connect
from tui_downloader.state.downloads import read_revision
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


class News:
    """Tells whether anybody else wrote: whoever writes much himself need not look at what he wrote."""

    def __init__(self, path: Path, *own: Database) -> None:
        """Opens a connection of its own; the first look always says yes.

        Args:
            path: The state file.
            own: All connections that write on behalf of the caller, used by his thread only.
        """
        self._watch = ChangeWatch(path)
        self._own = own
        self._others: int | None = None

    def came(self) -> bool:
        """Tells whether others committed since the last call; ask before reading rows.

        Each commit takes one revision: what is more than one's own commits is others'.
        """
        if not self._watch.has_changed():
            return False
        others = read_revision(self._own[0]) - sum(each.commits for each in self._own)
        came = others != self._others
        self._others = others
        return came

    def close(self) -> None:
        """Closes the connection."""
        self._watch.close()
