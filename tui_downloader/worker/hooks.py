"""Hooks: the user's programs that are run when a download has ended, one after the other, in the journal's order.

Owns which events they were run for. That is committed when a hook is over, so each is run at least once, as events
are delivered at least once: after a kill of the worker only the one that ran is run again, and its event's number
tells it so (`TUIDL_EVENT`). Must never make a transfer wait: they run in a thread of their own.
"""

from __future__ import annotations

import json
import os
import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download, download_as_json
from tui_downloader.model.events import Event, EventKind, NewEvent
from tui_downloader.settings import Settings
from tui_downloader.state import downloads, journal, worker_row
from tui_downloader.state.database import Database, Transaction
from tui_downloader.worker.desk import Desk
from tui_downloader.worker.hook_process import HookEnd, run
from tui_downloader.worker.log import logger

_AHEAD = 50
"""How many hooks wait in memory; the others wait in the journal."""
_CLOSE_SECONDS = 3.0
_NAMES = {EventKind.FINISHED: "on_completed", EventKind.FAILED: "on_failed"}


class Hooks:
    """The hooks of one session; its methods are called in the main thread."""

    def __init__(self, directory: Path, desk: Desk, settings: Callable[[], Settings]) -> None:
        """Runs none yet.

        Args:
            directory: The session's.
            desk: Commits that a hook is over.
            settings: Returns the settings as they are now.
        """
        self._directory = directory
        self._desk = desk
        self._settings = settings
        self._position: int | None = None
        self._left: queue.SimpleQueue[tuple[Event, Download, str]] = queue.SimpleQueue()
        self._waiting = 0
        self._leave = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether any hook runs or is still to run."""
        return self._waiting > 0

    def begin(self, transaction: Transaction) -> None:
        """Finds out where an earlier worker stopped; what ended while there were no hooks has none."""
        self._position = worker_row.read_hooked(transaction) if self._wanted() else None
        if self._position is None:
            worker_row.set_hooked(transaction, self._start(transaction))

    def look(self, database: Database) -> None:
        """Takes what the journal has of new endings; a quick look if there are none."""
        if not self._wanted():
            self._position = None
            return
        if self._position is None:
            with database.transaction() as transaction:
                worker_row.set_hooked(transaction, self._start(transaction))
            return
        if self._waiting < _AHEAD and journal.last(database) > self._position:
            self._take(database, self._position)

    def leave(self, transaction: Transaction) -> None:
        """Commits that everything up to now was looked at: a hook that is set later is not run for it."""
        if not self.busy:
            worker_row.set_hooked(transaction, self._position)

    def close(self) -> None:
        """Ends the hook that runs; the next worker runs it again."""
        self._leave.set()
        if self._thread is not None:
            self._thread.join(_CLOSE_SECONDS)

    def _wanted(self) -> bool:
        """Tells whether there are any hooks."""
        settings = self._settings()
        return bool(settings.on_completed or settings.on_failed)

    def _start(self, transaction: Transaction) -> int | None:
        """Begins behind what has happened already; returns the position, `None` while there are no hooks."""
        self._position = journal.last(transaction) if self._wanted() else None
        return self._position

    def _take(self, database: Database, position: int) -> None:
        """Takes the next endings; what is no ending, has no hook or was removed is passed over."""
        last = journal.last(database)
        events = journal.read_ended(database, after=position, limit=_AHEAD)
        ids = [each.download_id for each in events if each.download_id is not None]
        rows = {each.id: each for each in downloads.read_some(database, ids)}
        for event in events:
            name = _NAMES[event.kind]
            if event.download_id in rows and getattr(self._settings(), name):
                self._put(event, rows[event.download_id], name)
        self._position = events[-1].sequence if len(events) == _AHEAD else last

    def _put(self, event: Event, download: Download, name: str) -> None:
        """Has a hook run."""
        self._waiting += 1
        self._left.put((event, download, name))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="hooks", daemon=True)
            self._thread.start()

    def _over(self, transaction: Transaction, event: Event, download: Download, name: str, end: HookEnd) -> None:
        """Commits that a hook is over, and an event if it went wrong."""
        self._waiting -= 1
        worker_row.set_hooked(transaction, event.sequence)
        if end.problem is not None:
            fields = {"hook": name, "error": end.problem, "filename": download.shown_name}
            journal.append(transaction, download.id, NewEvent(EventKind.HOOK_FAILED, fields), now=time.time())

    # ------------------------------------------------------------------------------------------------- the thread

    def _work(self) -> None:
        """The thread."""
        while not self._leave.is_set():
            event, download, name = self._left.get()
            end = self._run(event, download, name)
            if end is None:
                return
            self._desk.tell(partial(self._over, event=event, download=download, name=name, end=end), durable=True)

    def _run(self, event: Event, download: Download, name: str) -> HookEnd | None:
        """Runs one hook and logs what it printed; `None` if it was ended because the worker leaves."""
        settings = self._settings()
        command: tuple[str, ...] = getattr(settings, name)
        if not command:  # taken out of the settings meanwhile
            return HookEnd(None)
        session = self._directory.name
        variables = {
            "TUIDL_EVENT": str(event.sequence),
            "TUIDL_HOOK": name,
            "TUIDL_SESSION": session,
            "TUIDL_STATE_DIR": str(self._directory.parents[1]),
        }
        text = json.dumps(download_as_json(download, session=session)) + "\n"
        end = run(
            command,
            text.encode(),
            environment={**os.environ, **variables},
            seconds=settings.hook_seconds,
            leave=self._leave,
        )
        if end is None:
            logger.info("download %d: %s was ended, since the worker leaves; it is run again", download.id, name)
            return None
        for line in end.output.decode("utf-8", "replace").splitlines():
            logger.info("download %d: %s: %s", download.id, name, safe(line))
        if end.bytes_left_out:
            logger.info("download %d: %s printed %d bytes more", download.id, name, end.bytes_left_out)
        if end.problem is not None:
            logger.warning("download %d: %s %s", download.id, name, end.problem)
        return end
