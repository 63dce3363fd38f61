"""Clients that acknowledge: what each was told, and whether that was every event, once and in order.

Owns the account of what arrived. A client that dies before it acknowledges is told again; whoever keeps the
numbers handles each event once.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Sequence
from threading import Lock

from tests.cli.command_line import CommandLine
from tui_downloader.model.events import Event
from tui_downloader.session.session import Session


class Account:
    """What one client was told."""

    def __init__(self, client: str) -> None:
        """Begin with nothing."""
        self.client = client
        """Its name."""
        self.last = 0
        """The last event that arrived."""
        self.acknowledged = 0
        """The last event of which it is certain that it was acknowledged."""
        self.problems: list[str] = []
        """What was told wrongly."""
        self._told: dict[int, object] = {}

    def take(self, events: Sequence[tuple[int, object]], *, complete: bool) -> None:
        """Take in what one visit was told.

        Args:
            events: Number and content, in order.
            complete: Whether the visit ended in order, having acknowledged all of it.
        """
        numbers = [number for number, _ in events]
        if numbers != list(range(numbers[0], numbers[-1] + 1)) if numbers else False:
            self.problems.append(f"{self.client}: not in order: {numbers}")
        if numbers and not self.acknowledged < numbers[0] <= self.last + 1:
            gist = f"told {numbers[0]} after {self.acknowledged} acknowledged and {self.last} told"
            self.problems.append(f"{self.client}: {gist}")
        for number, content in events:
            if self._told.setdefault(number, content) != content:
                self.problems.append(f"{self.client}: event {number} was told in two ways")
        self.last = max([self.last, *numbers])
        if complete and numbers:
            self.acknowledged = max(self.acknowledged, numbers[-1])

    def problems_in_the_end(self, events: list[Event]) -> list[str]:
        """Say what is wrong when all of the journal must have been told."""
        missing = [each.sequence for each in events if each.sequence not in self._told]
        more = [f"{self.client}: was never told {missing[:10]} ({len(missing)} events)"] if missing else []
        return self.problems + more


class CommandLineListener:
    """`tuidl events --client … --ack`, sometimes killed, sometimes with a pipe that breaks."""

    def __init__(self, command_line: CommandLine) -> None:
        """Begin with nothing told."""
        self.account = Account("lines")
        self._command_line = command_line
        self._lock = Lock()

    def visit(self, chance: random.Random | None) -> None:
        """Ask once; without `chance` nothing disturbs it."""
        with self._lock:
            words = self._command_line.argv("events", "--client", self.account.client, "--ack", "--json")
            fate = "whole" if chance is None else chance.choice(("whole", "whole", "broken", "killed"))
            variables, place = self._command_line.variables, self._command_line.directory
            reader, writer = os.pipe()
            with subprocess.Popen(
                words, stdout=writer, stderr=subprocess.DEVNULL, env=variables, cwd=place
            ) as made:
                os.close(writer)
                with os.fdopen(reader, "rb") as pipe:
                    if fate == "broken":
                        pipe.close()
                        made.wait()
                        return
                    if fate == "killed" and chance is not None:
                        try:
                            made.wait(chance.uniform(0.1, 0.6))
                        except subprocess.TimeoutExpired:
                            made.kill()
                    lines = pipe.read().split(b"\n")
            whole = [json.loads(line) for line in lines[:-1]]  # what a kill cuts has no end
            events = [(each["sequence"], each) for each in whole]
            if made.returncode == 0 or events:
                self.account.take(events, complete=made.returncode == 0)


class ReplayListener:
    """A program that uses the session's replay, and sometimes dies before it has called the completion handler."""

    def __init__(self, session: Session) -> None:
        """Begin with nothing told."""
        self.account = Account("replay")
        self._session = session
        self._lock = Lock()

    def visit(self, chance: random.Random | None) -> None:
        """Replay once; without `chance` to its end."""
        with self._lock:
            replay = self._session.begin_replay(self.account.client)
            fate = "whole" if chance is None else chance.choice(("whole", "whole", "unheard", "not acknowledged"))
            if fate == "unheard":
                return  # it died before it handled the first one
            if fate == "whole":
                replay.complete()
            told = [(each.sequence, (each.kind, each.download_id, each.at)) for each in replay.events]
            self.account.take(told, complete=fate == "whole")
