"""Looks at servers before anything is added: a few at a time, a few seconds each.

Owns those that are under way and those that wait for their turn. Must never write anything but an answer: no row
of a download, no event, no file.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.engine.probe import TOO_SLOW, Probe
from tui_downloader.engine.shared import Shared
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.probe import PROBE_SECONDS, ProbeAnswer
from tui_downloader.model.request import Request, log_url
from tui_downloader.state import probes
from tui_downloader.state.database import Database, Transaction
from tui_downloader.worker import names
from tui_downloader.worker.desk import Desk
from tui_downloader.worker.log import logger
from tui_downloader.worker.threads import Threads

AT_ONCE = 6
"""Most looks at the same time."""

NamesTaken = Callable[[str, int], Sequence[str]]
"""Returns the names that unfinished downloads hold in a directory."""

_NO_DOWNLOAD = 0


@dataclass(frozen=True, slots=True)
class _Look:
    """One look under way."""

    probe: Probe
    request: Request
    ends_at: float
    """Monotonic seconds."""


class Probing:
    """The looks of one worker; main thread only, but for what runs in threads."""

    def __init__(self, desk: Desk, names_taken: NamesTaken) -> None:
        """Begins without any."""
        self._desk = desk
        self._names_taken = names_taken
        self._threads = Threads("probe")
        self._waiting: dict[int, Request] = {}
        self._running: dict[int, _Look] = {}

    @property
    def busy(self) -> bool:
        """Whether any look is under way or waits for its turn."""
        return bool(self._waiting or self._running)

    def read(self, database: Database) -> None:
        """Takes in what front ends ask for, and stops what they no longer want."""
        wanted = probes.read_open(database, now=time.time())
        for probe_id in self._running.keys() - wanted.keys():
            self._running.pop(probe_id).probe.stop()
        self._waiting = {each: request for each, request in wanted.items() if each not in self._running}

    def supervise(self, shared: Shared, *, now: float) -> None:
        """Ends what takes too long, and begins what has its turn.

        Args:
            shared: What all transfers share.
            now: Monotonic seconds.
        """
        for probe_id, look in list(self._running.items()):
            look.probe.supervise(now=now)
            if now >= look.ends_at:
                look.probe.stop()  # one that hangs in a name look-up does not hear it
                self._desk.tell(lambda transaction, each=probe_id: self._end(transaction, each, TOO_SLOW))  # type: ignore[misc]  # mypy infers no defaults of a lambda
        for probe_id in list(self._waiting)[: AT_ONCE - len(self._running)]:
            self._begin(probe_id, self._waiting.pop(probe_id), shared, now=now)

    def close(self) -> None:
        """Stops everything."""
        for look in self._running.values():
            look.probe.stop()

    def _begin(self, probe_id: int, request: Request, shared: Shared, *, now: float) -> None:
        """Begins one look in a thread."""
        probe = Probe(request, shared)
        self._running[probe_id] = _Look(probe, request, now + PROBE_SECONDS)
        logger.info("a look at %s begins", log_url(request.url))
        self._threads.run(lambda: self._run(probe_id, probe))

    def _run(self, probe_id: int, probe: Probe) -> None:
        """The thread: looks, and hands in what was found."""
        try:
            found = probe.run()
        except Exception:  # noqa: BLE001 -- the supervisor's border: a defect of ours ends one look, not the worker
            logger.exception("a look broke")
            found = ProbeAnswer(reason=Reason.BAD_RESPONSE, error="the look broke; see the log")
        self._desk.tell(lambda transaction: self._end(transaction, probe_id, found))

    def _end(self, transaction: Transaction, probe_id: int, found: ProbeAnswer) -> None:
        """Writes an answer, unless there is one already or nobody wants it any more."""
        look = self._running.pop(probe_id, None)
        if look is not None:
            probes.answer(transaction, probe_id, self._placed(found, look.request), now=time.time())

    def _placed(self, found: ProbeAnswer, request: Request) -> ProbeAnswer:
        """Adds which other name the file would get, if its own is taken where it is to be saved."""
        directory = Path(request.directory)
        if found.filename is None:
            return found
        name = names.choose(directory, found.filename, taken=self._names_taken(str(directory), _NO_DOWNLOAD))
        return found if name == found.filename else dataclasses.replace(found, becomes=name)
