"""What the screen asks of the session: verbs wait in a queue for the feed's thread.

Owns the queue. Must never run anything itself: each method returns at once.
"""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from tui_downloader.errors import TuidlError
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session
from tui_downloader.tui.messages import ActionFailed, DownloadsAdded
from tui_downloader.tui.opening import open_apart

if TYPE_CHECKING:
    from tui_downloader.tui.lookout import Lookout, Receive

CLIENT = "screen"
"""The name under which all screens read the journal."""

Step = Callable[[], object]
"""Something the thread does; it may raise any error of this program."""

_log = logging.getLogger(__name__)


def after_mending(session: Session, step: Step) -> str | None:
    """Replaces a damaged state file, then runs the step again that met it.

    Returns:
        A sentence if that failed too.
    """
    try:
        session.mend()
        step()
    except TuidlError as error:
        return str(error)
    return None


class FeedVerbs:
    """The verbs of a session as the screen calls them."""

    def __init__(self, session: Session, *, limit_setting: int | None, preferences: Mapping[str, str]) -> None:
        """Begins with an empty queue.

        Args:
            session: Who carries the verbs out.
            limit_setting: What the settings file limits all downloads to, in bytes a second; `None` or 0 is none.
            preferences: What the session remembered before the screen opened.
        """
        self.preferences = preferences
        """What the session remembers of earlier visits and of this one, by name."""
        self._session = session
        self._limit_setting = limit_setting or None
        self._verbs: queue.SimpleQueue[Step | None] = queue.SimpleQueue()
        self._lookout: Lookout
        self._attending = False

    def _post(self, message: Message) -> None:
        """Posts a message to the screen."""
        raise NotImplementedError

    def attend(self, attending: bool) -> None:
        """Says whether this screen tells its user what happens; repeated until there is a session."""
        self._attending = attending
        self._verbs.put(self._attend)

    def _attend(self) -> None:
        """Says so in the session."""
        self._session.attend(attending=self._attending)

    def add(self, requests: Sequence[Request]) -> None:
        """Adds downloads; answered by `DownloadsAdded`."""
        self._verbs.put(lambda: self._post(DownloadsAdded(tuple(self._session.add(requests)))))

    def look_ahead(self, requests: Sequence[Request], receive: Receive) -> None:
        """Finds out what requests would bring, without adding them.

        Args:
            requests: What would be added, the most urgent first.
            receive: Takes `LookedAhead`, soon and later.
        """
        self._verbs.put(lambda: self._lookout.ask(requests, receive))

    def look_away(self) -> None:
        """Ends looking ahead."""
        self._verbs.put(lambda: self._lookout.end())  # noqa: PLW0108 -- the thread makes it when it starts

    def pause(self, ids: Sequence[int]) -> None:
        """Pauses downloads."""
        self._verbs.put(lambda: self._session.pause(ids))

    def resume(self, ids: Sequence[int], *, url: str | None = None) -> None:
        """Resumes downloads, or tries waiting ones now; one of them may go on from a new URL."""
        self._verbs.put(lambda: self._session.resume(ids, url=url))

    def cancel(self, ids: Sequence[int]) -> None:
        """Cancels downloads."""
        self._verbs.put(lambda: self._session.cancel(ids))

    def remove(self, ids: Sequence[int], *, delete_file: bool = False) -> None:
        """Removes downloads, and their finished files if asked."""
        self._verbs.put(lambda: self._session.remove(ids, delete_file=delete_file))

    def limit(self, ids: Sequence[int], bytes_per_second: int | None) -> None:
        """Limits the speed of each of these downloads; `None` takes the limit away."""
        self._verbs.put(lambda: self._session.limit(ids, bytes_per_second))

    def limit_all(self, bytes_per_second: int | None) -> None:
        """Limits the speed of all downloads together; what the settings say follows the settings from then on."""
        follows = bytes_per_second == self._limit_setting
        self._verbs.put(lambda: self._session.limit_all(None if follows else bytes_per_second or 0))

    def move(self, ids: Sequence[int], *, up: bool) -> None:
        """Moves queued downloads one place up or down the queue."""
        self._verbs.put(lambda: self._session.move(ids, up=up))

    def acknowledge(self, sequence: int) -> None:
        """Says that the events up to this one were seen."""
        self._verbs.put(lambda: self._session.acknowledge(CLIENT, sequence))

    def mark_read(self, sequence: int) -> None:
        """Moves the inbox's read-up-to mark forward to an event."""
        from tui_downloader.session.overview import INBOX

        self._verbs.put(lambda: self._session.acknowledge(INBOX, sequence))

    def remember(self, name: str, value: str) -> None:
        """Remembers something about the session until the next visit, if it is not remembered already."""
        if self.preferences.get(name) != value:
            self.preferences = {**self.preferences, name: value}
            self._verbs.put(partial(self._keep, name, value))

    def _keep(self, name: str, value: str) -> None:
        """Writes what is remembered; where that fails, nobody asked for it, so nobody is told."""
        try:
            self._session.set_preference(name, value)
        except TuidlError as error:
            _log.info("not remembered: %s: %s", name, error)

    def open(self, command: list[str], path: Path) -> None:
        """Opens a file or folder with the desktop's command; says so if that cannot."""
        self._verbs.put(lambda: open_apart(command, path, failed=lambda said: self._post(ActionFailed(said))))
