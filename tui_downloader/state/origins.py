"""The `origins` table: how many connections worked best, by origin.

Owns the table. Only the worker writes it; what is older than a week is forgotten.
"""

from __future__ import annotations

from tui_downloader.state.database import Database, Transaction

AGE_SECONDS = 7 * 86_400.0
"""What was learned longer ago is forgotten: servers change."""
ORIGINS_MAX = 10_000
"""Most origins that are remembered."""


def read(database: Database, *, now: float) -> dict[str, int]:
    """Returns what is remembered: origin to number of connections; `now` in Unix seconds."""
    rows = database.rows("SELECT origin, connections FROM origins WHERE learned_at > ?", (now - AGE_SECONDS,))
    return {row["origin"]: row["connections"] for row in rows}


def write(transaction: Transaction, origin: str, connections: int, *, now: float) -> None:
    """Remembers how many connections worked best."""
    transaction.run(
        """INSERT INTO origins (origin, connections, learned_at) VALUES (?, ?, ?)
           ON CONFLICT (origin)
           DO UPDATE SET connections = excluded.connections, learned_at = excluded.learned_at""",
        (origin, connections, now),
    )


def prune(transaction: Transaction, *, now: float) -> None:
    """Deletes what is too old, and the oldest of too many."""
    transaction.run("DELETE FROM origins WHERE learned_at <= ?", (now - AGE_SECONDS,))
    transaction.run(
        """DELETE FROM origins
           WHERE origin IN (SELECT origin FROM origins ORDER BY learned_at DESC LIMIT -1 OFFSET ?)""",
        (ORIGINS_MAX,),
    )
