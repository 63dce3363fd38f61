"""The `preferences` table: what the screen remembers about a session from one visit to the next.

Owns the table. Must never know what a name means: whoever remembers a value also reads it.
"""

from __future__ import annotations

from tui_downloader.state.database import Database, Transaction


def read_all(database: Database) -> dict[str, str]:
    """Returns everything that is remembered, by name."""
    return {row["name"]: row["value"] for row in database.rows("SELECT name, value FROM preferences")}


def write(transaction: Transaction, name: str, value: str) -> None:
    """Remembers a value under a name, in place of the one before."""
    transaction.run(
        """INSERT INTO preferences (name, value) VALUES (?, ?)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value""",
        (name, value),
    )
