"""The order of the queue: who waits before whom.

Owns which place a download gets. Places and ids are numbers of one series, so that no two downloads ever have the
same turn. Must never renumber the queue: a move costs the rows that move.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tui_downloader.state import downloads
from tui_downloader.state.database import Transaction
from tui_downloader.state.downloads import UNFINISHED, WORK

_TURNS = "SELECT id, coalesce(queue_place, id) AS turn FROM downloads"
_QUEUE = f"{_TURNS} WHERE {WORK} AND intent = 'run' AND state = 'queued'"
_CHOSEN = f"{_TURNS} WHERE id = ? AND {UNFINISHED}"


def move(transaction: Transaction, ids: Sequence[int], *, up: bool, far: bool = False) -> int:
    """Moves unfinished downloads in the queue.

    Args:
        transaction: The writing transaction.
        ids: Which; those that are not there or completed are passed over.
        up: Towards the front.
        far: All the way, into the order given; else past one neighbour that waits in the queue. Neighbours that
            are moved together stay together.

    Returns:
        How many have another place now.
    """
    chosen = {row["id"]: row["turn"] for each in ids for row in transaction.rows(_CHOSEN, (each,))}
    if not chosen:
        return 0
    places = _far_places(transaction, chosen, up=up) if far else _next_places(transaction, chosen, up=up)
    for download_id, place in places.items():
        downloads.set_queue_place(transaction, download_id, place)
    return len(places.keys() & chosen.keys())


def _far_places(transaction: Transaction, chosen: Collection[int], *, up: bool) -> dict[int, int]:
    """Chooses places before or behind all there are; behind them are the numbers that no id will get any more."""
    if up:
        sql = "SELECT min(queue_place) FROM downloads WHERE queue_place IS NOT NULL"
        least: int | None = transaction.rows(sql)[0][0]
        begin = min(least or 0, 1) - len(chosen)
    else:
        sql = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'downloads' RETURNING seq"
        begin = transaction.rows(sql, (len(chosen),))[0][0] - len(chosen) + 1
    return {download_id: begin + number for number, download_id in enumerate(chosen)}


def _next_places(transaction: Transaction, chosen: dict[int, int], *, up: bool) -> dict[int, int]:
    """Lets each chosen one and its neighbour in the queue swap their turns; returns those that changed."""
    turns = {row["id"]: row["turn"] for row in transaction.rows(_QUEUE)} | chosen
    order = sorted(turns, key=turns.__getitem__, reverse=not up)
    free = [turns[each] for each in order]
    for at in range(1, len(order)):
        if order[at] in chosen and order[at - 1] not in chosen:
            order[at - 1], order[at] = order[at], order[at - 1]
    return {each: turn for each, turn in zip(order, free, strict=True) if turn != turns[each]}
