"""The look ahead, as the feed's thread does it: asks the session, collects answers, remembers what is known.

Owns what is asked for and not answered yet. Must never touch a widget: what is found is handed to whoever asked.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from textual.message import Message

from tui_downloader.errors import TuidlError
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session
from tui_downloader.tui.adding.findings import Finding, Look, memory_of

SILENCE_SECONDS = 10.0
"""When no answer at all has come for so long, none will."""

_log = logging.getLogger(__name__)


@dataclass
class LookedAhead(Message):
    """Something was found out about URLs before they are added."""

    findings: Mapping[str, Finding]
    """What is known now, by URL."""


Receive = Callable[[Message], object]
"""Takes a message; callable from any thread."""


class Lookout:
    """The looks of one form at a time; for the feed's thread alone."""

    def __init__(self, session: Session) -> None:
        """Begins without any.

        Args:
            session: The feed's.
        """
        self._session = session
        self._urls: dict[int, str] = {}
        self._findings: dict[str, Finding] = {}
        self._receive: Receive | None = None
        self._ends_at = 0.0

    def ask(self, requests: Sequence[Request], receive: Receive) -> None:
        """Says at once what the session remembers, then has the worker look.

        Args:
            requests: What would be added, the most urgent first.
            receive: Takes `LookedAhead`, now and later.
        """
        self._receive = receive
        memories = self._memories(requests)
        self._findings |= memories
        self._tell(memories)
        try:
            ids = self._session.probe(requests)
        except TuidlError:
            _log.info("nothing looks ahead", exc_info=True)
            self._tell({url: replace(each, look=Look.OVER) for url, each in memories.items()})
            return
        self._urls |= dict(zip(ids, (each.url for each in requests), strict=True))
        self._ends_at = time.monotonic() + SILENCE_SECONDS

    def read(self) -> None:
        """Hands on the answers that have come, and gives up when none come any more."""
        if not self._urls:
            return
        answers = self._session.probe_answers(self._urls)
        found = {}
        for probe_id, answer in answers.items():
            url = self._urls.pop(probe_id)
            found[url] = replace(self._findings.get(url, Finding()), look=Look.OVER, answer=answer)
        if answers:
            self._ends_at = time.monotonic() + SILENCE_SECONDS
        elif time.monotonic() > self._ends_at:
            found = {url: replace(self._findings[url], look=Look.OVER) for url in self._urls.values()}
            self._withdraw()
        self._findings |= found
        self._tell(found)

    def end(self) -> None:
        """Withdraws what is not answered: the form is gone."""
        self._receive = None
        self._findings.clear()
        self._withdraw()

    def _withdraw(self) -> None:
        ids = list(self._urls)
        self._urls.clear()
        self._session.withdraw_probes(ids)

    def _tell(self, findings: Mapping[str, Finding]) -> None:
        if findings and self._receive is not None:
            with contextlib.suppress(RuntimeError):  # the event loop was closed in this very moment
                self._receive(LookedAhead(dict(findings)))

    def _memories(self, requests: Sequence[Request]) -> dict[str, Finding]:
        """Returns what the session and the disk remember of each URL."""
        known: dict[str, list[Download]] = {}
        for download in self._session.downloads_of([each.url for each in requests]):
            known.setdefault(download.url, []).append(download)
        return {each.url: _memory(each, known.get(each.url, ())) for each in requests}


def _memory(request: Request, known: Sequence[Download]) -> Finding:
    """Says what is remembered of one URL; looks at the disk for its finished files."""
    there = [
        each for each in known if each.state is State.COMPLETED and each.path is not None and each.path.exists()
    ]
    return memory_of(request, known, now=time.time(), there=there)
