"""What there is to do: every row with work, sorted so that a look costs what may happen, not what exists.

Owns the rows as last written and when waiting ones are due. Must never read a clock or the state file.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Mapping

from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.model.resume import Work
from tui_downloader.worker.assignment import Assignment
from tui_downloader.worker.schedule import RUNNING_MAX, SMALL_BYTES, Entry, is_over, is_pending

_Turn = tuple[int, int]
"""Where a row stands in the queue, and its id."""


class Agenda:
    """The rows with work."""

    def __init__(self) -> None:
        """Begins empty."""
        self._work: dict[int, Work] = {}
        self._turns: dict[int, _Turn] = {}
        self._queued: list[_Turn] = []
        self._others: set[int] = set()
        self._offline: set[int] = set()
        self.due_at: dict[int, float] = {}
        """When each waiting row is due, monotonic seconds."""

    def __len__(self) -> int:
        return len(self._work)

    def __getitem__(self, download_id: int) -> Work:
        return self._work[download_id]

    @property
    def pending(self) -> bool:
        """Whether any verb was not acted on yet."""
        return any(is_pending(self._work[each]) for each in self._others)

    @property
    def offline(self) -> list[Work]:
        """Rows that wait for the network, by id."""
        return [self._work[each] for each in sorted(self._offline)]

    def take_in(self, work: Work, *, now: float) -> None:
        """Keeps a row as it was just written; one that is over is forgotten.

        Args:
            work: The row.
            now: Monotonic seconds; a wait begins here.
        """
        download = work.download
        self._forget_place(download.id)
        if is_over(work):
            self._forget(download.id)
            return
        self._work[download.id] = work
        turn = self._turns[download.id] = (download.turn, download.id)
        if download.state is State.QUEUED and not is_pending(work):
            insort(self._queued, turn)
        else:
            self._others.add(download.id)
        if download.state is not State.WAITING:
            self.due_at.pop(download.id, None)
            return
        if download.reason is Reason.OFFLINE:
            self._offline.add(download.id)
        self.due_at.setdefault(download.id, now + (work.retry_delay_seconds or 0.0))

    def drop(self, download_id: int) -> None:
        """Forgets a row that is over."""
        self._forget_place(download_id)
        self._forget(download_id)

    def entries(
        self, running: Mapping[int, Assignment], *, expects_small: Callable[[str], bool], now: float
    ) -> Iterator[Entry]:
        """Yields what the schedule has to know, by turn: all that is not simply queued, and the queue's first.

        Args:
            running: The transfers.
            expects_small: Whether a file at a URL is probably small.
            now: Monotonic seconds.
        """
        probe = self._probe(running)
        ahead = (download_id for _, download_id in self._queued[: RUNNING_MAX + len(running)])
        seen = {*ahead, *self._others, *running} & self._work.keys()
        for download_id in sorted(seen, key=self._turns.__getitem__):
            work, transfer = self._work[download_id], running.get(download_id)
            waits_for_probe = download_id in self._offline and download_id != probe
            length = work.download.bytes_expected if transfer is None else transfer.bytes_expected
            small = expects_small(work.request.url) if length is None else length <= SMALL_BYTES
            yield Entry(
                id=download_id,
                intent=work.download.intent,
                pending=is_pending(work),
                state=work.download.state,
                running=transfer is not None,
                small=small,
                guessed=transfer is not None and transfer.guessed and length is not None and not small,
                due=now >= self.due_at.get(download_id, 0.0) and not waits_for_probe,
            )

    def _probe(self, running: Mapping[int, Assignment]) -> int | None:
        """Returns the one download that looks for the network on behalf of all that wait for it."""
        probing = [download_id for download_id, each in running.items() if each.probing]
        return min(probing or self._offline, default=None)

    def _forget(self, download_id: int) -> None:
        """Takes a row out that stands nowhere any more."""
        self._work.pop(download_id, None)
        self.due_at.pop(download_id, None)

    def _forget_place(self, download_id: int) -> None:
        """Takes a row out of the places where it stood."""
        self._others.discard(download_id)
        self._offline.discard(download_id)
        turn = self._turns.pop(download_id, None)
        if turn is None:
            return
        at = bisect_left(self._queued, turn)
        if at < len(self._queued) and self._queued[at] == turn:
            del self._queued[at]
