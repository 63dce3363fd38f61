"""The wall clock as the worker minds it: somebody may set it, by days and in either direction.

Owns the noticing, and what is told anew then. Deadlines never hang on it; what is shown does, so the instants of
what is under way move with it.
"""

from __future__ import annotations

from tui_downloader.model.resume import Work
from tui_downloader.state.database import SqlValue
from tui_downloader.worker.facts import Fact

_SET_SECONDS = 1.0
"""A smaller step is how clocks are kept right all the time."""


class WallClock:
    """Compares the wall clock with the monotonic one."""

    def __init__(self, *, wall: float, monotonic: float) -> None:
        """Takes the present as right: Unix seconds and monotonic seconds."""
        self._offset = wall - monotonic

    def moved(self, *, wall: float, monotonic: float) -> float:
        """Returns by how many seconds the wall clock was set forward since the last look; 0.0 if it was not.

        A machine that slept is the same: what was to happen in an hour still happens in an hour of being awake.
        """
        before, self._offset = self._offset, wall - monotonic
        moved = self._offset - before
        return moved if abs(moved) >= _SET_SECONDS else 0.0


def clock_set(work: Work, *, moved: float, now: float, remaining_seconds: float | None) -> Fact:
    """The wall clock was set, or another worker takes over: what is shown of this download goes with the clock.

    Args:
        work: The row.
        moved: By how many seconds the clock was set forward.
        now: Unix seconds.
        remaining_seconds: How long a waiting one still waits; `None` for one that does not.
    """
    download = work.download
    columns: dict[str, SqlValue] = {
        "started_at": _moved(download.started_at, moved),
        "waiting_since": _moved(download.waiting_since, moved),
        "progress_at": _moved(work.progress_at, moved),
    }
    if remaining_seconds is not None:
        columns |= {"retry_at": now + remaining_seconds, "retry_delay_seconds": remaining_seconds}
    return Fact(columns)


def _moved(at: float | None, seconds: float) -> float | None:
    """Moves an instant that may not be known."""
    return None if at is None else at + seconds
