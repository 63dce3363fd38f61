"""The rows of the list as they are shown: one view, filtered and sorted.

Owns keeping them up to date change by change: 100,000 rows are not looked at again because one of them moved on.
Must never change a row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent
from tui_downloader.tui.filter import Filter
from tui_downloader.tui.order import Order, in_order
from tui_downloader.tui.view import View

FEW = 200
"""Up to so many changes are worked in one by one; for more, all rows are gone through once."""

Change = tuple[Download | None, Download]
"""A row as it was (`None` for a new one) and as it is."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which rows are wanted, and in which order."""

    view: View = View.ALL
    """The part of the list."""
    filter: Filter = Filter()  # noqa: RUF009 -- a frozen value
    """What they must match."""
    order: Order = Order.NEWEST
    """How they are sorted."""

    @property
    def is_plain(self) -> bool:
        """Whether it is a view as the snapshot keeps it: nothing to filter or sort."""
        return self.order is Order.NEWEST and not self.filter.text

    def shows(self, download: Download) -> bool:
        """Tells whether a download belongs to it."""
        return is_present(download) and download.state in self.view.states and self.filter.matches(download)


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows in an arrangement."""

    arrangement: Arrangement = Arrangement()
    """Which ones, and in which order."""
    rows: tuple[Download, ...] = ()
    """The rows."""

    def merged(self, changes: Sequence[Change], view_rows: tuple[Download, ...]) -> Listing:
        """Returns the listing after some rows changed; the same rows if none of them is in it.

        Args:
            changes: What changed.
            view_rows: All rows of its view afterwards, newest first.
        """
        if self.arrangement.is_plain or len(changes) > FEW:
            return listed(self.arrangement, view_rows)
        rows: list[Download] | None = None
        key, shows = self.arrangement.order.key, self.arrangement.shows
        for before, after in changes:
            was, stays = before is not None and shows(before), shows(after)
            if (was or stays) and rows is None:
                rows = list(self.rows)
            if rows is not None and was and before is not None:
                at = bisect_left(rows, key(before), key=key)
                del rows[at : at + 1]
            if rows is not None and stays:
                rows.insert(bisect_left(rows, key(after), key=key), after)
        return self if rows is None else replace(self, rows=tuple(rows))

    def rearranged(self, wanted: Arrangement, view_rows: tuple[Download, ...]) -> Listing:
        """Returns the rows in another arrangement; after one more letter only those that matched before are asked.

        Args:
            wanted: Which rows, and in which order.
            view_rows: All rows of its view, newest first.
        """
        old = self.arrangement
        if (
            wanted.is_plain
            or not wanted.filter.narrows(old.filter)
            or replace(old, filter=wanted.filter) != wanted
        ):
            return listed(wanted, view_rows)
        return Listing(wanted, tuple(filter(wanted.filter.matches, self.rows)))


def listed(arrangement: Arrangement, view_rows: tuple[Download, ...]) -> Listing:
    """Arranges rows.

    Args:
        arrangement: Which ones, and in which order.
        view_rows: All rows of its view, newest first.
    """
    if arrangement.is_plain:
        return Listing(arrangement, view_rows)
    rows: Iterable[Download] = view_rows
    if arrangement.filter.text:
        matches = arrangement.filter.matches
        rows = [each for each in view_rows if matches(each)]
    return Listing(
        arrangement, tuple(rows) if arrangement.order is Order.NEWEST else in_order(rows, arrangement.order)
    )


def is_present(download: Download) -> bool:
    """Tells whether a download is there for the user."""
    return download.removed_at is None and download.intent is not Intent.REMOVE
