"""Looking ahead: what a server would say to a request, asked before anything is added.

Owns the asking and the taking of answers. The worker does the looking; nothing of it may stay in the state file
once the answer was read or is no longer wanted.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tui_downloader.model.download import Download
from tui_downloader.model.request import Request
from tui_downloader.session.session_file import SessionFile
from tui_downloader.state import downloads, probes

if TYPE_CHECKING:
    from tui_downloader.model.probe import ProbeAnswer


class LookAhead(SessionFile):
    """The part of a session that looks ahead."""

    def probe(self, requests: Sequence[Request]) -> list[int]:
        """Asks for a look at what each request would bring, and starts the worker; adds nothing.

        Args:
            requests: What would be downloaded, the most urgent first.

        Returns:
            One id each, in order; pass them to `probe_answers` or `withdraw_probes`.

        Raises:
            SessionUnusableError: The state file or the worker cannot be used.
        """
        with self._lock:
            now = time.time()
            with self._writer().transaction() as transaction:
                probes.prune(transaction, now=now)
                ids = probes.insert(transaction, requests, now=now)
            self.ensure_worker()
            return ids

    def probe_answers(self, ids: Iterable[int]) -> dict[int, ProbeAnswer]:
        """Takes the answers that have come to these probes, by id; each comes once."""
        wanted = set(ids)
        with self._lock:
            database = self._reader()
            if database is None or not wanted:
                return {}
            found = {each: answer for each, answer in probes.read_answers(database).items() if each in wanted}
        self.withdraw_probes(found)
        return found

    def withdraw_probes(self, ids: Iterable[int]) -> None:
        """Says that these probes are no longer wanted; nothing of them stays."""
        gone = list(ids)
        if gone and self.exists():
            with self._lock, self._writer().transaction() as transaction:
                probes.delete(transaction, gone)

    def downloads_of(self, urls: Sequence[str]) -> list[Download]:
        """Returns the downloads that were added with one of these URLs, the oldest first."""
        with self._lock:
            database = self._reader()
            return downloads.read_of_urls(database, urls) if database else []
