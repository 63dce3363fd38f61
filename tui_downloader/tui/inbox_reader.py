"""The inbox as the feed reads it: how much of it is unread, and its newest outcomes.

Owns the counting: the journal is counted once, then what the feed reads anyway is added. Lives on the feed's
thread; must never touch a widget.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_downloader.model.events import Event, is_outcome
from tui_downloader.session.overview import INBOX
from tui_downloader.session.session import Session
from tui_downloader.tui.happening import Happening

INBOX_OUTCOMES = 1000
"""Most outcomes that the inbox shows."""


@dataclass(frozen=True, slots=True)
class InboxPage:
    """What the inbox shows."""

    happenings: tuple[Happening, ...] = ()
    """The last outcomes, newest first, with their downloads."""
    mark: int = 0
    """Sequence number of the last event that was read."""


class InboxReader:
    """Counts what is unread, and reads the newest outcomes while somebody looks at them."""

    def __init__(self, session: Session) -> None:
        """Begins without having read anything.

        Args:
            session: Where to read.
        """
        self._session = session
        self._mark: int | None = None
        self._position = 0
        self._changed = True
        self.unread = 0
        """How many outcomes lie behind the mark."""
        self._is_shown = False

    def begin(self, position: int) -> None:
        """Counts what is unread up to an event, the last one that was read."""
        self._position = position
        self._mark = None
        self._count(())

    def heard(self, events: Sequence[Event]) -> None:
        """Takes in the events that follow the last ones; none if only the mark may have moved."""
        self._count(events)
        if events:
            self._position = events[-1].sequence

    def show(self, *, is_open: bool) -> None:
        """Notes whether somebody looks at it: they get all of it at once, then what changes."""
        self._is_shown = self._changed = is_open

    def news(self) -> InboxPage | None:
        """Returns the newest outcomes if somebody looks at them and something changed; `None` otherwise."""
        if not self._is_shown or not self._changed:
            return None
        self._changed = False
        events = self._session.outcomes(limit=INBOX_OUTCOMES)
        rows = self._session.find(sorted({each.download_id for each in events if each.download_id is not None}))
        happenings = tuple(Happening(each, rows.get(each.download_id or 0)) for each in events)
        return InboxPage(happenings, self._session.cursor(INBOX))

    def _count(self, events: Sequence[Event]) -> None:
        """Adds new outcomes to the count; counts anew if the mark moved, here or on another screen."""
        mark = self._session.cursor(INBOX)
        if mark != self._mark:
            self._mark, self._changed = mark, True
            self.unread = self._session.count_outcomes(after=mark, up_to=self._position)
        new = sum(is_outcome(each) for each in events if each.sequence > mark)
        self.unread += new
        self._changed = self._changed or bool(new)
