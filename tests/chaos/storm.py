"""A storm: many files from servers that do everything wrong, workers that are killed, visitors that come and go.

Owns one run from the empty directory to the verdict. In the end every file is there with the bytes of one
version, nothing else lies around, each event was told once to who acknowledges, and a worker holds no more than at
its start.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.checks import (
    Holdings,
    folder_problems,
    holdings,
    journal_problems,
    processes_about,
    state_problems,
)
from tests.chaos.visitors import Visitors
from tests.chaos.weather import Planned, plan
from tests.end_to_end.home import Home
from tests.support.certificates import make_certificates
from tests.support.fault_server import FaultServer
from tests.support.session_control import WAIT_SECONDS, wait_until
from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.paths import STATE_FILE

_SETTINGS = """directory = "{directory}"
downloads_at_once = 8
retry_first_seconds = 0.05
retry_cap_seconds = 1.0
offline_probe_seconds = 0.3
minimum_speed_seconds = 1.0
restarts_max = 100
worker_idle_seconds = {idle}
"""
_ADDED_AT_ONCE = 10
_CALM_SECONDS = 300.0
"""How long the rest may take once nobody kills any more."""
_WORKER_MORE = Holdings(descriptors=12, threads=16, memory_bytes=6 * 1024 * 1024)
"""What a worker may hold beyond what it held after as many files before: connections kept for the next request,
threads kept for the next transfers."""
_SCREEN_MORE = Holdings(descriptors=16, threads=6, memory_bytes=48 * 1024 * 1024)
"""What a screen may hold beyond what it held when it was new, before it opened the state file and loaded all."""


@dataclass(slots=True)
class Verdict:
    """How a storm ended."""

    problems: list[str] = field(default_factory=list)
    """What was wrong; empty if nothing was."""
    told: list[str] = field(default_factory=list)
    """What happened, for people."""


class Storm:
    """One run, in a directory of its own."""

    def __init__(self, seed: int, files: int) -> None:
        """Plan it.

        Args:
            seed: Draws files, faults and visitors; what is left to chance is time.
            files: How many files.
        """
        self.verdict = Verdict()
        self._seed = seed
        self._plan = plan(seed, files)
        self._root = Path(tempfile.mkdtemp(prefix="tuidl-storm-"))
        certificates = make_certificates()
        certificates.write_authority(self._root / "authority.pem")
        self._servers = (FaultServer(), FaultServer(certificates))
        self._home = Home(self._root)
        self._served: list[Planned] = []
        self._write_settings(idle=0.2)

    def run(self, *, seconds: float) -> Verdict:
        """Run it.

        Args:
            seconds: How long workers are killed, at least until all files have been added and at most until they
                are there.
        """
        with _environment(TUIDL_CONFIG=str(self._root / "settings.toml"), SSL_CERT_FILE=str(self._authority)):
            try:
                self._rage(seconds)
                self._calm_down()
                self._look_at_a_worker()
            except AssertionError as error:
                self.verdict.problems.append(f"{error}")
                self.verdict.told.append(f"left in {self._root}")
            finally:
                self._end()
        if not self.verdict.problems:
            shutil.rmtree(self._root)
        return self.verdict

    @property
    def _authority(self) -> Path:
        return self._root / "authority.pem"

    def _write_settings(self, *, idle: float) -> None:
        text = _SETTINGS.format(directory=self._home.downloads, idle=idle)
        (self._root / "settings.toml").write_text(text)

    # ------------------------------------------------------------------------------------------------- the phases

    def _rage(self, seconds: float) -> None:
        """Add all files, a few at a time, while workers die and visitors come."""
        visitors, began = Visitors(self._home, self._seed), time.monotonic()
        visitors.come()
        try:
            with self._watched_screen():
                self._add_all(seconds=seconds, began=began)
                while time.monotonic() - began < seconds and not self._all_are_there():
                    time.sleep(0.2)
        finally:
            visitors.leave()
        self._visitors = visitors
        self.verdict.problems += visitors.problems
        visits = ", ".join(f"{count} × {name}" for name, count in sorted(visitors.counts.items()))
        done = sum(each.state is State.COMPLETED for each in self._home.session.snapshots())
        took = time.monotonic() - began
        self.verdict.told.append(f"{took:.0f} s: {visits}; {done} of {len(self._plan)} files there")

    @contextlib.contextmanager
    def _watched_screen(self) -> Iterator[None]:
        """Keep one screen open all the time; in the end it holds what it held when it was new."""
        with self._home.terminal() as screen:
            screen.wait_for(lambda: screen.shows_program, what="the screen")
            before = holdings(screen.process.pid)
            yield
            pid = screen.process.pid
            wait_until(lambda: holdings(pid).fits(before, _SCREEN_MORE), what=f"{before}, of a screen")
            self.verdict.told.append(f"a screen's: {before}, {holdings(screen.process.pid)}")

    def _add_all(self, *, seconds: float, began: float) -> None:
        """Add the files, a few at a time."""
        for start in range(0, len(self._plan), _ADDED_AT_ONCE):
            self._add(self._plan[start : start + _ADDED_AT_ONCE])
            self._wait_a_while(start + _ADDED_AT_ONCE, seconds=seconds, began=began)

    def _wait_a_while(self, added: int, *, seconds: float, began: float) -> None:
        """Wait before the next files: half of the time is for adding."""
        share = seconds / 2 * added / len(self._plan)
        while time.monotonic() - began < share:
            time.sleep(0.1)

    def _calm_down(self) -> None:
        """Nobody kills any more: what is left must come; then everything is looked at."""
        session, deadline = self._home.session, time.monotonic() + _CALM_SECONDS
        while not self._all_are_there():
            if time.monotonic() > deadline:
                left = [f"{each.id} {each.state} {each.error}" for each in self._unfinished()]
                raise AssertionError(f"not there after {_CALM_SECONDS:.0f} s of calm: {left}")
            at_rest = (State.FAILED, State.PAUSED)
            session.resume([each.id for each in self._unfinished() if each.state in at_rest])
            session.reconnect()
            time.sleep(0.5)
        self._home.wait_until_idle()
        for each in (self._visitors.lines, self._visitors.replay):
            each.visit(None)
            each.visit(None)
        events = session.events()
        self.verdict.problems += journal_problems(events)
        for each in (self._visitors.lines, self._visitors.replay):
            self.verdict.problems += each.account.problems_in_the_end(events)
        finished = sum(each.kind is EventKind.FINISHED for each in events)
        if finished != len(self._plan):
            self.verdict.problems.append(f"{finished} of {len(self._plan)} files were told finished")
        kinds = {kind: sum(each.kind is kind for each in events) for kind in EventKind}
        self.verdict.told.append(", ".join(f"{count} × {kind.value}" for kind, count in kinds.items() if count))

    def _look_at_a_worker(self) -> None:
        """See whether a worker that lived through bad weather holds what it held at its start."""
        self._write_settings(idle=600.0)
        count = max(12, len(self._plan) // 4)
        self._bring(plan(self._seed + 1, count, prefix="first"))
        pid, before = self._holdings()
        self._bring(plan(self._seed + 2, count, prefix="more"))
        with contextlib.suppress(AssertionError):
            wait_until(lambda: holdings(pid).fits(before, _WORKER_MORE), seconds=30)
        after = holdings(pid)
        self.verdict.told.append(f"a worker's holdings, before and after: {before}, {after}")
        if not after.fits(before, _WORKER_MORE):
            self.verdict.problems.append(f"a worker holds {after}, and held {before}")

    def _end(self) -> None:
        """Close everything, and see whether anything stays."""
        self._home.close()
        for each in self._servers:
            each.close()
        wanted = {each.name: {hashlib.sha256(one).hexdigest() for one in each.versions} for each in self._served}
        self.verdict.problems += folder_problems(self._home.downloads, wanted)
        self.verdict.problems += state_problems(self._home.session.directory / STATE_FILE)
        log = (self._home.session.directory / "worker.log").read_text()
        if "Traceback" in log:
            self.verdict.problems.append(log[log.index("Traceback") - 500 :][:4000])
        self.verdict.problems += [f"still there: {each}" for each in processes_about(self._root)]

    # --------------------------------------------------------------------------------------------------- its parts

    def _add(self, planned: Sequence[Planned]) -> list[int]:
        """Serve files and add them."""
        urls = []
        for each in planned:
            server = self._servers[each.is_https]
            urls.append(server.add(f"/{each.name}", each.resource, faults=each.faults))
        self._served += planned
        return self._home.control.add(*urls)

    def _bring(self, planned: Sequence[Planned]) -> None:
        """Add files and wait until they are there."""
        self._add(planned)
        deadline = time.monotonic() + WAIT_SECONDS + len(planned)
        while not self._all_are_there():
            assert time.monotonic() < deadline, [f"{each.id} {each.state}" for each in self._unfinished()]
            failed = [each.id for each in self._unfinished() if each.state is State.FAILED]
            self._home.session.resume(failed)
            time.sleep(0.1)

    def _holdings(self) -> tuple[int, Holdings]:
        """Return the live worker's pid and what it holds."""
        pid = self._home.control.worker_pid()
        return pid, holdings(pid)

    def _unfinished(self) -> list[Download]:
        return [each for each in self._home.session.snapshots() if each.state is not State.COMPLETED]

    def _all_are_there(self) -> bool:
        return not self._unfinished()


@contextlib.contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Set variables of this process for the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, text in before.items():
            os.environ.pop(name)
            if text is not None:
                os.environ[name] = text
