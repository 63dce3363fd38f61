"""What a screen remembers about its session: the sort order, where the cursor was, recent directories.

Owns reading and writing of these. Must never know what a name means: whoever remembers a value also reads it.
"""

from __future__ import annotations

from tui_downloader.session.session_file import SessionFile
from tui_downloader.state import preferences


class Preferences(SessionFile):
    """The part of a session that remembers."""

    def preferences(self) -> dict[str, str]:
        """Returns everything that is remembered, by name.

        Raises:
            SessionUnusableError: The state file cannot be read.
        """
        with self._lock:
            database = self._reader()
            return preferences.read_all(database) if database else {}

    def preference(self, name: str) -> str | None:
        """Returns what is remembered under a name; `None` if nothing is."""
        return self.preferences().get(name)

    def set_preference(self, name: str, value: str) -> None:
        """Remembers a value under a name, in place of the one before; creates the session on first use.

        Args:
            name: What it is: `sort`, `cursor`.
            value: No secret: it is kept as it is.

        Raises:
            SessionUnusableError: The state file cannot be written.
        """
        with self._lock, self._writer().transaction() as transaction:
            preferences.write(transaction, name, value)
