"""Many different verbs in the same moment where nothing is yet, and while the session is removed.

Owns the rounds and what must come of them. By hand: `python -m tests.chaos.beginnings [ROUNDS [SEED]]`. Each round
has a state directory of its own that is not there before. In the end every line was answered or explained, there
was one worker, and nothing that was added is missing.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.checks import journal_problems, state_problems
from tests.chaos.races import workers_of
from tests.chaos.starter import Starter
from tests.cli.command_line import CommandLine, Result
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import State
from tui_downloader.paths import STATE_FILE

SETTINGS = "retry_first_seconds = 0.05\nworker_idle_seconds = 20.0\n"
SESSION = "test"
"""The session of every round."""
ADDS = 6
"""How many files a round adds."""
_SIZE = 30_000

_LOOKS: dict[str, frozenset[int]] = {
    "list --json": frozenset({0}),
    "wait --timeout 30 --json": frozenset({0}),
    "events --json": frozenset({0}),
    "sessions --json": frozenset({0}),
    "doctor": frozenset({0, 1}),
    "show 1 --json": frozenset({0, 4}),
    "path 1": frozenset({0, 1, 4}),
    "pause 99": frozenset({4}),
    "resume --failed": frozenset({0}),
    "limit 50M": frozenset({0}),
    "verify": frozenset({0}),
}
"""Verbs that neither add nor remove, and how each may end."""
_REMOVAL = "sessions remove test --force"
_EXPLAINED = frozenset({4, 5})
"""Codes with which anything may end while the session is removed: there is none, or it cannot be used just now."""


class Round:
    """One beginning, in a state directory of its own."""

    def __init__(self, root: Path, server: FaultServer, *, removals: int = 0) -> None:
        """Prepare; nothing is there yet.

        Args:
            root: An empty directory.
            server: Where the files come from.
            removals: How many lines remove the session.
        """
        self.control = SessionControl(root, SESSION)
        self.contents = {f"{number}.bin": body(number, _SIZE) for number in range(ADDS)}
        self.urls = [server.add(f"/{name}", Resource(content)) for name, content in self.contents.items()]
        self._removals = removals

    def run(self, starter: Starter, chance: random.Random) -> list[str]:
        """Have everything done at once; return what was wrong."""
        lines = [*self._adds(), *_LOOKS, *([_REMOVAL] * self._removals)]
        chance.shuffle(lines)
        options = ["--state-dir", str(self.control.root / "state"), "-s", SESSION]
        place = self.control.root / "said"
        place.mkdir()
        results = starter.run(
            place, [[*line.split(), *(options[: 2 if line == _REMOVAL else 4])] for line in lines]
        )
        workers = workers_of(self.control)
        problems = [f"{len(workers)} workers"] if len(workers) > 1 else []
        for line, result in zip(lines, results, strict=True):
            problems += self._problems_of_ending(line, result)
        removed = any(line == _REMOVAL and each.code == 0 for line, each in zip(lines, results, strict=True))
        problems += self._problems_of_removed() if removed else self._problems_of_whole(lines, results)
        return problems

    def _adds(self) -> list[str]:
        return [f"add --json -d {self.control.downloads} {url}" for url in self.urls]

    def _problems_of_ending(self, line: str, result: Result) -> list[str]:
        """Look at how one line ended."""
        allowed = _LOOKS.get(line, frozenset({0})) | (_EXPLAINED if self._removals else frozenset())
        is_unforeseen = "unexpected" in result.err or "Traceback" in result.err
        if result.code not in allowed or is_unforeseen or (result.code and not (result.err + result.out).strip()):
            return [f"{line.partition(' -d')[0]} ended with {result.code}: {result.err}"]
        return []

    def _problems_of_whole(self, lines: Sequence[str], results: Sequence[Result]) -> list[str]:
        """Look at a session that nobody removed: all that was added comes, by one worker."""
        control, session = self.control, self.control.session
        ids = sorted(
            int(str(each["id"]))
            for line, result in zip(lines, results, strict=True)
            if line.startswith("add") and result.code == 0
            for each in result.objects()
        )
        if ids != list(range(1, len(ids) + 1)):
            return [f"the ids are {ids}"]
        for each in ids:
            control.wait_for(each, State.COMPLETED)
        problems = self._problems_of_files(ids)
        log = (session.directory / "worker.log").read_text() if ids else ""
        if (begun := log.count(" begins, version")) != bool(ids) and not self._removals:
            problems.append(f"{begun} workers began")
        problems += journal_problems(session.events())
        return problems + self._problems_in_the_end()

    def _problems_of_removed(self) -> list[str]:
        """Look at a session that was removed while others added: it can be used as before."""
        for each in self.control.add(*self.urls):
            self.control.wait_for(each, State.COMPLETED)
        return self._problems_in_the_end()

    def _problems_of_files(self, ids: Sequence[int]) -> list[str]:
        """Compare the files with what was served."""
        problems = []
        for each in ids:
            row = self.control.row(each)
            if row.path is None or row.path.read_bytes() != self.contents[str(row.url).rpartition("/")[2]]:
                problems.append(f"download {each} has wrong bytes")
        return problems

    def _problems_in_the_end(self) -> list[str]:
        """Stop the worker, and look at what lies on disk."""
        control = self.control
        control.close()
        wait_until(lambda: not workers_of(control), what="the workers' end")
        log = (control.session.directory / "worker.log").read_text()
        problems = [log[log.index("Traceback") :]] if "Traceback" in log else []
        problems += state_problems(control.session.directory / STATE_FILE)
        return problems + [
            f"{each.name} is stray" for each in control.downloads.iterdir() if each.suffix != ".bin"
        ]


def run(root: Path, rounds: int, seed: int) -> list[str]:
    """Run rounds, every second one with removals; return what was wrong.

    Args:
        root: An empty directory.
        rounds: How many.
        seed: Draws the order of the lines.
    """
    settings = root / "settings.toml"
    settings.write_text(SETTINGS)
    chance, wrong = random.Random(seed), list[str]()
    with FaultServer() as server, Starter(CommandLine(root)) as starter:
        for number in range(rounds):
            place = root / f"round-{number}"
            place.mkdir()
            began = time.monotonic()
            one = Round(place, server, removals=2 * (number % 2))
            try:
                problems = one.run(starter, chance)
            except AssertionError as error:
                problems = [str(error)]
            finally:
                one.control.close()
            took = time.monotonic() - began
            print(f"round {number}: {took:.1f} s {'; '.join(problems) or 'ok'}", flush=True)
            wrong += [f"round {number}: {each}" for each in problems]
    return wrong


def main() -> int:
    """Run rounds; say what was wrong."""
    rounds, seed = (*map(int, sys.argv[1:]), *(40, 1)[len(sys.argv) - 1 :])[:2]
    with tempfile.TemporaryDirectory() as directory:
        wrong = run(Path(directory), rounds, seed)
    print(f"{rounds} rounds, {len(wrong)} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
