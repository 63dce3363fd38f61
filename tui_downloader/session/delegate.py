"""The delegate: what a front end implements to hear what happened to its downloads.

Owns the protocol and the delivery of each event to at most one of its methods. Must never acknowledge an event
before a delegate has handled it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind

CompletionHandler = Callable[[], None]
"""Called once, after the last replayed event was handled: commits the client's cursor."""


class SessionDelegate(Protocol):
    """Hears of a session's downloads; events come in order, at least once, each with its sequence number.

    The model is URLSession's delegate. `download` is the row as it is now, not as it was when the event happened;
    it is `None` when the row has been pruned since. Who inherits from this hears of what it overrides.
    """

    def did_receive_response(self, download: Download | None, event: Event) -> None:
        """A response's header came, or the name changed (`response-received`, `renamed`)."""
        return

    def did_write_data(self, download: Download) -> None:
        """Bytes arrived; live only, never replayed."""
        return

    def did_resume_at_offset(self, download: Download | None, event: Event, offset: int) -> None:
        """An attempt began at that byte (`started`, `resumed`, `started-over`)."""
        return

    def did_finish_downloading(self, download: Download | None, event: Event, path: Path) -> None:
        """The file is complete and lies at that path (`finished`)."""
        return

    def did_complete_with_error(self, download: Download | None, event: Event) -> None:
        """An attempt ended without the file (`waiting`, `paused`, `failed`, `cancelled`, `removed`, `gap`).

        Or the file is there, and a hook went wrong (`hook-failed`).
        """
        return

    def did_finish_events(self, identifier: str, completion_handler: CompletionHandler) -> None:
        """All events up to now were delivered; call the handler once to acknowledge them, as this one does."""
        completion_handler()


def deliver(event: Event, download: Download | None, delegate: SessionDelegate) -> None:
    """Hands one event to the method of the delegate that is meant for its kind.

    Args:
        event: The event.
        download: Its download as it is now; `None` if it is gone.
        delegate: Who hears of it.
    """
    match event.kind:
        case EventKind.RESPONSE_RECEIVED | EventKind.RENAMED:
            delegate.did_receive_response(download, event)
        case EventKind.STARTED | EventKind.RESUMED | EventKind.STARTED_OVER:
            delegate.did_resume_at_offset(download, event, int(event.fields.get("offset") or 0))
        case EventKind.FINISHED:
            delegate.did_finish_downloading(download, event, Path(str(event.fields["path"])))
        case EventKind.PRUNED:
            pass  # it was heard of when it finished; that its row left the list long after is no news
        case _:
            delegate.did_complete_with_error(download, event)
