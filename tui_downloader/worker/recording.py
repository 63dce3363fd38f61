"""Recording digests of files that were complete before all of them was hashed.

Owns the one thread that does it, behind everything else. A digest that a leaving worker did not get to is owed:
the row names the algorithm and no value, and the next worker makes up for it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from pathlib import Path

from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.hashing import step_back
from tui_downloader.engine.unhashed import Unhashed
from tui_downloader.model.download import Digest
from tui_downloader.worker.log import logger

Record = Callable[[int, Digest | None], None]
"""Has the digest of a download committed; `None` says that there will be none."""


class _LeavingError(Exception):
    """The worker leaves; what is not hashed stays owed."""


class Recording:
    """Digests to come, one after the other."""

    def __init__(self, record: Record) -> None:
        """Begins without any; the thread starts with the first.

        Args:
            record: Called in the thread.
        """
        self._record = record
        self._left: queue.SimpleQueue[tuple[int, Unhashed | Path]] = queue.SimpleQueue()
        self._waiting = 0
        self._lock = threading.Lock()
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether any digest is still to come."""
        return self._waiting > 0

    def take(self, download_id: int, what: Unhashed | Path) -> None:
        """Takes a finished file over; main thread only.

        Args:
            download_id: Whose it is.
            what: What is left of it, or where it lies.
        """
        with self._lock:
            self._waiting += 1
        self._left.put((download_id, what))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="recording", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Gives up what is not hashed yet: it stays owed."""
        self._leaving.set()

    def _work(self) -> None:
        """The thread."""
        step_back()
        while True:
            download_id, what = self._left.get()
            try:
                self._hash(download_id, what)
            finally:
                with self._lock:
                    self._waiting -= 1

    def _hash(self, download_id: int, what: Unhashed | Path) -> None:
        """Hashes one file and has its digest committed."""
        try:
            unhashed = Unhashed.of(what) if isinstance(what, Path) else what
            try:
                digest = unhashed.digest(self._check)
            finally:
                unhashed.close()
        except _LeavingError:
            return
        except TransferError as error:
            logger.info("download %d: no digest is recorded: %s", download_id, error)
            self._record(download_id, None)
            return
        self._record(download_id, digest)

    def _check(self) -> None:
        """Raises when the worker leaves."""
        if self._leaving.is_set():
            raise _LeavingError
