"""Sees to it, once a second, that a worker runs while there is work.

Owns what is told when none can. Lives on the feed's thread; when to start is the keeper's decision.
"""

from __future__ import annotations

import time

from tui_downloader.errors import WorkerUnavailableError
from tui_downloader.model.display_text import safe
from tui_downloader.session.keeper import STOPS_MAX, WorkerKeeper
from tui_downloader.session.launch import log_tail
from tui_downloader.session.session import Session
from tui_downloader.tui.snapshot import Snapshot, Trouble


class WorkerWatch:
    """Starts a worker when one is missing."""

    def __init__(self, session: Session) -> None:
        """Begins with a worker that is well.

        Args:
            session: Whose worker.
        """
        self._session = session
        self._keeper = WorkerKeeper()
        self._trouble: Trouble | None = None

    def look(self, snapshot: Snapshot, *, now: float) -> Trouble | None:
        """Starts a worker if one is missing.

        Args:
            snapshot: The newest that was read.
            now: Monotonic seconds.

        Returns:
            What keeps the worker from running; `None` if nothing does.
        """
        running, keeper = snapshot.worker_runs, self._keeper
        start = keeper.wants_start(
            running=running, has_work=not snapshot.held and self._session.has_work(), now=now
        )
        if running or keeper.next_start is None:
            self._trouble = None
        elif self._trouble is None or self._trouble.retry_at is None:
            self._trouble = Trouble(
                f"The worker stopped {STOPS_MAX} times in a minute",
                retry_at=time.time() + keeper.next_start - now,
                log_end=safe(log_tail(self._session.directory)),
            )
        if start:
            self._trouble = None
            try:
                self._session.ensure_worker()
            except WorkerUnavailableError as error:
                self._trouble = Trouble(str(error))
        return self._trouble
