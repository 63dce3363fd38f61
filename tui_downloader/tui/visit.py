"""A visit: what happened before it, and when that is acknowledged.

Owns the completion handler: kept only for the own session, called once, then dropped. Must never touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.session.delegate import CompletionHandler
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.words import is_picture

AWAY_AFTER_SECONDS = 60.0
"""A terminal without the focus for longer counts as away."""


class Visit:
    """Collects what the user has not seen."""

    def __init__(self, identifier: str) -> None:
        """Begins a visit to a session.

        Args:
            identifier: The session's name; handlers of others are not kept.
        """
        self._identifier = identifier
        self._handler: CompletionHandler | None = None
        self._unfocused_at: float | None = None
        self.missed: list[Happening] = []
        """What happened while nobody watched, in order."""

    def begin(self, identifier: str, handler: CompletionHandler) -> None:
        """Keeps the completion handler of the own session."""
        if identifier == self._identifier:
            self._handler = handler

    def finish(self, identifier: str) -> bool:
        """Calls the completion handler and drops it; tells whether there was one to call."""
        handler, mine = self._handler, identifier == self._identifier
        if handler is None or not mine:
            return False
        self._handler = None
        handler()
        return True

    def focus(self, *, focused: bool, now: float) -> None:
        """Notes that the terminal got or lost the focus (monotonic seconds)."""
        self._unfocused_at = None if focused else now

    def is_away(self, *, now: float) -> bool:
        """Tells whether nobody has watched for more than a minute (monotonic seconds)."""
        return self._unfocused_at is not None and now - self._unfocused_at > AWAY_AFTER_SECONDS

    def take_missed(self) -> list[Happening]:
        """Returns what was missed, and forgets it."""
        missed, self.missed = self.missed, []
        return missed


def newest_picture(happenings: Sequence[Happening]) -> Download | None:
    """Returns the picture that finished last among these events and is still there; `None` if there is none."""
    for each in reversed(happenings):
        download = each.download
        if (
            each.event.kind is EventKind.FINISHED
            and download is not None
            and download.state is State.COMPLETED
            and is_picture(download)
        ):
            return download
    return None
