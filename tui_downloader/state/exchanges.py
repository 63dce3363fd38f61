"""The `exchanges` table: the last request of each download and its response.

Owns every statement on the table, which is apart from `downloads` so that a look at all rows carries none of it.
"""

from __future__ import annotations

from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.state.database import Database, Transaction
from tui_downloader.state.rows import unreadable_error


def read(database: Database, download_id: int) -> RecordedExchange | None:
    """Returns the last exchange of a download; `None` if there was none yet.

    Raises:
        DamagedStateFileError: What is kept is none.
    """
    rows = database.rows("SELECT exchange FROM exchanges WHERE download_id = ?", (download_id,))
    try:
        return RecordedExchange.parse(rows[0]["exchange"]) if rows else None
    except (ValueError, TypeError) as error:
        raise unreadable_error({"id": download_id}) from error


def write(transaction: Transaction, download_id: int, exchange: RecordedExchange) -> None:
    """Keeps an exchange in place of the one before; the worker's."""
    transaction.run(
        "INSERT INTO exchanges VALUES (?, ?) ON CONFLICT (download_id) DO UPDATE SET exchange = excluded.exchange",
        (download_id, str(exchange)),
    )


def delete(transaction: Transaction, download_id: int) -> None:
    """Forgets the exchange of a download that is removed; the worker's."""
    transaction.run("DELETE FROM exchanges WHERE download_id = ?", (download_id,))
