"""Beginning anew after the state file failed: what is damaged is mended, what may pass is waited for.

Owns when the worker's process runs itself again: the same process with the same lock, so that nobody comes in
between, and no thread of before lives on. Must never begin anew where the state file is gone or is another one's.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tui_downloader import paths
from tui_downloader.errors import (
    DamagedStateFileError,
    NewerStateFileError,
    SessionUnusableError,
    StateFileLostError,
)
from tui_downloader.state import mending
from tui_downloader.worker.log import logger

TRIES_VARIABLE = "TUIDL_WORKER_TRIES"
"""Tells the next run how often the state file has failed in a row."""
_TRIES_MAX = 20
_WAIT_SECONDS_MAX = 60.0
_QUIET_SECONDS = 60.0
"""A run of this length counts as well: the next failure is the first again."""


class Renewal:
    """What one run of the worker needs to be followed by another one."""

    def __init__(self, state_file: Path, *, lock: int) -> None:
        """Begins.

        Args:
            state_file: The session's.
            lock: Descriptor of the worker lock.
        """
        self._state_file = state_file
        self._lock = lock
        self._tries = int(os.environ.get(TRIES_VARIABLE, "0"))
        self._began = time.monotonic()
        self._identity: tuple[int, int] | None = None

    def prepare(self) -> None:
        """Makes the state file usable; logs what was done about a damaged one.

        Raises:
            SessionUnusableError: It cannot be used.
        """
        self._tell(mending.prepare(self._state_file))
        self._identity = paths.file_identity(self._state_file)

    def after(self, failure: SessionUnusableError, *, is_expected: bool) -> int:
        """Begins anew if that may help.

        Args:
            failure: What was wrong.
            is_expected: Whether it had said that it works, and was not asked to leave: else whoever started it is
                told instead.

        Returns:
            The exit code, if it does not: whoever needs a worker starts the next one.
        """
        logger.error("%s", failure)
        if isinstance(failure, DamagedStateFileError) and self._mended():
            self._run_again()
        if isinstance(failure, NewerStateFileError | StateFileLostError) or not (is_expected or self._tries):
            return failure.exit_code
        tries = self._tries + 1 if time.monotonic() - self._began < _QUIET_SECONDS else 1
        if tries > _TRIES_MAX:
            return failure.exit_code
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)  # nothing is left to commit
        time.sleep(min(_WAIT_SECONDS_MAX, 2.0 ** (tries - 1)))
        if paths.file_identity(self._state_file) != self._identity:
            return failure.exit_code
        os.environ[TRIES_VARIABLE] = str(tries)
        return self._run_again()

    def _mended(self) -> bool:
        """Replaces the state file if it really is damaged; tells whether it was."""
        try:
            mended = mending.mend(self._state_file)
        except SessionUnusableError as error:
            logger.error("%s", error)
            return False
        self._tell(mended)
        return mended is not None

    def _run_again(self) -> int:
        """Runs the same command line in this process; returns only if that cannot be."""
        os.set_inheritable(self._lock, True)
        try:
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606 -- the worker's own command line
        except OSError as error:
            logger.error("the worker cannot begin anew: %s", error.strerror)
        return SessionUnusableError.exit_code

    @staticmethod
    def _tell(mended: mending.Mended | None) -> None:
        """Logs what was done about a damaged state file."""
        if mended is not None:
            logger.warning("%s", mended.sentence)
