"""A session whose next worker dies at a step of its own, and what must hold then and after the one that follows.

Owns one run: what was, the death, the recovery, the checks. Must never choose the step: `kills` does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.chaos.checks import folder_problems, journal_problems, state_problems
from tests.chaos.interposition import step_variables, write_python
from tests.support.fault import Fault
from tests.support.fault_server import FaultServer, Resource
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.errors import TuidlError
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.paths import LOCK_FILE, STATE_FILE
from tui_downloader.session.watch import is_over
from tui_downloader.state.worker_lock import try_lock

SETTINGS = "retry_first_seconds = 0.05\nworker_idle_seconds = 0.0\noffline_probe_seconds = 0.1\n"
COUNTED = ("open", "pwrite", "fsync", "truncate", "link", "unlink", "rename", "renameat2", "mkdir")
"""The calls that are steps: all that change files; lines of the log are not counted."""


class Stage:
    """One session in an empty directory."""

    def __init__(self, root: Path, server: FaultServer) -> None:
        """Touch nothing but the directory and its settings file.

        Args:
            root: An empty directory.
            server: Where the files come from; shared, so paths are named after the directory.
        """
        self.root = root
        self.server = server
        (root / "settings.toml").write_text(SETTINGS)
        self.control = SessionControl(root)
        self.session = self.control.session
        self.log = root / "steps.log"
        self.contents: dict[str, set[bytes]] = {}
        """By final name, the contents that a file may have."""
        self.optional: set[str] = set()
        """Names that may be missing in the end."""
        self.may_reserve = False
        """Whether a file without bytes may have the final name at death."""
        self.counted: tuple[str, ...] = COUNTED
        """Names of the calls that are steps."""
        self.has_died = False
        """Whether the step came at which a worker was to die."""
        self._routes: list[str] = []

    # ---------------------------------------------------------------------------------------------- what is served

    def serve(self, name: str, content: bytes, *, etag: str = '"v1"', faults: tuple[Fault, ...] = ()) -> str:
        """Serve an object, as one of those that its name may hold in the end; return its URL."""
        path = f"/{self.root.name}/{name}"
        self.contents.setdefault(name, set()).add(content)
        self._routes.append(path)
        return self.server.add(path, Resource(content, etag=etag), faults=faults)

    # --------------------------------------------------------------------------------------------- death, recovery

    @contextlib.contextmanager
    def doomed(self, kill_at: int | None, *, refuse: tuple[str, int] | None = None) -> Iterator[None]:
        """Let workers that start in the block die at a step; wait at its end until they are gone.

        Args:
            kill_at: Which step; a negative one is half done before, `None` lets the worker live.
            refuse: Names of calls that the system refuses, separated by commas, and their `errno`.
        """
        script, real = self.root / "python", sys.executable
        write_python(
            script,
            step_variables(self.root, log=self.log, kill_at=kill_at, refuse=refuse, only=self.counted),
        )
        sys.executable = str(script)
        try:
            with contextlib.suppress(*([TuidlError] if kill_at else [])):  # it died before it said that it works
                yield
            self.wait_until_gone()
            if kill_at:
                self.has_died = len(self.log.read_text().splitlines()) >= abs(kill_at)
        finally:
            sys.executable = real

    def kill_worker(self) -> bool:
        """Kill the worker, if it has not left; tell whether it was there."""
        status = self.session.worker_status()
        if status.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(status.pid, signal.SIGKILL)
        self.wait_until_gone()
        return status.pid is not None

    @property
    def is_running(self) -> bool:
        """Whether a worker has the session."""
        return self.session.worker_status().running

    def wait_until_gone(self) -> None:
        """Wait until no worker has the session."""
        wait_until(self._is_free, what="the worker's end")

    def _is_free(self) -> bool:
        lock = try_lock(self.session.directory / LOCK_FILE)
        if lock is None:
            return False
        os.close(lock)
        return True

    def recover(self) -> None:
        """Do what opening the screen does, until everything is settled and the worker has left."""
        self.session.reconnect()
        wait_until(lambda: all(is_over(each) for each in self.session.snapshots()), what="the end")
        self.wait_until_gone()

    # ------------------------------------------------------------------------------------------------------ checks

    def problems_at_death(self) -> list[str]:
        """Say what is wrong right after the death: a final name is absent or complete."""
        problems = []
        for name, contents in self.contents.items():
            path = self.control.downloads / name
            allowed = {*contents, b""} if self.may_reserve else contents
            if path.exists() and path.read_bytes() not in allowed:
                problems.append(f"{name} is there with {path.stat().st_size} wrong bytes")
        return problems

    def problems_in_the_end(self) -> list[str]:
        """Say what is wrong after the recovery."""
        problems = state_problems(self.session.directory / STATE_FILE)
        folder = self.control.downloads
        missing = {each for each in self.optional if not (folder / each).exists()}
        problems += folder_problems(folder, _digests(self.contents, but=missing))
        events = self.session.events()
        problems += journal_problems(events)
        finished = sorted(each.download_id or 0 for each in events if each.kind is EventKind.FINISHED)
        rows = self.session.snapshots()
        completed = [each.id for each in rows if each.state is State.COMPLETED]
        problems += [
            f"{each} was told finished {finished.count(each)} times"
            for each in completed
            if finished.count(each) != 1
        ]
        problems += [
            f"download {each.id} is {each.state}, {each.error}" for each in rows if each.state is State.FAILED
        ]
        log = self.session.directory / "worker.log"
        if log.exists() and "Traceback" in (text := log.read_text()):
            problems.append(text)
        return problems

    def close(self) -> None:
        """Stop the worker; take the objects off the server."""
        self.control.close()
        for each in set(self._routes):
            self.server.remove(each)


def _digests(contents: Mapping[str, set[bytes]], *, but: set[str]) -> dict[str, set[str]]:
    """Return the digests of what may lie under each name."""
    return {
        name: {hashlib.sha256(each).hexdigest() for each in some}
        for name, some in contents.items()
        if name not in but
    }
