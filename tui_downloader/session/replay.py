"""Replay: what a client missed, in order, acknowledged exactly when its last event was handled.

Owns the hand-over. Killed before the completion handler was called, a client gets the same events again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_downloader.session.delegate import SessionDelegate, deliver

if TYPE_CHECKING:
    from tui_downloader.session.session import Session


class Replay:
    """The events since a client's cursor, as of its making."""

    def __init__(self, session: Session, client: str) -> None:
        """Reads the events; `Session.begin_replay` makes it."""
        self._session = session
        self._client = client
        self._done = False
        self.events = tuple(session.events(after=session.cursor(client)))
        """What the client has not acknowledged, in order."""

    def deliver(self, delegate: SessionDelegate) -> None:
        """Hands each event to its method of the delegate, then calls `did_finish_events`.

        Args:
            delegate: Who hears of them; it calls the completion handler once it has handled them all.
        """
        rows = self._session.find(sorted({each.download_id for each in self.events if each.download_id}))
        for event in self.events:
            deliver(event, rows.get(event.download_id or 0), delegate)
        delegate.did_finish_events(self._session.identifier, self.complete)

    def complete(self) -> None:
        """Commits the client's cursor at the last replayed event; a second call does nothing."""
        if self._done or not self.events:
            return
        self._session.acknowledge(self._client, self.events[-1].sequence)
        self._done = True
