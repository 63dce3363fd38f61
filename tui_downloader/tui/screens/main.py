"""The main screen: what each message of the feed changes, and what happened while nobody watched.

Owns the visit: banner, notices, acknowledging. Must never do anything that blocks.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType

from tui_downloader.model.events import EventKind
from tui_downloader.tui import messages, words
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.order import remembered_order
from tui_downloader.tui.pictures import Pictures
from tui_downloader.tui.view import View
from tui_downloader.tui.visit import Visit, newest_picture
from tui_downloader.tui.widgets.download_list import DownloadList
from tui_downloader.tui.widgets.line import Line

CURSOR_PREFERENCE = "cursor"
"""Under which name the download under the cursor is remembered."""
REMEMBER_SECONDS = 30.0
"""How often that is written, if it is another one; and when the screen is left."""
BURST_SECONDS = 0.7
"""Downloads that finish or fail within this time share one notice."""


class MainScreen(Pictures):
    """Shows one session."""

    AUTO_FOCUS = "DownloadList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "i", "inbox", "Inbox", id="inbox", tooltip="Show what finished, failed or waited, the newest first"
        ),
        Binding("question_mark,f1", "help", "Help", id="help", tooltip="Show every key"),
    ]

    def __init__(self, feed: Feed, *, directory: Path, come_back: str = "tuidl", plain: bool = False) -> None:
        """Makes the screen of a session.

        Args:
            feed: Reads the session; started when the screen is shown.
            directory: Where downloads are saved by default.
            come_back: Command line that opens this screen again.
            plain: Whether the terminal shows ASCII only.
        """
        super().__init__(feed, directory=directory, come_back=come_back, plain=plain)
        self._visit = Visit(feed.identifier)
        self._touched = False
        self._go_to = self._remembered = remembered_id(feed.preferences.get(CURSOR_PREFERENCE))
        self._cursor_on: int | None = None
        self._burst: list[Happening] = []

    def on_mount(self) -> None:
        """Shows what was read before the screen opened, then starts the feed."""
        self.place_panes(self.app.size)
        self.show(self.snapshot)
        self._arrive()
        self.set_interval(REMEMBER_SECONDS, self._remember_cursor)
        self.watch(self.app, "app_focus", self._focus_changed, init=False)
        self.set_interval(1.0, self.show_time)
        self.call_after_refresh(self.feed.start, self.post_message)  # not to compete with the first frame
        self.call_after_refresh(self.add_detail)

    # ---------------------------------------------------------------------------------------------------- the feed

    @on(messages.SnapshotRead)
    def _snapshot_read(self, message: messages.SnapshotRead) -> None:
        """Shows the newest snapshot; the cursor goes to what was just added, or where it was at the last visit."""
        self.show(message.snapshot)
        self._arrive()

    def _arrive(self) -> None:
        """Puts the cursor where it is to go, once that is there; forgets a download that will not come."""
        wanted = self._go_to
        if wanted is None:
            return
        newest = max((each.id for each in self.snapshot.rows[View.ALL][:1]), default=0)
        is_gone = self.snapshot.oldest_read is None and wanted <= newest and self.snapshot.find(wanted) is None
        if is_gone or (self._touched and wanted == self._remembered) or self.downloads.move_to(wanted):
            self._go_to = None

    def _remember_cursor(self) -> None:
        """Remembers where the cursor is, for the next visit."""
        if self._cursor_on is not None:
            self.feed.remember(CURSOR_PREFERENCE, str(self._cursor_on))

    def on_unmount(self) -> None:
        """Remembers where the cursor was."""
        self._remember_cursor()

    @on(messages.HistoryRead)
    def _history_read(self, message: messages.HistoryRead) -> None:
        """Shows the events of the selected download."""
        self.show_history(message.download_id, message.events)

    @on(messages.InboxRead)
    def _inbox_read(self, message: messages.InboxRead) -> None:
        """Shows the inbox, if it is still open."""
        from tui_downloader.tui.screens.inbox import InboxScreen

        for each in self.app.screen_stack:
            if isinstance(each, InboxScreen):
                each.show(message.page)

    @on(messages.DownloadsAdded)
    def _downloads_added(self, message: messages.DownloadsAdded) -> None:
        """Goes to the newest of the new downloads, or to the one that was there already."""
        new = [each.download.id for each in message.added if each.is_new]
        known = [each.download for each in message.added if not each.is_new]
        self._go_to = new[-1] if new else known[0].id if known else None
        if known and not new:
            self.say(f"In the list already: {known[0].shown_name}")
        self._arrive()

    @on(messages.OrderChosen)
    def _order_chosen(self, message: messages.OrderChosen) -> None:
        """Sorts as another screen of the session does."""
        self.rearrange(replace(self.arrangement, order=remembered_order(message.order)))

    @on(messages.DirectoryChosen)
    def _directory_chosen(self, message: messages.DirectoryChosen) -> None:
        """Saves where the settings say now."""
        self.save_in(message.directory)

    @on(messages.ActionFailed)
    def _action_failed(self, message: messages.ActionFailed) -> None:
        """Tells what could not be done."""
        self.notify(message.sentence, severity="warning", markup=False)

    # --------------------------------------------------------------------------------------------------- the visit

    @on(messages.BackgroundSessionUpdated)
    def _background_session_updated(self, message: messages.BackgroundSessionUpdated) -> None:
        """Keeps the completion handler, if it is the own session's."""
        self._visit.begin(message.identifier, message.completion_handler)

    @on(messages.EventsDelivered)
    def _events_delivered(self, message: messages.EventsDelivered) -> None:
        """Collects what was missed; tells of what happens now, and acknowledges it once it is drawn."""
        if not message.replayed:
            self._collect(message.happenings)
        if message.replayed or self._visit.is_away(now=time.monotonic()):
            self._visit.missed += message.happenings
        else:
            self.call_after_refresh(self.feed.acknowledge, message.happenings[-1].event.sequence)

    @on(messages.EventsFinished)
    def _events_finished(self, message: messages.EventsFinished) -> None:
        """Tells what was missed, then calls the completion handler."""
        if message.identifier != self.feed.identifier:
            return
        missed = self._visit.take_missed()
        picture = newest_picture(missed)
        if picture is not None and not self._touched and not self.downloads.move_to(picture.id):
            self._go_to = picture.id  # not read yet
        self._tell_missed(missed)
        self._visit.finish(message.identifier)

    def _focus_changed(self, focused: bool) -> None:
        """Notes whether somebody watches; on return tells what was missed and acknowledges it."""
        self._visit.focus(focused=focused, now=time.monotonic())
        missed = self._visit.take_missed() if focused else []
        if missed:
            self._burst = [each for each in self._burst if each not in missed]  # the banner tells of them
            self._tell_missed(missed)
            self.call_after_refresh(self.feed.acknowledge, missed[-1].event.sequence)

    def _tell_missed(self, missed: Sequence[Happening]) -> None:
        """Shows the banner, if there is something to tell."""
        from tui_downloader.tui.away import away_sentence

        sentence = away_sentence(missed, now=time.time())
        if sentence is not None:
            self.needed(self.banner, after="#views-line").sentence = sentence

    def _collect(self, happenings: Sequence[Happening]) -> None:
        """Collects downloads that finished or failed, for one notice of each sort a burst."""
        ended = [each for each in happenings if each.event.kind in {EventKind.FINISHED, EventKind.FAILED}]
        if ended and not self._burst:
            self.set_timer(BURST_SECONDS, self._tell_burst)
        self._burst += ended

    def _tell_burst(self) -> None:
        """Tells of the burst: here, unless it is told when the user comes back, and in the terminal."""
        burst, self._burst = self._burst, []
        sentences = []
        for kind, worded in ((EventKind.FINISHED, words.finished_toast), (EventKind.FAILED, words.failed_toast)):
            rows = [each.download for each in burst if each.event.kind is kind and each.download is not None]
            if rows:
                sentences.append(worded(rows))
                if not self._visit.is_away(now=time.monotonic()):
                    failed = kind is EventKind.FAILED
                    self.notify(sentences[-1], severity="warning" if failed else "information", markup=False)
        if sentences:
            self.post_message(messages.DownloadsEnded(tuple(sentences)))

    # ---------------------------------------------------------------------------------------------------- the user

    @on(DownloadList.Highlighted)
    def _highlighted(self, message: DownloadList.Highlighted) -> None:
        """Shows the download under the cursor."""
        self._cursor_on = message.download.id if message.download else None
        self.show_detail()
        self.show_lines()

    @on(DownloadList.SelectionChanged)
    def _selection_changed(self) -> None:
        """Says how many are selected, and what can be done with them."""
        self.show_lines()

    @on(DownloadList.Selected)
    def _selected(self) -> None:
        """Opens the detail of a download."""
        self.action_view()

    @on(Line.Pressed)
    async def _pressed(self, message: Line.Pressed) -> None:
        """Does what was clicked."""
        await self.run_action(message.action)

    def touch(self) -> None:
        """Notes that the user is at it: the cursor is not moved from under their hands."""
        self._touched = True

    def action_inbox(self) -> None:
        """Opens the inbox; a download chosen there is shown in the list."""
        from tui_downloader.tui.screens.inbox import InboxScreen

        def show(download_id: int | None) -> None:
            if download_id is None or self.show_download(download_id):
                return
            if self.feed.snapshot.find(download_id) is None:
                self.say("It is not in the list any more")
            else:
                self._go_to = download_id  # the rows are being arranged

        self.banner.sentence = ""
        self.app.push_screen(InboxScreen(self.feed, plain=self._plain), show)

    def action_help(self) -> None:
        """Shows every key."""
        from tui_downloader.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())


def remembered_id(text: str | None) -> int | None:
    """Reads the id of a download that was remembered; `None` if it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() else None
