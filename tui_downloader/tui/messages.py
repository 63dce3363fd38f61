"""What the feed tells the screen.

Owns the messages that cross from the feed's thread to the UI thread. Must never carry anything that can change.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from tui_downloader.model.events import Event
from tui_downloader.session.delegate import CompletionHandler
from tui_downloader.session.session import Added
from tui_downloader.settings import Settings
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.snapshot import Snapshot

if TYPE_CHECKING:  # what makes them is loaded after the first frame
    from tui_downloader.tui.inbox_reader import InboxPage


@dataclass
class SnapshotRead(Message):
    """The session changed; a later one makes an earlier one needless."""

    snapshot: Snapshot
    """The newest the feed knows."""

    def can_replace(self, message: Message) -> bool:
        """Tells whether a waiting message says all that this one says."""
        return isinstance(message, SnapshotRead)


@dataclass
class BackgroundSessionUpdated(Message):
    """Events of a session wait to be replayed; they follow, then `EventsFinished`."""

    identifier: str
    """Which session."""
    completion_handler: CompletionHandler
    """To be called once, after the last replayed event was handled."""


@dataclass
class EventsDelivered(Message):
    """Events happened, in order."""

    happenings: tuple[Happening, ...]
    """The events with their downloads."""
    replayed: bool
    """Whether they happened while nobody watched; those are acknowledged by the completion handler."""


@dataclass
class EventsFinished(Message):
    """The last replayed event was delivered."""

    identifier: str
    """Of which session."""


@dataclass
class HistoryRead(Message):
    """The events of the watched download were read."""

    download_id: int
    """Which download."""
    events: tuple[Event, ...]
    """Its last events, in order."""


@dataclass
class InboxRead(Message):
    """The inbox was read, or changed while it is open; a later one makes an earlier one needless."""

    page: InboxPage
    """What it shows."""

    def can_replace(self, message: Message) -> bool:
        """Tells whether a waiting message says all that this one says."""
        return isinstance(message, InboxRead)


@dataclass
class DownloadsAdded(Message):
    """Downloads were added."""

    added: tuple[Added, ...]
    """One answer for each request."""


@dataclass
class DownloadsEnded(Message):
    """A burst of downloads has ended, well or not; the main screen says so."""

    sentences: tuple[str, ...]
    """What is told of it, safe to print."""


@dataclass
class ActionFailed(Message):
    """Something that was asked for could not be done."""

    sentence: str
    """Why, safe to print."""


@dataclass
class DirectoryChosen(Message):
    """The settings name another directory to save in."""

    directory: Path
    """Which."""


@dataclass
class OrderChosen(Message):
    """Another screen of the session sorts its list in another way."""

    order: str
    """As it is remembered."""


@dataclass
class SettingsRead(Message):
    """The settings file has changed, and can be used."""

    settings: Settings
    """What it says now."""
