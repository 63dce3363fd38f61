"""Looking on until downloads are over: the loop of `Session.wait`, of the verb `wait` and of the demo.

Owns the reconnecting loop and when a download counts as over. Must never change what the user wants.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from tui_downloader import units
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import SETTLED_STATES, Intent, State, has_work
from tui_downloader.session.keeper import WorkerKeeper
from tui_downloader.session.launch import log_tail

if TYPE_CHECKING:
    from tui_downloader.session.session import Session

LOOK_SECONDS = 0.06
"""Time between two looks at the state file."""

REFRESH_SECONDS = 1.0
"""Time between two looks whether a worker is there for the work; what counts down is shown anew as often."""

Show = Callable[[Collection[Download]], None]
"""Called with the downloads looked at, when one of them changed and once a second."""


class Watch:
    """The downloads looked at: those named, or all that are not paused."""

    def __init__(self, session: Session, ids: Sequence[int] | None, *, say: Callable[[str], object]) -> None:
        """Looks at nothing yet.

        Args:
            session: The session.
            ids: Which downloads; `None` is all that are not paused, new ones included.
            say: Told in a sentence what keeps the downloads from going on.
        """
        self._say = say
        self._session = session
        self._ids = None if ids is None else frozenset(ids)
        self._revision = 0
        self._rows: dict[int, Download] = {}
        self._held = False
        self._keeper = WorkerKeeper()

    @property
    def downloads(self) -> list[Download]:
        """The downloads looked at, by id; removed ones are left out."""
        return [self._rows[key] for key in sorted(self._rows) if self._is_meant(self._rows[key])]

    def follow(self, show: Show, *, deadline: float) -> bool:
        """Looks on until all are over.

        Args:
            show: Told of each change.
            deadline: When to give up, on the monotonic clock; may be infinite.

        Returns:
            Whether all are over; False when the time was up.

        Raises:
            SessionUnusableError: The state file cannot be read, or a worker is needed and cannot be started.
        """
        self._session.reconnect()
        refresh_at = time.monotonic() + REFRESH_SECONDS
        while True:
            if self._session.has_changed() or not self._revision:
                self._look()
                show(self.downloads)
                if self._are_over():
                    return True
            now = time.monotonic()
            if now >= deadline:
                return False
            if now >= refresh_at:
                self._keep_worker(now=now)
                show(self.downloads)
                refresh_at = now + REFRESH_SECONDS
            time.sleep(min(LOOK_SECONDS, deadline - now))

    def _look(self) -> None:
        """Takes in what was written since the last look."""
        changes = self._session.changes(self._revision)
        self._revision = changes.revision
        if changes.worker.held and not self._held:
            self._say("The session was stopped; it goes on when somebody uses it: tuidl, tuidl resume, tuidl add.")
        self._held = changes.worker.held
        for download in changes.downloads:
            if download.removed_at is None:
                self._rows[download.id] = download
            else:
                self._rows.pop(download.id, None)

    def _keep_worker(self, *, now: float) -> None:
        """Sees to a worker if one of the downloads looked at needs one."""
        needed = any(_needs_worker(each, held=self._held) for each in self._rows.values())
        keep_worker(self._session, self._keeper, needed=needed, now=now, say=self._say)

    def _are_over(self) -> bool:
        """Tells whether all have completed, failed, been cancelled or removed."""
        return all(is_over(each) for each in self.downloads)

    def _is_meant(self, download: Download) -> bool:
        """Tells whether a download is looked at."""
        return not is_paused(download) if self._ids is None else download.id in self._ids


def keep_worker(
    session: Session, keeper: WorkerKeeper, *, needed: bool, now: float, say: Callable[[str], object]
) -> None:
    """Starts a worker if there is work and none runs; less often if they keep dying.

    Args:
        session: The session.
        keeper: Decides; asked once a second.
        needed: Whether there is work.
        now: Monotonic seconds.
        say: Told in a sentence when workers keep dying.

    Raises:
        SessionUnusableError: The worker cannot be started.
    """
    was_well = keeper.next_start is None
    running = session.worker_status().running
    if keeper.wants_start(running=running, has_work=needed, now=now):
        session.ensure_worker()
    elif was_well and keeper.next_start is not None:
        pause = units.format_span(keeper.next_start - now)
        ends = log_tail(session.directory)
        say(f"The worker keeps stopping; next start in {pause}. Its log ends: {ends}")


def is_over(download: Download) -> bool:
    """Tells whether a download has ended and no verb is on its way that lets it go on."""
    if download.state is State.COMPLETED:
        return True
    return download.state in SETTLED_STATES and download.acted_number >= download.intent_number


def _needs_worker(download: Download, *, held: bool) -> bool:
    """Tells whether the worker has something to do for a download; in a held session only what was asked since."""
    if held:
        return download.intent_number > download.acted_number
    return has_work(
        intent=download.intent,
        intent_number=download.intent_number,
        acted_number=download.acted_number,
        state=download.state,
    )


def is_paused(download: Download) -> bool:
    """Tells whether a download is paused or about to be."""
    return download.intent is Intent.PAUSE and not is_over(download)
