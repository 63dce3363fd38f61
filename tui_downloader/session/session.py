"""A session: the object front ends hold, found again by its identifier.

Owns who works for it: starting and stopping. Touches nothing on disk until it is first used; must never
move a byte or touch a downloaded file: that is the worker's.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tui_downloader.session import children
from tui_downloader.session.answers import Added, Changes
from tui_downloader.session.journal import Journal
from tui_downloader.session.look_ahead import LookAhead
from tui_downloader.session.opening import session_names
from tui_downloader.session.pages import Pages
from tui_downloader.session.preferences import Preferences
from tui_downloader.session.snapshots import Snapshots
from tui_downloader.session.verbs import Verbs
from tui_downloader.state import downloads, probes, worker_row

if TYPE_CHECKING:
    from tui_downloader.session.replay import Replay

__all__ = ["Added", "Changes", "Session", "session_names"]


class Session(Verbs, Snapshots, Journal, Preferences, Pages, LookAhead):
    """A background session; thread-safe. Its methods block: never call them on a UI thread."""

    def begin_replay(self, client: str = "screen") -> Replay:
        """Returns the events a client has not acknowledged, to be delivered in order."""
        from tui_downloader.session.replay import Replay  # late: most commands replay nothing

        return Replay(self, client)

    def reconnect(self) -> None:
        """Does what opening the screen does: lets a held session go on and starts a worker if there is work."""
        with self._lock:
            if not self.exists():
                return
            database = self._writer()
            if worker_row.is_held(database):
                with database.transaction() as transaction:
                    worker_row.set_held(transaction, held=False)
            self.ensure_worker()

    def ensure_worker(self) -> None:
        """Starts a worker if there is work, a look ahead included; under a hold only for verbs not yet acted on.

        Raises:
            WorkerUnavailableError: It could not be started.
        """
        with self._lock:
            database = self._reader()
            children.reap()
            if database is None:
                return
            held = worker_row.is_held(database)
            looks = probes.has_work(database, held=held, now=time.time())
            if looks or downloads.has_work(database, held=held):
                from tui_downloader.session import launch  # late: reading needs no subprocess module

                launch.launch(self.directory, database)

    def stop(self, *, timeout_seconds: float = 10.0) -> bool:
        """Holds the session and waits until its worker has left; downloads keep their intent.

        Returns:
            Whether a worker was running.
        """
        if not self.exists():
            return False
        with self._lock:
            database = self._writer()
            with database.transaction() as transaction:
                worker_row.set_held(transaction, held=True)
            worker = worker_row.read(database)
        return worker.alive and children.wait_until(lambda: not worker.alive, timeout_seconds=timeout_seconds)

    def run_foreground(self) -> int:
        """Runs the worker in the foreground; returns its exit code."""
        with self._lock:
            database = self._writer()
            with database.transaction() as transaction:
                worker_row.set_held(transaction, held=False)
        from tui_downloader.session import launch  # late: reading needs no subprocess module

        return launch.run_foreground(self.directory, database)
