"""The last exchange of each download, written and forgotten."""

from __future__ import annotations

from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.state import exchanges
from tui_downloader.state.database import Database


def exchange(status: str) -> RecordedExchange:
    return RecordedExchange.of(
        at=5.0,
        url="https://example.com/写.iso",
        target="/a.iso",
        version="HTTP/1.1",
        status=status,
        request=[("Host", "example.com")],
        response=[("Server", "grüß")],
    )


def test_the_newest_stands_in_place_of_the_one_before(database: Database) -> None:
    assert exchanges.read(database, 7) is None
    with database.transaction() as transaction:
        exchanges.write(transaction, 7, exchange("200 OK"))
        exchanges.write(transaction, 8, exchange("404 Not Found"))
        exchanges.write(transaction, 7, exchange("206 Partial Content"))
    assert exchanges.read(database, 7) == exchange("206 Partial Content")
    assert exchanges.read(database, 8) == exchange("404 Not Found")


def test_that_of_a_removed_one_is_forgotten(database: Database) -> None:
    with database.transaction() as transaction:
        exchanges.write(transaction, 7, exchange("200 OK"))
    with database.transaction() as transaction:
        exchanges.delete(transaction, 7)
        exchanges.delete(transaction, 9)
    assert exchanges.read(database, 7) is None
