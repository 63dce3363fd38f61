"""What the feed's thread reads of a session, and what it tells the screen of it.

Owns the newest snapshot and how far each thing was read. Must never touch a widget, nor decide when to read: it
belongs to the feed's thread, but for the wishes that it is told of.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui_downloader.session.delegate import deliver
from tui_downloader.session.session import Changes, Session
from tui_downloader.tui.feed_verbs import CLIENT, FeedVerbs
from tui_downloader.tui.free_space import free_space
from tui_downloader.tui.limit_words import limit_in_force
from tui_downloader.tui.listing import Arrangement
from tui_downloader.tui.messages import (
    ActionFailed,
    BackgroundSessionUpdated,
    DirectoryChosen,
    HistoryRead,
    InboxRead,
    OrderChosen,
    SettingsRead,
    SnapshotRead,
)
from tui_downloader.tui.screen_settings import SettingsWatch, default_directory
from tui_downloader.tui.snapshot import Snapshot, Trouble, merged, with_older

if TYPE_CHECKING:
    from tui_downloader.tui.inbox_reader import InboxReader
    from tui_downloader.tui.watched import Watcher
    from tui_downloader.tui.worker_watch import WorkerWatch

SAMPLES = 40
"""How many seconds of speed are kept."""
HISTORY_EVENTS = 200
"""How many events of the watched download are read."""

OLDER_AT_ONCE = 200
"""How many older downloads are read at once: the screen draws between two pages."""
OLDER_PAUSE_SECONDS = 0.002
"""How long the screen has for itself between two of them."""

_EVENTS_PAGE = 1000
_OLDER_SECONDS = 0.25
_FREE_SPACE_EVERY = 5


class FeedReader(FeedVerbs):
    """Reads a session; all but what the screen wants to see is for the feed's thread."""

    def __init__(
        self,
        session: Session,
        first: Snapshot,
        *,
        directory: Path,
        limit_setting: int | None,
        preferences: Mapping[str, str],
        settings_watch: SettingsWatch | None,
    ) -> None:
        """Begins with what was read before the screen opened; see `Feed`."""
        super().__init__(session, limit_setting=limit_setting, preferences=preferences)
        self.identifier = session.identifier
        self.state_directory = session.directory.parents[1]
        """Where this session and others lie."""
        self.snapshot = first
        """The newest that was read."""
        self._settings_watch = settings_watch
        self._directory = directory
        self._worker_watch: WorkerWatch
        self._watcher: Watcher
        self._inbox: InboxReader
        self._worker_trouble: Trouble | None = None
        self._position = 0
        self._wanted: int | None = None
        self._watched: int | None = None
        self._posted = first
        self._lost = False
        self._arrangement = first.listing.arrangement
        self._next_second = 0.0
        self._seconds = 0
        self._order_read = preferences.get("sort")

    # --------------------------------------------------------------------------------------- called by the screen

    def arrange(self, arrangement: Arrangement) -> None:
        """Filters and sorts the list anew; the snapshots from then on have a listing of this arrangement."""
        self._arrangement = arrangement
        self._verbs.put(lambda: None)

    def watch(self, download_id: int | None) -> None:
        """Reads the history of a download, now and whenever something happens to it."""
        self._wanted = download_id
        self._verbs.put(lambda: None)

    def open_inbox(self, *, is_open: bool = True) -> None:
        """Reads the inbox, answered by `InboxRead` now and whenever it changes; or leaves it alone again."""
        self._verbs.put(lambda: self._inbox.show(is_open=is_open))

    # ----------------------------------------------------------------------------------------------- on the thread

    def _begin(self) -> None:
        """Loads what only this thread needs; nothing of it is touched by another one."""
        from tui_downloader.tui.inbox_reader import InboxReader
        from tui_downloader.tui.lookout import Lookout
        from tui_downloader.tui.watched import Watcher
        from tui_downloader.tui.worker_watch import WorkerWatch

        self._worker_watch, self._watcher = WorkerWatch(self._session), Watcher()
        self._inbox, self._lookout = InboxReader(self._session), Lookout(self._session)

    def _replay(self) -> None:
        """Hands over what happened since the last visit."""
        from tui_downloader.tui.delegate import ScreenDelegate

        replay = self._session.begin_replay(CLIENT)
        self._position = replay.events[-1].sequence if replay.events else self._session.cursor(CLIENT)
        self._inbox.begin(self._position)
        self._post(BackgroundSessionUpdated(self.identifier, partial(self._verbs.put, replay.complete)))
        replay.deliver(ScreenDelegate(self._post, replayed=True))

    def _read(self) -> None:
        """Reads what was not read yet, and everything that may have changed."""
        if self._lost:
            self._read_anew()
        self._read_older(until=time.monotonic() + _OLDER_SECONDS)
        self._read_changes()
        self._session.check_writable()
        self._read_history()
        self._read_inbox()
        self._inspect()
        self._lookout.read()
        self._each_second()

    def _read_older(self, until: float | None = None) -> None:
        """Reads older downloads page after page; with an instant, until then or until a verb waits."""
        while (oldest := self.snapshot.oldest_read) is not None:
            if until is not None and (time.monotonic() > until or not self._verbs.empty()):
                return
            page = self._session.older(oldest, limit=OLDER_AT_ONCE)
            self.snapshot = with_older(self.snapshot, page)
            if not page:
                gc.freeze()  # rows are in no circle: going through 100,000 for garbage would hold up every key
            if until is not None:
                time.sleep(OLDER_PAUSE_SECONDS)

    def _read_anew(self) -> None:
        """Reads everything again after a problem: the file that is there now may be another one."""
        before = self.snapshot
        begun = Snapshot(
            speeds=before.speeds, watched=before.watched, free_bytes=before.free_bytes, trouble=before.trouble
        )
        self._position = min(self._position, self._session.cursor(CLIENT))
        self._inbox.begin(self._position)
        self.snapshot = begun
        try:
            self._merge(self._session.changes())
        except BaseException:
            self.snapshot = before
            raise

    def _read_changes(self) -> None:
        """Reads new events, then the rows (so that these are no older), and delivers the events."""
        from tui_downloader.tui.delegate import ScreenDelegate

        if not self._session.has_changed():
            return
        events = self._session.events(after=self._position, limit=_EVENTS_PAGE)
        while True:
            self._inbox.heard(events)
            self._merge(self._session.changes(self.snapshot.revision))
            if not events:
                return
            self._show()
            delegate = ScreenDelegate(self._post, replayed=False)
            for event in events:
                deliver(event, self.snapshot.find(event.download_id), delegate)
                if event.download_id == self._watched:
                    self._watched = None
            delegate.flush()
            self._position = events[-1].sequence
            events = self._session.events(after=self._position, limit=_EVENTS_PAGE)

    def _merge(self, changes: Changes) -> None:
        """Takes in changed rows; when the worker has died, the rows it left running are read again."""
        died = self.snapshot.worker_runs and not changes.worker.running
        self._watcher.sample(changes.downloads, now=time.monotonic())
        limit = limit_in_force(self._session.limit_of_all(), setting=self._limit_setting)
        news = self._inbox.unread
        self.snapshot = replace(merged(self.snapshot, changes), bytes_per_second_max=limit, news=news)
        if died:
            rows = tuple(self._session.download(each.id) for each in reversed(self.snapshot.running))
            self.snapshot = merged(self.snapshot, changes._replace(downloads=rows))

    def _read_history(self) -> None:
        """Reads the events of the watched download, if it is another one or something happened to it."""
        wanted = self._wanted
        if wanted is not None and wanted != self._watched:
            events = tuple(self._session.events_of(wanted, limit=HISTORY_EVENTS))
            self._post(HistoryRead(wanted, events))
        self._watched = wanted

    def _read_inbox(self) -> None:
        """Reads the inbox while somebody looks at it."""
        page = self._inbox.news()
        if page is not None:
            self._post(InboxRead(page))

    def _inspect(self) -> None:
        """Looks at the watched download more closely, if that brings anything new."""
        download, now = self.snapshot.find(self._wanted), time.monotonic()
        if download is not None and self._watcher.is_due(download, now=now):
            inspection = self._session.inspect(download.id)
            watched = self._watcher.look(download, inspection, now=now)
            self.snapshot = replace(self.snapshot, watched=watched)

    def _each_second(self) -> None:
        """Samples the speed, measures the free space and sees to it that a worker runs if there is work."""
        now = time.monotonic()
        if now < self._next_second:
            return
        self._next_second = now + 1.0
        if self.snapshot.bytes_per_second >= 1 or any(self.snapshot.speeds):
            speeds = (*self.snapshot.speeds, self.snapshot.bytes_per_second)[-SAMPLES:]
            self.snapshot = replace(self.snapshot, speeds=speeds)
        if self._seconds % _FREE_SPACE_EVERY == 0:
            self.snapshot = replace(self.snapshot, free_bytes=free_space(self._directory))
        self._seconds += 1
        self._merge(self._session.changes(self.snapshot.revision))
        self._worker_trouble = self._worker_watch.look(self.snapshot, now=now)
        self._read_settings()
        self._read_order()
        self._attend()
        while self._session.notices:
            self._post(ActionFailed(self._session.notices.pop()))

    def _read_order(self) -> None:
        """Hands over the order of the list when another screen has changed it."""
        order = self._session.preferences().get("sort")
        if order != self._order_read and order is not None and order != self.preferences.get("sort"):
            self.preferences = {**self.preferences, "sort": order}
            self._post(OrderChosen(order))
        self._order_read = order

    def _read_settings(self) -> None:
        """Hands over the settings when their file has changed."""
        message = self._settings_watch.look() if self._settings_watch is not None else None
        if isinstance(message, SettingsRead):
            self._limit_setting = message.settings.bytes_per_second_max or None
            directory = default_directory(message.settings)
            if directory != self._directory:
                self._directory, self._seconds = directory, 0  # so that its free space is measured at once
                self._post(DirectoryChosen(directory))
        if message is not None:
            self._post(message)

    def _show(self) -> None:
        """Posts the snapshot, arranged as the screen wants it, if it is another one than the screen has."""
        wanted = self._arrangement
        if wanted != self.snapshot.listing.arrangement:
            listing = self.snapshot.listing.rearranged(wanted, self.snapshot.rows[wanted.view])
            self.snapshot = replace(self.snapshot, listing=listing)
        if self.snapshot is not self._posted and self.snapshot != self._posted:
            self._posted = self.snapshot
            self._post(SnapshotRead(self.snapshot))
