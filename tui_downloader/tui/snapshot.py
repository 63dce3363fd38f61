"""What the screen shows, as one frozen value: the rows of each view, the worker, the speed, the free space.

Owns how changed rows are merged into the views. Must never read a clock, a file or the session; a merge leaves the
old snapshot untouched and keeps the objects of the rows that did not change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TYPE_CHECKING

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import RUNNING_STATES, State
from tui_downloader.session.answers import Changes, Newest
from tui_downloader.tui.listing import FEW, Listing, is_present
from tui_downloader.tui.view import VIEW_OF, View
from tui_downloader.tui.waiting_line import WaitingLine

if TYPE_CHECKING:  # it is looked at after the first frame
    from tui_downloader.tui.watched import Watched

__all__ = ["Snapshot", "Trouble", "View", "merged", "place_of", "position_of"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing goes on: the worker keeps dying, or the state file cannot be read."""

    sentence: str
    """What happened, safe to print."""
    retry_at: float | None = None
    """When it is tried again, Unix seconds; `None` if that is not planned."""
    since: float | None = None
    """Since when what is shown may be old and nothing can be changed, Unix seconds; `None` if all is current."""
    log_end: str = ""
    """Last line of the worker's log, safe to print; empty if there is none."""


def _no_rows() -> dict[View, tuple[Download, ...]]:
    """Makes the rows of a session without downloads."""
    return dict.fromkeys(View, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The newest the feed knows."""

    revision: int = 0
    """Up to which revision the rows were read; first, so that two snapshots are told apart at once."""
    removals: int = 0
    """Rises whenever downloads were removed."""
    rows: Mapping[View, tuple[Download, ...]] = field(default_factory=_no_rows)
    """Each view's downloads, newest (highest id) first."""
    oldest_read: int | None = None
    """Id of the oldest download that was read, while older ones are still to come; `None` when all were read."""
    unread: Mapping[View, int] = field(default_factory=dict)
    """How many of each view are still to come."""
    listing: Listing = Listing()  # noqa: RUF009 -- a frozen value
    """The rows in the arrangement that was asked for last."""
    running: tuple[Download, ...] = ()
    """The downloads that a worker moves, newest first."""
    worker_runs: bool = False
    """Whether a live worker holds the session."""
    worker_pid: int | None = None
    """Its process id; `None` if there is none."""
    held: bool = False
    """Whether the session was stopped: nothing starts by itself."""
    speeds: tuple[float, ...] = ()
    """Total bytes a second, one sample a second, oldest first."""
    line: WaitingLine = field(default_factory=WaitingLine)
    """The queue: what starts next."""
    bytes_per_second_max: int | None = None
    """Speed limit of all downloads together; `None` is none."""
    news: int = 0
    """How many outcomes of the inbox are new."""
    watched: Watched | None = None
    """The closer look at the download that is watched; `None` before the first."""
    free_bytes: int | None = None
    """Free space in the default directory; `None` if it cannot be told."""
    trouble: Trouble | None = None
    """What keeps the session from going on; `None` if nothing does."""

    @property
    def bytes_per_second(self) -> float:
        """Speed of all downloads together."""
        return sum(each.bytes_per_second for each in self.running)

    def count(self, view: View) -> int:
        """Returns how many downloads a view has, those included that were not read yet."""
        return len(self.rows[view]) + self.unread.get(view, 0)

    def find(self, download_id: int | None) -> Download | None:
        """Returns the download of that id; `None` if it is not there."""
        at = position_of(self.rows[View.ALL], download_id)
        return None if at is None else self.rows[View.ALL][at]


def position_of(rows: Sequence[Download], download_id: int | None) -> int | None:
    """Returns where a download stands in rows that are sorted newest first; `None` if it is not among them."""
    if download_id is None:
        return None
    at = place_of(rows, download_id)
    return at if at < len(rows) and rows[at].id == download_id else None


def merged(snapshot: Snapshot, changes: Changes) -> Snapshot:
    """Returns the snapshot with what changed since its revision.

    Args:
        snapshot: The last one.
        changes: As `Session.changes(snapshot.revision)` gave them: ascending ids, tombstones included. Downloads
            that were not read yet are left for their page.
    """
    changed = changes.downloads
    if (oldest := snapshot.oldest_read) is not None:
        changed = tuple(each for each in changed if each.id >= oldest)  # the others are read as they are then
    worker = changes.worker
    snapshot = replace(
        snapshot, revision=changes.revision, worker_runs=worker.running, worker_pid=worker.pid, held=worker.held
    )
    if not changed:
        return snapshot
    pairs = [(snapshot.find(each.id), each) for each in changed]
    present = [each for each in changed if is_present(each)]
    if len(pairs) <= FEW:
        rows = {view: _merged_rows(snapshot.rows[view], changed, view.states) for view in View}
        running = _merged_rows(snapshot.running, changed, RUNNING_STATES)
    else:
        rows = _many_merged(snapshot.rows[View.ALL], {each.id for each in changed}, present)
        running = tuple(each for each in rows[View.ACTIVE] if each.running)
    return replace(
        snapshot,
        rows=rows,
        listing=snapshot.listing.merged(pairs, rows[snapshot.listing.arrangement.view]),
        running=running,
        line=snapshot.line.merged(pairs) if snapshot.oldest_read is None else snapshot.line,
        removals=snapshot.removals + (len(present) < len(pairs)),
    )


def begun(snapshot: Snapshot, newest: Newest) -> Snapshot:
    """Returns an empty snapshot with the newest downloads; the older ones come with `with_older`."""
    first = merged(snapshot, newest.changes)
    unread = {
        view: sum(count for state, count in newest.counts.items() if state in view.states) - len(first.rows[view])
        for view in View
    }
    if unread[View.ALL] <= 0:
        return first
    oldest = newest.changes.downloads[0].id
    return replace(first, line=WaitingLine(), oldest_read=oldest, unread=unread)


def with_older(snapshot: Snapshot, page: Sequence[Download]) -> Snapshot:
    """Returns the snapshot with the next page of older downloads at its end.

    Args:
        snapshot: One whose `oldest_read` is not `None`.
        page: The downloads before that, by id; an empty one says that there are none.
    """
    if not page:
        active = snapshot.rows[View.ACTIVE]
        return replace(
            snapshot, oldest_read=None, unread={}, line=WaitingLine().merged((None, each) for each in active)
        )
    older = {view: tuple(each for each in reversed(page) if each.state in view.states) for view in View}
    rows = {view: (*snapshot.rows[view], *older[view]) for view in View}
    listing = snapshot.listing
    return replace(
        snapshot,
        rows=rows,
        listing=listing.merged([(None, each) for each in page], rows[listing.arrangement.view]),
        unread={view: max(0, snapshot.unread[view] - len(older[view])) for view in View},
        running=(*snapshot.running, *(each for each in reversed(page) if each.running)),
        oldest_read=page[0].id,
    )


def _many_merged(
    old: tuple[Download, ...], changed: Container[int], present: Sequence[Download]
) -> dict[View, tuple[Download, ...]]:
    """Makes the rows of each view anew by going through all rows once.

    Args:
        old: All rows as they were, newest first.
        changed: The ids of those that changed.
        present: Those of them that are there, ascending ids.
    """
    stay = [each for each in old if each.id not in changed]
    rows = sorted([*stay, *reversed(present)], key=attrgetter("id"), reverse=True)  # two sorted runs: quick
    parts: dict[View, list[Download]] = {view: [] for view in View}
    for each in rows:
        parts[VIEW_OF[each.state]].append(each)
    return {**{view: tuple(part) for view, part in parts.items()}, View.ALL: tuple(rows)}


def _merged_rows(
    old: tuple[Download, ...], changed: Iterable[Download], states: frozenset[State]
) -> tuple[Download, ...]:
    """Merges changed rows (ascending ids) into some rows; the same tuple comes back if nothing changed in it."""
    newest = old[0].id if old else 0
    rows: list[Download] | None = None
    fresh: list[Download] = []
    for each in changed:
        wanted = each.state in states and is_present(each)
        if each.id > newest:
            if wanted:
                fresh.append(each)
            continue
        current = old if rows is None else rows
        at = place_of(current, each.id)
        there = at < len(current) and current[at].id == each.id
        if wanted or there:
            rows = list(old) if rows is None else rows
            rows[at : at + there] = [each] if wanted else []
    if fresh:
        return (*reversed(fresh), *(old if rows is None else rows))
    return old if rows is None else tuple(rows)


def place_of(rows: Sequence[Download], download_id: int) -> int:
    """Returns where a download stands, or would stand, in rows that are sorted newest first."""
    return bisect_left(rows, -download_id, key=lambda each: -each.id)
