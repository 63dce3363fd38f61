"""Screens and command lines that give random verbs on the same downloads, all at once, as real processes.

Owns the crowd. By hand: `python -m tests.chaos.crowd [VERBS [SEED]]`. In the end every verb was answered or
explained, every file that was not removed has the right bytes, and no process has shown a traceback.
"""

from __future__ import annotations

import contextlib
import random
import sys
import tempfile
import time
from pathlib import Path
from threading import Lock, Thread

from tests.chaos.checks import journal_problems
from tests.end_to_end.home import Home
from tests.end_to_end.terminal import Terminal
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace
from tests.support.session_control import wait_until
from tui_downloader.model.lifecycle import State

SCREENS, COMMAND_LINES = 2, 3
SIZE = 2_000_000
_VERBS = (
    "pause",
    "resume",
    "resume",
    "resume",
    "cancel",
    "limit",
    "move",
    "remove",
    "pause --all",
    "resume --all",
)
_KEYS = ("p", "r", "x", "J", "K", "P", "R", "d", "j", "k", "G", "g", " ")
_REMOVALS = 0.1
"""How often a removal that was drawn is carried out: few downloads are there."""


class Crowd:
    """One run."""

    def __init__(self, root: Path, server: FaultServer, *, files: int = 10) -> None:
        """Begin the downloads."""
        self.home = Home(root)
        self.problems: list[str] = []
        self.counts: dict[str, int] = {}
        self._lock = Lock()
        self._left = 0
        self.contents = {f"{number}.bin": body(number, SIZE) for number in range(files)}
        urls = [
            server.add(f"/{name}", Resource(content), faults=[Pace(400_000)])
            for name, content in self.contents.items()
        ]
        self.ids = self.home.control.add(*urls)

    def run(self, verbs: int, seed: int) -> list[str]:
        """Let the command lines give so many verbs while the screens press keys; return what was wrong."""
        self._left = verbs
        chances = [random.Random(f"{seed} {number}") for number in range(SCREENS + COMMAND_LINES)]
        threads = [Thread(target=self._screen, args=(each,)) for each in chances[:SCREENS]]
        threads += [Thread(target=self._commands, args=(each,)) for each in chances[SCREENS:]]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self._settle()
        return self.problems + self._wrong_in_the_end()

    def _takes(self, kind: str, *, cost: int) -> bool:
        """Tell whether there is still a verb to be given, and count it.

        Args:
            kind: Who gives it.
            cost: How many of the verbs it is: a key is none, or a dozen a second would leave nothing to others.
        """
        with self._lock:
            is_left = self._left > 0
            self._left -= cost
            self.counts[kind] = self.counts.get(kind, 0) + is_left
            return is_left

    def _commands(self, chance: random.Random) -> None:
        """One command line after the other."""
        while self._takes("command line", cost=1):
            verb, *rest = chance.choice(_VERBS).split()
            some = [str(each) for each in chance.sample(self.ids, chance.randrange(1, 4))]
            if verb == "remove" and chance.random() > _REMOVALS:
                verb = "resume"
            words = {"limit": ["limit", "900k", *some], "move": ["move", chance.choice(("up", "last")), *some]}
            arguments = [verb, *rest] if rest else words.get(verb, [verb, *some])
            try:
                done = self.home.command_line(*arguments)
            except AssertionError as error:
                self.problems.append(str(error))
                continue
            if done.code not in {0, 4}:
                self.problems.append(f"{' '.join(arguments)} ended with {done.code}: {done.err}")

    def _screen(self, chance: random.Random) -> None:
        """A screen on which keys are pressed."""
        with self.home.terminal() as terminal:
            terminal.wait_for_text(".bin")
            while self._takes("screen", cost=0):
                key = chance.choice(_KEYS)
                if key != "d" or chance.random() < _REMOVALS:
                    terminal.send(key)
                time.sleep(chance.uniform(0.05, 0.25))
            self._leave(terminal)
            if b"Traceback" in terminal.raw or terminal.process.returncode:
                self.problems.append(f"a screen ended with {terminal.process.returncode}: {terminal.text}")

    @staticmethod
    def _leave(terminal: Terminal) -> None:
        """Out of whatever is open, then quit."""
        for _ in range(100):
            if terminal.process.poll() is not None:
                return
            with contextlib.suppress(OSError):
                terminal.send("\x1b")
                time.sleep(0.2)
                terminal.send("q")
            time.sleep(0.3)

    def _settle(self) -> None:
        """Let everything that is left go on to its end."""
        session = self.home.session
        session.limit(sorted(session.find(self.ids)), None)
        session.resume(sorted(session.find(self.ids)))
        wait_until(
            lambda: all(each.state is State.COMPLETED for each in session.find(self.ids).values()),
            what="the end of all",
            seconds=180,
        )

    def _wrong_in_the_end(self) -> list[str]:
        """Look at what is left."""
        session = self.home.session
        problems = journal_problems(session.events())
        rows = session.snapshots()
        problems += [
            f"{each.id}: a verb was not acted on" for each in rows if each.acted_number < each.intent_number
        ]
        there = {each.name: each for each in self.home.downloads.iterdir()}
        wanted = {each.path.name for each in rows if each.path is not None}
        problems += [f"{name} is not there" for name in sorted(wanted - there.keys())]
        for name, path in there.items():
            if self.contents.get(name) != path.read_bytes():
                problems.append(f"{name} is stray or has wrong bytes")
        logs = [session.directory / "worker.log", self.home.root / "state" / "tuidl.log"]
        problems += [f"{each.name}: {each.read_text()[-3000:]}" for each in logs if _has_traceback(each)]
        return problems


def _has_traceback(log: Path) -> bool:
    return log.exists() and "Traceback" in log.read_text()


def main() -> int:
    """Run a crowd; say what was wrong."""
    verbs, seed = (*map(int, sys.argv[1:]), *(200, 1)[len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory() as directory, FaultServer() as server:
        crowd, began = Crowd(Path(directory), server), time.monotonic()
        try:
            problems = crowd.run(verbs, seed)
        finally:
            crowd.home.close()
        print(f"{crowd.counts}, {time.monotonic() - began:.1f} s: {'; '.join(problems) or 'ok'}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
