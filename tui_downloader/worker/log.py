"""The worker's log: `worker.log`, rotated by size.

Owns file descriptors 1 and 2 of a detached worker, so that whatever writes there lands in the log too. Must never
hold a secret: callers log `log_url(url)`.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from pathlib import Path
from typing import TextIO

LOG_BYTES = 1024 * 1024
"""A log of this size is rotated."""
LOG_FILES = 3
"""How many files there are: `worker.log`, `worker.log.1`, `worker.log.2`."""

logger = logging.getLogger("tui_downloader.worker")
"""Every record of the worker passes here."""


class Lines(logging.StreamHandler[TextIO]):
    """Writes records; one that the disk does not take is dropped."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- the name is the library's
        """Says nothing about a full disk on that disk; anything else is a defect and is told as such."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


class Log:
    """The open log file."""

    def __init__(self, path: Path, *, foreground: bool) -> None:
        """Opens the log and points the standard streams at it; in the foreground records go to stderr only."""
        self._path = None if foreground else path
        self._open()
        handler = Lines(sys.stderr)
        formatter = logging.Formatter("%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%SZ")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False

    def rotate_if_large(self) -> None:
        """Starts a new file when the present one has grown too large."""
        if self._path is None or os.fstat(2).st_size < LOG_BYTES:
            return
        for number in range(LOG_FILES - 1, 0, -1):
            source = self._path if number == 1 else self._path.with_name(f"{self._path.name}.{number - 1}")
            with contextlib.suppress(OSError):  # not there, or no room for it: the present file goes on
                source.rename(self._path.with_name(f"{self._path.name}.{number}"))
        self._open()

    def _open(self) -> None:
        """Opens the file with mode 0600 and makes it descriptors 1 and 2; downloads go on without it."""
        if self._path is None:
            return
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        try:
            descriptor = os.open(self._path, flags, 0o600)
        except OSError:  # a full disk, or something else has its name
            return
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        if descriptor > 2:
            os.close(descriptor)
