"""Command lines that begin in the same moment: a process that has loaded the program forks one for each.

Owns those processes. Each is a command line like any other, only without the hundred milliseconds of loading that
would keep them apart. Must never open a session itself: what is forked must find nothing open.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.cli.command_line import CommandLine, Result

_LEAD_SECONDS = 0.02
"""How far ahead the moment is: all must have been forked by then."""


class Starter:
    """The process that forks; use it as a context manager."""

    def __init__(self, home: CommandLine) -> None:
        """Start it; it is ready when it has answered for the first time."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.starter"],
            env=home.variables,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._pipes:
            each.close()
        self._process.wait(60)

    @property
    def _pipes(self) -> tuple[IO[str], IO[str]]:
        """Where it reads, and what it writes."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        return self._process.stdin, self._process.stdout

    def run(self, place: Path, lines: Sequence[Sequence[str]]) -> list[Result]:
        """Run command lines in the same moment; return how each ended.

        Args:
            place: An empty directory for what they print.
            lines: The words of each.
        """
        questions, answers = self._pipes
        print(json.dumps([str(place), lines]), file=questions, flush=True)
        codes = json.loads(answers.readline())
        return [
            Result(code, (place / f"{number}.out").read_text(), (place / f"{number}.err").read_text())
            for number, code in enumerate(codes)
        ]


def _load() -> None:
    """Load all that a command line may load."""
    import tui_downloader.cli
    import tui_downloader.doctor
    import tui_downloader.session
    import tui_downloader.state

    for package in (tui_downloader.cli, tui_downloader.doctor, tui_downloader.session, tui_downloader.state):
        for each in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(each.name)


def _begin(place: Path, number: int, words: list[str], at: float) -> int:
    """Fork one command line that waits for its moment; return its pid."""
    pid = os.fork()
    if pid:
        return pid
    with contextlib.suppress(BaseException):
        for descriptor, suffix in ((1, "out"), (2, "err")):
            os.dup2(os.open(place / f"{number}.{suffix}", os.O_WRONLY | os.O_CREAT, 0o600), descriptor)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.argv = ["tuidl", *words]
        from tui_downloader.cli.main import run

        while time.monotonic() < at:
            time.sleep(0.0002)
        run()  # ends the process
    os._exit(99)


def main() -> None:
    """Fork what a line of JSON asks for; answer with the exit codes."""
    _load()
    for line in sys.stdin:
        place, lines = json.loads(line)
        at = time.monotonic() + _LEAD_SECONDS
        pids = [_begin(Path(place), number, words, at) for number, words in enumerate(lines)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(each, 0)[1]) for each in pids]
        print(json.dumps(codes), flush=True)


if __name__ == "__main__":
    main()
