"""Where the cursor goes when the rows change.

Owns finding a download again among other rows. Must never depend on how they are sorted.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_downloader.model.download import Download

_REACH = 200


def index_of(rows: Sequence[Download], download_id: int, *, near: int = 0) -> int | None:
    """Returns where a download stands; `None` if it is not among the rows.

    Args:
        rows: In any order.
        download_id: Which.
        near: Where it probably is, or close by; there it is looked for first.
    """
    for at in range(max(0, near - _REACH), min(near + _REACH, len(rows))):
        if rows[at].id == download_id:
            return at
    return next((at for at, each in enumerate(rows) if each.id == download_id), None)


def follow(old: Sequence[Download], cursor: int, rows: Sequence[Download]) -> int:
    """Returns where the cursor goes: to its download, else to the next one that is still there.

    Args:
        old: The rows as they were.
        cursor: Where it was in them.
        rows: The rows as they are.
    """
    if cursor < len(old):
        found = index_of(rows, old[cursor].id, near=cursor)
        if found is not None:
            return found
        first = max(0, cursor - _REACH)
        nearby = {each.id: at for at, each in enumerate(rows[first : cursor + _REACH], start=first)}
        for each in old[cursor : cursor + _REACH]:
            if each.id in nearby:
                return nearby[each.id]
    return max(0, min(cursor, len(rows) - 1))
