"""What the screen shows, as one frozen value: the rows of each view, the worker, the speed, the free space.

Owns the five views and how changed rows are merged into them. Must never read a clock, a file or the session; a
merge leaves the old snapshot untouched and keeps the objects of the rows that did not change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import LIVE_STATES, Intent, State
from tui_downloader.session.answers import Changes, Newest
from tui_downloader.tui.waiting_line import WaitingLine


class View(Enum):
    """A part of the list; the value is its name on the screen."""

    ALL = "All"
    ACTIVE = "Active"
    WAITING = "Waiting"
    DONE = "Done"
    FAILED = "Failed"


_STATES: dict[View, frozenset[State]] = {
    View.ALL: frozenset(State),
    View.ACTIVE: LIVE_STATES,
    View.WAITING: frozenset({State.WAITING, State.PAUSED}),
    View.DONE: frozenset({State.COMPLETED}),
    View.FAILED: frozenset({State.FAILED, State.CANCELLED}),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing goes on: the worker keeps dying, or the state file cannot be read."""

    sentence: str
    """What happened, safe to print."""
    retry_at: float | None = None
    """When it is tried again, Unix seconds; `None` if that is not planned."""
    log_end: str = ""
    """Last line of the worker's log, safe to print; empty if there is none."""


def _no_rows() -> dict[View, tuple[Download, ...]]:
    """Makes the rows of a session without downloads."""
    return dict.fromkeys(View, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The newest the feed knows."""

    rows: Mapping[View, tuple[Download, ...]] = field(default_factory=_no_rows)
    """Each view's downloads, newest (highest id) first."""
    oldest_read: int | None = None
    """Id of the oldest download that was read, while older ones are still to come; `None` when all were read."""
    unread: Mapping[View, int] = field(default_factory=dict)
    """How many of each view are still to come."""
    revision: int = 0
    """Up to which revision the rows were read."""
    worker_runs: bool = False
    """Whether a live worker holds the session."""
    held: bool = False
    """Whether the session was stopped: nothing starts by itself."""
    speeds: tuple[float, ...] = ()
    """Total bytes a second, one sample a second, oldest first."""
    line: WaitingLine = field(default_factory=WaitingLine)
    """The queue: what starts next."""
    bytes_per_second_max: int | None = None
    """Speed limit of all downloads together; `None` is none."""
    free_bytes: int | None = None
    """Free space in the default directory; `None` if it cannot be told."""
    trouble: Trouble | None = None
    """What keeps the session from going on; `None` if nothing does."""

    @property
    def bytes_per_second(self) -> float:
        """Speed of all downloads together."""
        return sum(each.bytes_per_second for each in self.rows[View.ACTIVE])

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
    rows = {view: _merged_rows(snapshot.rows[view], changed, _STATES[view]) for view in View}
    line = snapshot.line
    if snapshot.oldest_read is None:
        line = line.merged((snapshot.find(each.id), each) for each in changed)
    worker = changes.worker
    return replace(
        snapshot,
        rows=rows,
        line=line,
        revision=changes.revision,
        worker_runs=worker.running,
        held=worker.held,
    )


def begun(snapshot: Snapshot, newest: Newest) -> Snapshot:
    """Returns an empty snapshot with the newest downloads; the older ones come with `with_older`."""
    first = merged(snapshot, newest.changes)
    unread = {
        view: sum(count for state, count in newest.counts.items() if state in _STATES[view])
        - len(first.rows[view])
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
    older = {view: tuple(each for each in reversed(page) if each.state in _STATES[view]) for view in View}
    return replace(
        snapshot,
        rows={view: (*snapshot.rows[view], *older[view]) for view in View},
        unread={view: max(0, snapshot.unread[view] - len(older[view])) for view in View},
        oldest_read=page[0].id,
    )


def _merged_rows(
    old: tuple[Download, ...], changed: Iterable[Download], states: frozenset[State]
) -> tuple[Download, ...]:
    """Merges changed rows (ascending ids) into one view; the same tuple comes back if nothing changed in it."""
    newest = old[0].id if old else 0
    rows: list[Download] | None = None
    fresh: list[Download] = []
    for each in changed:
        wanted = each.state in states and each.removed_at is None and each.intent is not Intent.REMOVE
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
