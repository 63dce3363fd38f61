"""Front ends in processes of their own that do what they are told at the same moment.

Owns the processes. An actor holds one session open, as a screen or a script does. Must never do anything unasked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tui_downloader.errors import TuidlError
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session

ROOT = Path(__file__).parents[2]
"""Where package and tests lie."""

Answer = dict[str, object]
"""What an actor answers: `said`, the sentence of an error of this program; `pid`, the worker's."""


class Actors:
    """Some processes with the same session."""

    def __init__(self, count: int, session: Session) -> None:
        """Start them; they open the session when they are first asked."""
        state = session.directory.parents[1]
        command = [sys.executable, "-m", "tests.chaos.actors", str(state), session.identifier]
        self._processes = [
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            for _ in range(count)
        ]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in self._processes:
            assert each.stdin is not None
            each.stdin.close()
        for each in self._processes:
            each.wait(60)
            assert each.stdout is not None
            assert each.stderr is not None
            each.stdout.close()
            each.stderr.close()

    def ask(self, words: Sequence[object], *, lead_seconds: float = 0.05) -> list[Answer]:
        """Have all do the same at the same moment; return their answers.

        Args:
            words: A verb and what it needs.
            lead_seconds: How far ahead that moment is: the words must have reached everybody.
        """
        line = json.dumps([time.time() + lead_seconds, *words])
        for each in self._processes:
            assert each.stdin is not None
            each.stdin.write(f"{line}\n")
            each.stdin.flush()
        return [self._answer(each) for each in self._processes]

    @staticmethod
    def _answer(process: subprocess.Popen[str]) -> Answer:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            assert process.stderr is not None
            raise AssertionError(f"an actor died: {process.stderr.read()}")
        answer = json.loads(line)
        assert isinstance(answer, dict)
        return answer


def _act(session: Session, verb: str, arguments: Sequence[object]) -> Answer:
    """Do one thing."""
    try:
        match verb, *arguments:
            case ("launch",):
                session.ensure_worker()
            case ("add", str(url), str(directory)):
                request = Request(url=url, directory=Path(directory), added_by="actor")
                session.add([request], again=True)
            case ("pause" | "resume" | "cancel" | "remove", int(download_id)):
                getattr(session, verb)([download_id])
            case _:
                raise AssertionError(verb)
        return {"pid": session.worker_status().pid, "self": os.getpid()}
    except TuidlError as error:
        return {"said": str(error), "kind": type(error).__name__}


def main() -> None:
    """Act: a line of JSON tells when, what and with what; a line answers."""
    session = Session(sys.argv[2], state_directory=Path(sys.argv[1]))
    session.snapshots()
    for line in sys.stdin:
        at, verb, *arguments = json.loads(line)
        while time.time() < at:
            time.sleep(0.0002)
        print(json.dumps(_act(session, verb, arguments)), flush=True)
    session.close()


if __name__ == "__main__":
    main()
