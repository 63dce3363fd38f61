"""Starting the worker: the launcher takes the worker lock and hands it on.

Owns the one way a worker comes to life. Must never import the worker's code: it is started by command line, with
`-P` and `/` as its directory, so that no module lying in a download folder is run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from tui_downloader import __version__
from tui_downloader.errors import WorkerUnavailableError
from tui_downloader.paths import LOCK_FILE, LOG_FILE
from tui_downloader.session import children
from tui_downloader.session.scope import own_scope_command
from tui_downloader.state import worker_row
from tui_downloader.state.database import Database
from tui_downloader.state.worker_lock import try_lock

_START_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.005


def launch(directory: Path, database: Database) -> None:
    """Sees to it that a worker of this version runs for the session; returns once its row is written.

    Args:
        directory: The session's directory.
        database: A connection to its state file.

    Raises:
        WorkerUnavailableError: No worker could be started; the sentence ends with the last line of its log.
    """
    children.reap()
    deadline = time.monotonic() + _START_SECONDS
    asked: str | None = None
    while database.is_current:  # else a worker found it damaged, and writes its row elsewhere
        lock = try_lock(directory / LOCK_FILE)
        if lock is not None:
            try:
                _start(directory, database, lock, deadline)
                return
            finally:
                os.close(lock)
        row = worker_row.read(database)
        if row.alive:
            if not _is_older(row.version):
                return
            if row.instance and row.instance != asked:
                asked = row.instance
                with database.transaction() as transaction:
                    worker_row.ask_to_retire(transaction, asked)
        if time.monotonic() > deadline:
            raise WorkerUnavailableError(
                f"The worker of session “{directory.name}” (pid {row.pid}) holds its lock but does not answer. "
                "More: tuidl doctor"
            )
        time.sleep(_LOOK_AGAIN_SECONDS)


def run_foreground(directory: Path, database: Database) -> int:
    """Runs the worker in the foreground until it is idle or interrupted.

    Returns:
        Its exit code.

    Raises:
        WorkerUnavailableError: Another worker holds the session.
    """
    lock = try_lock(directory / LOCK_FILE)
    if lock is None:
        pid = worker_row.read(database).pid
        raise WorkerUnavailableError(f"A worker runs already for session “{directory.name}” (pid {pid}).")
    try:
        _forget_predecessor(database)
        process = subprocess.Popen([*_command(directory, lock), "--foreground"], pass_fds=[lock], cwd="/")
    finally:
        os.close(lock)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the worker got the same signal: it commits and leaves


def log_tail(directory: Path) -> str:
    """Returns the last line of the worker's log, shortened; empty if there is none."""
    try:
        with (directory / LOG_FILE).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 4096))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][-300:] if lines else ""


def _start(directory: Path, database: Database, lock: int, deadline: float) -> None:
    """Starts a worker that inherits the lock; in a scope of its own where logging out would end it otherwise."""
    _forget_predecessor(database)
    scope = own_scope_command(directory.name)
    code = _try(scope, directory, database, lock, deadline)
    if scope and code:  # it has ended: the manager would not have it
        code = _try([], directory, database, lock, deadline)
    if code != 0:
        ended = f"ended with code {code}" if code is not None else "does not answer"
        raise WorkerUnavailableError(
            f"The worker could not be started: it {ended}. Its log ends: {log_tail(directory)}"
        )


def _try(scope: list[str], directory: Path, database: Database, lock: int, deadline: float) -> int | None:
    """Starts a worker and waits until it has written its row or left in order.

    Returns:
        0 if it did; else the code it ended with, `None` if it did not answer in time.
    """
    process = subprocess.Popen(
        [*scope, *_command(directory, lock)],
        pass_fds=[lock],
        cwd="/",
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    children.keep(process)
    while worker_row.read(database).instance is None and database.is_current:
        code = process.poll()  # 0: it wrote its row, found nothing to do and left, all between two looks
        if code is not None or time.monotonic() > deadline:
            return code
        time.sleep(_LOOK_AGAIN_SECONDS)
    return 0


def _forget_predecessor(database: Database) -> None:
    """Clears the row of a worker that died without leaving; whoever holds the lock may."""
    if worker_row.read(database).instance is not None:
        with database.transaction() as transaction:
            worker_row.clear(transaction)


def _command(directory: Path, lock: int) -> list[str]:
    """Returns the worker's command line; it holds no secret."""
    return [
        sys.executable,
        "-P",
        "-m",
        "tui_downloader.worker",
        "--directory",
        str(directory),
        "--lock",
        str(lock),
    ]


def _is_older(version: str | None) -> bool:
    """Tells whether a worker's version is older than this program's."""

    def key(text: str) -> list[int]:
        return [int(part) for part in text.split(".") if part.isdigit()]

    return version is not None and key(version) < key(__version__)
