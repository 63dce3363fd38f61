"""Syncing directories for many transfers that end at the same time.

Owns who does it: one sync makes the entries of all safe that came before it began.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

from tui_downloader.engine.finish import sync_directory


@dataclass(slots=True)
class _Rounds:
    """The syncs of one directory."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    begun: int = 0


class DirectorySync:
    """Syncs of all directories; thread-safe."""

    def __init__(self) -> None:
        """Begins with none."""
        self._lock = threading.Lock()
        self._rounds: dict[Path, _Rounds] = {}

    def sync(self, directory: Path) -> None:
        """Returns once the directory's entries survive a power loss, where the system can; others may share it.

        Raises:
            TransferError: The disk reports an error.
        """
        with self._lock:
            rounds = self._rounds.setdefault(directory, _Rounds())
        before = rounds.begun
        with rounds.lock:
            if rounds.begun > before:
                return  # one began after the call, and has ended
            rounds.begun += 1
            try:
                sync_directory(directory)
            except BaseException:
                rounds.begun -= 1  # whoever waits for this one has to see the error too
                raise
