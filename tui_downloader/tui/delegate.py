"""The screen's delegate: it hears of events on the feed's thread and passes them on as messages.

Owns batching. Must never acknowledge anything: that is the completion handler's.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.message import Message

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event
from tui_downloader.session.delegate import CompletionHandler, SessionDelegate
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.messages import EventsDelivered, EventsFinished

BATCH_EVENTS = 500
"""Most events in one message: a long replay leaves room for keys in between."""


class ScreenDelegate(SessionDelegate):
    """Posts what a session's downloads did, in order and in batches."""

    def __init__(self, post: Callable[[Message], object], *, replayed: bool) -> None:
        """Makes a delegate for one round of events.

        Args:
            post: Takes the messages; may be called from any thread.
            replayed: Whether the events happened while nobody watched.
        """
        self._post = post
        self._replayed = replayed
        self._batch: list[Happening] = []

    def did_receive_response(self, download: Download | None, event: Event) -> None:
        """A response's header came, or the name changed."""
        self._add(download, event)

    def did_write_data(self, download: Download) -> None:
        """Bytes arrived: nothing to do, they come with the next snapshot."""

    def did_resume_at_offset(self, download: Download | None, event: Event, offset: int) -> None:  # noqa: ARG002 -- the protocol's word; the event has it
        """An attempt began."""
        self._add(download, event)

    def did_finish_downloading(self, download: Download | None, event: Event, path: Path) -> None:  # noqa: ARG002 -- the protocol's word; the event has it
        """A file is complete."""
        self._add(download, event)

    def did_complete_with_error(self, download: Download | None, event: Event) -> None:
        """An attempt ended without the file."""
        self._add(download, event)

    def did_finish_events(self, identifier: str, completion_handler: CompletionHandler) -> None:  # noqa: ARG002 -- the screen got it with BackgroundSessionUpdated
        """All replayed events were delivered."""
        self.flush()
        self._post(EventsFinished(identifier))

    def flush(self) -> None:
        """Posts what is left."""
        if self._batch:
            self._post(EventsDelivered(tuple(self._batch), self._replayed))
            self._batch.clear()

    def _add(self, download: Download | None, event: Event) -> None:
        """Keeps an event until the batch is full."""
        self._batch.append(Happening(event, download))
        if len(self._batch) >= BATCH_EVENTS:
            self.flush()
