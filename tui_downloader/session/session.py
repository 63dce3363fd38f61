"""A session: the object front ends hold, found again by its identifier.

Owns who works for it: starting and stopping. Touches nothing on disk until it is first used; must never
move a byte or touch a downloaded file: that is the worker's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

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
    from tui_downloader.model.download import Download
    from tui_downloader.session.delegate import SessionDelegate
    from tui_downloader.session.replay import Replay

__all__ = ["Added", "Changes", "Session", "session_names"]


class Session(Verbs, Snapshots, Journal, Preferences, Pages, LookAhead):
    """A background session; thread-safe. Its methods block: never call them on a UI thread.

    Used by a script, `with Session("nightly") as session:` closes it at the end; the downloads go on without it.
    """

    def __init__(
        self,
        identifier: str = "default",
        *,
        delegate: SessionDelegate | None = None,
        client: str = "script",
        state_directory: Path | None = None,
    ) -> None:
        """Names a session; touches nothing.

        Args:
            identifier: Its name: 1 to 64 letters, digits, dots, dashes and underscores.
            delegate: Who hears what happened, from `process_events` and `wait`; `None` is nobody.
            client: Under which name the delegate's progress through the events is kept; scripts on one session
                have one each.
            state_directory: Where sessions lie; `None` is `TUIDL_STATE_DIR` or the system's user state directory.

        Raises:
            InvalidSessionNameError: The identifier cannot be used.
            SessionUnusableError: The state directory cannot be read.
        """
        super().__init__(identifier, state_directory=state_directory)
        self.delegate = delegate
        """Who hears what happened; `None` is nobody."""
        self.client = client
        """Under which name the delegate's progress through the events is kept."""
        self.written_revision = 0
        """Up to which revision the delegate heard of written bytes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --------------------------------------------------------------------------------------------------- hearing

    def process_events(self) -> int:
        """Hands what happened since the last time to the delegate, in order, then calls its `did_finish_events`.

        A script that was killed before it called the completion handler gets the same events at its next run.

        Returns:
            How many events there were.

        Raises:
            InvalidInputError: There is no delegate.
            SessionUnusableError: The state file cannot be used.
        """
        from tui_downloader.session.delivery import process_events  # late: the command line has its own

        return process_events(self)

    def wait(self, ids: Sequence[int] | None = None, *, timeout_seconds: float | None = None) -> list[Download]:
        """Waits until downloads have completed, failed or been cancelled; the delegate hears of all meanwhile.

        Args:
            ids: Which; `None` is all that are not paused, those that are added meanwhile included.
            timeout_seconds: How long at most; `None` is as long as it takes.

        Returns:
            The downloads as they ended, by id; those that were removed meanwhile are left out.

        Raises:
            NoSuchDownloadError: Some ids are not there.
            TimedOutError: The time was up; the downloads go on.
            SessionUnusableError: The state file cannot be read, or a worker is needed and cannot be started.
        """
        from tui_downloader.session.delivery import wait  # late: the command line has its own

        return wait(self, ids, timeout_seconds=timeout_seconds)

    def begin_replay(self, client: str = "screen") -> Replay:
        """Returns the events a client has not acknowledged, to be delivered in order."""
        from tui_downloader.session.replay import Replay  # late: most commands replay nothing

        return Replay(self, client)

    # -------------------------------------------------------------------------------------------------- worker

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
        """Starts a worker if there is work, looks ahead and hooks included; under a hold only for new verbs.

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
            hooks = not held and worker_row.owes_hooks(database)
            if looks or hooks or downloads.has_work(database, held=held):
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
