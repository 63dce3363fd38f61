"""Sessions with real workers for tests: made in a temporary directory, waited for by condition, always stopped.

Owns the waiting and the killing. Must never sleep for a result, nor kill a process that is not in the worker
row.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session

WAIT_SECONDS = 60.0
"""How long a condition may take before the test fails."""


def wait_until(
    condition: Callable[[], object], *, what: str = "the condition", seconds: float = WAIT_SECONDS
) -> None:
    """Wait until a condition is true; fail the test with its name after a while."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} s")
        time.sleep(0.01)


class SessionControl:
    """One session below a temporary directory, with its downloads folder."""

    def __init__(self, root: Path, identifier: str = "test") -> None:
        """Name the session; touch nothing but the downloads folder."""
        self.root = root
        self.downloads = root / "downloads"
        self.downloads.mkdir(exist_ok=True)
        self.session = Session(identifier, state_directory=root / "state")

    def request(self, url: str, **more: object) -> Request:
        """Build a request into the downloads folder."""
        return Request(url=url, directory=self.downloads, added_by="test", **more)  # type: ignore[arg-type]  # passed through

    def add(self, *urls: str, **more: object) -> list[int]:
        """Add URLs; return their ids."""
        return [each.download.id for each in self.session.add([self.request(url, **more) for url in urls])]

    def row(self, download_id: int) -> Download:
        """Return a row as it is now."""
        return self.session.download(download_id)

    def wait_for(self, download_id: int, *states: State, seconds: float = WAIT_SECONDS) -> Download:
        """Wait until a download is in one of the states; return its row."""
        deadline = time.monotonic() + seconds
        while (row := self.row(download_id)).state not in states:
            if time.monotonic() > deadline:
                log = self.session.directory / "worker.log"
                text = log.read_text() if log.exists() else "(no log)"
                raise AssertionError(f"not {states} but {row.state}, {row.reason}, {row.error}; log:\n{text}")
            time.sleep(0.01)
        return row

    def wait_until_acted(self, download_id: int, *states: State) -> Download:
        """Wait until a download is in one of the states and its last verb was acted on; return its row."""

        def is_settled() -> bool:
            row = self.row(download_id)
            return row.acted_number == row.intent_number and row.state in states

        wait_until(is_settled, what=f"{' or '.join(states)} after the last verb")
        return self.row(download_id)

    def wait_for_bytes(self, download_id: int, count: int) -> Download:
        """Wait until the committed progress of a download has reached a count."""
        wait_until(lambda: self.row(download_id).bytes_received >= count, what=f"{count} bytes received")
        return self.row(download_id)

    def worker_pid(self) -> int:
        """Return the pid of the live worker, waiting for one."""
        wait_until(lambda: self.session.worker_status().running, what="a running worker")
        pid = self.session.worker_status().pid
        assert pid is not None
        return pid

    def kill_worker(self, number: int = signal.SIGKILL) -> int:
        """Send a signal to the live worker and wait until it is gone; return its pid."""
        pid = self.worker_pid()
        os.kill(pid, number)
        wait_until(lambda: not self.session.worker_status().running, what="the worker's end")
        return pid

    def database(self) -> contextlib.closing[sqlite3.Connection]:
        """Open the state file for looking at it, by SQLite's own means."""
        path = self.session.directory / "state.sqlite3"
        return contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True))

    def close(self) -> None:
        """Stop the worker and close the session."""
        self.session.stop()
        self.session.close()


@contextlib.contextmanager
def session_control(root: Path, identifier: str = "test") -> Iterator[SessionControl]:
    """Give a session whose worker ends with the block."""
    control = SessionControl(root, identifier)
    try:
        yield control
    finally:
        control.close()


def sha256(path: Path) -> str:
    """Return a file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def run_python(code: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a Python process that runs the code with arguments; its output can be read."""
    command: Sequence[str] = [sys.executable, "-P", "-c", code, *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
