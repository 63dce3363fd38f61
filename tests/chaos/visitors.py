"""Screens and command lines that come and go during a storm, and whoever kills workers.

Owns their threads. Each looks for what must never be: a traceback, an exit code that means a defect, output that
cannot be read.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread

from tests.chaos.listener import CommandLineListener, ReplayListener
from tests.end_to_end.home import Home
from tests.end_to_end.terminal import Terminal
from tui_downloader.errors import TuidlError

_KEYS = ("j", "k", "\t", "/bin\x1b", "i", "\x1b", "G", "g", "v", "p", "r", " ", "?", "\x1b", "2", "1")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
_KILL_SECONDS = (0.6, 3.0)


class Visitors:
    """Threads that use the session until `leave`."""

    def __init__(self, home: Home, seed: int) -> None:
        """Prepare; nobody comes before `come`."""
        self.home = home
        self.lines = CommandLineListener(home.command_line)
        self.replay = ReplayListener(home.session)
        self.problems: list[str] = []
        """What they met."""
        self.counts: dict[str, int] = {}
        """How often each kind came."""
        self._lock = Lock()
        self._leaving = Event()
        self._threads = [
            Thread(target=self._repeat, args=(name, random.Random(f"{seed} {name}"), what, pause), name=name)
            for name, what, pause in self._trades()
        ]

    def _trades(self) -> Sequence[tuple[str, Callable[[random.Random], None], tuple[float, float]]]:
        """Return who comes: a name, what it does, how long it stays away (at least, at most)."""
        return (
            ("kill", self._kill, _KILL_SECONDS),
            ("screen", self._screen, (0.1, 1.0)),
            ("command line", self._command, (0.0, 0.5)),
            ("events", self.lines.visit, (0.0, 0.7)),
            ("replay", self.replay.visit, (0.0, 0.4)),
        )

    def come(self) -> None:
        """Begin."""
        for each in self._threads:
            each.start()

    def leave(self) -> None:
        """End, and wait until the last is gone."""
        self._leaving.set()
        for each in self._threads:
            each.join()

    def _repeat(
        self, name: str, chance: random.Random, what: Callable[[random.Random], None], pause: tuple[float, float]
    ) -> None:
        """The thread of one kind of visitor."""
        while not self._leaving.wait(chance.uniform(*pause)):
            try:
                what(chance)
            except (AssertionError, OSError, ValueError, TuidlError) as error:
                self._say(f"{name}: {type(error).__name__}: {error}")
            with self._lock:
                self.counts[name] = self.counts.get(name, 0) + 1

    def _say(self, problem: str) -> None:
        with self._lock:
            self.problems.append(problem)

    # ------------------------------------------------------------------------------------------------ what they do

    def _kill(self, _chance: random.Random) -> None:
        """Kill the worker, if one runs."""
        status = self.home.session.worker_status()
        if status.running and status.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(status.pid, signal.SIGKILL)

    def _command(self, chance: random.Random) -> None:
        """Call one command."""
        rows = self.home.session.snapshots()
        ids = [str(each.id) for each in chance.sample(rows, min(3, len(rows)))]
        match chance.choice(("list", "wait", "pause", "failed", "show", "events", "resume")):
            case "list":
                json.loads(self._call("list", "--json", codes=(0,)))
            case "wait":
                self._call("wait", "--timeout", "1", codes=(0, 1, 3))
            case "pause" if ids:
                self._call("pause", *ids, codes=(0,))
                self._call("resume", *ids, codes=(0,))
            case "show" if ids:
                self._call("show", ids[0], codes=(0,))
            case "events":
                self._call("events", codes=(0,))
            case "resume":
                self._call("resume", "--all", codes=(0,))
            case _:
                self._call("resume", "--failed", codes=(0,))

    def _call(self, *words: str, codes: tuple[int, ...]) -> str:
        result = self.home.command_line(*words)
        if result.code not in codes:
            self._say(f"tuidl {' '.join(words)} ended with {result.code}: {result.err}")
        return result.out

    def _screen(self, chance: random.Random) -> None:
        """Open a screen, press keys, and leave it or kill it."""
        with self.home.terminal() as terminal:
            ends_at = time.monotonic() + chance.uniform(0.2, 3.0)
            while time.monotonic() < ends_at and terminal.process.poll() is None:
                terminal.send(chance.choice(_KEYS))
                time.sleep(chance.uniform(0.02, 0.3))
            if chance.random() < 0.5:
                terminal.kill()
            else:
                self._quit(terminal)
            if b"Traceback" in terminal.raw:
                text = _CONTROL.sub("", terminal.raw.decode("utf-8", "replace"))
                self._say(f"screen: {text[text.rindex('Traceback') :][:4000]}")

    @staticmethod
    def _quit(terminal: Terminal) -> None:
        """Leave it as a user does: out of whatever is open, then q."""
        for _ in range(60):
            if terminal.process.poll() is not None:
                return
            with contextlib.suppress(OSError):
                terminal.send("\x1b")
                time.sleep(0.5)  # read together they are Alt+q
                terminal.send("q")
            time.sleep(0.5)
        terminal.kill()
        raise AssertionError(f"the screen does not end:\n{terminal.text}")
