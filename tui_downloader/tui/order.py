"""The orders the list can have.

Owns what rows are sorted by. No key depends on a state, a speed or a clock, so that a row never moves because its
state changed; equal rows are told apart by their id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum
from heapq import merge

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import location_of

Key = tuple[str | int, int]
"""What rows are compared by: something of theirs, then the id."""

_DIGITS = re.compile(r"\d+")
_DIGITS_WIDTH = 12
_RUN = 25_000


class Order(Enum):
    """An order; the value is its name on the screen."""

    NEWEST = "newest first"
    OLDEST = "oldest first"
    NAME = "by name"
    SIZE = "largest first"
    HOST = "by server"
    QUEUE = "in queue order"

    @property
    def key(self) -> Callable[[Download], Key]:
        """Returns what a row is compared by."""
        return _KEYS[self]


def remembered_order(text: str | None) -> Order:
    """Returns the order that was remembered under its name in lower case; the newest first if it is none."""
    return Order.__members__.get((text or "").upper(), Order.NEWEST)


def in_order(rows: Iterable[Download], order: Order) -> tuple[Download, ...]:
    """Sorts rows; many of them in runs, because nobody else gets a turn while one call of `sort` goes on."""
    key = order.key
    pairs = [(key(each), each) for each in rows]
    runs = [sorted(pairs[at : at + _RUN]) for at in range(0, len(pairs), _RUN)]
    return tuple(row for _, row in merge(*runs))


def _newest(download: Download) -> Key:
    return -download.id, 0


def _oldest(download: Download) -> Key:
    return download.id, 0


def _name(download: Download) -> Key:
    """Numbers in names by their value, so that part 2 stands before part 10."""
    name = (download.filename or location_of(download.url).rstrip("/").rpartition("/")[2]).casefold()
    return _DIGITS.sub(lambda digits: digits[0].zfill(_DIGITS_WIDTH), name), -download.id


def _size(download: Download) -> Key:
    """An unknown size comes last."""
    size = download.bytes_received if download.state is State.COMPLETED else download.bytes_expected
    return 1 if size is None else -size, -download.id


def _host(download: Download) -> Key:
    return location_of(download.url).partition("/")[0], -download.id


def _queue(download: Download) -> Key:
    return download.turn, download.id


_KEYS: dict[Order, Callable[[Download], Key]] = {
    Order.NEWEST: _newest,
    Order.OLDEST: _oldest,
    Order.NAME: _name,
    Order.SIZE: _size,
    Order.HOST: _host,
    Order.QUEUE: _queue,
}
