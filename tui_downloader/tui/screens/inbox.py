"""The inbox: what became of downloads, the newest first, and what of it is new.

Owns how it is laid out and when something counts as read: with `m`, or when the inbox is left. Must never read
the journal: the feed does.
"""

from __future__ import annotations

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_downloader.tui.away import name_of
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.inbox_reader import InboxPage
from tui_downloader.tui.inbox_words import inbox_choices, inbox_title
from tui_downloader.tui.keys import named
from tui_downloader.tui.widgets.choices import Choices
from tui_downloader.tui.widgets.lines import Lines

_KEYS = "{choose} show download · {inbox-mark-read} mark all read · {inbox-close} close"
_REMARK_SECONDS = 3.0


class InboxScreen(ModalScreen[int | None]):
    """Shows the inbox; dismisses with the id of the download to show, or with `None`."""

    CSS_PATH = "inbox.tcss"
    AUTO_FOCUS = "#outcomes"
    BINDING_GROUP_TITLE = "Inbox"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "mark_read", "Mark all read", id="inbox-mark-read", tooltip="Nothing is new any more"),
        Binding("escape,q,i", "close", "Close", id="inbox-close", tooltip="Go back to the list; all is read then"),
    ]

    def __init__(self, feed: Feed, *, plain: bool = False) -> None:
        """Makes the inbox; what it shows is asked for when it opens.

        Args:
            feed: Reads the journal and moves the mark.
            plain: Whether the terminal shows ASCII only.
        """
        super().__init__()
        self._feed = feed
        self._plain = plain
        self._page: InboxPage | None = None

    def compose(self) -> ComposeResult:
        """Builds the box with the list."""
        with Vertical(id="box") as box:
            yield Choices(id="outcomes")
        box.border_title = Content("Inbox")
        box.border_subtitle = Content(named(_KEYS))

    def on_mount(self) -> None:
        """Asks for what it shows."""
        self._feed.open_inbox()

    def on_unmount(self) -> None:
        """Says that nobody looks any more."""
        self._feed.open_inbox(is_open=False)

    def show(self, page: InboxPage) -> None:
        """Shows the newest outcomes."""
        self._page = page
        unread = sum(each.event.sequence > page.mark for each in page.happenings)
        box = self.query_one("#box")
        box.border_title = Content(inbox_title(max(unread, self._feed.snapshot.news if unread else 0)))
        self._lay_out()

    def action_mark_read(self) -> None:
        """Moves the mark to the newest outcome that is shown."""
        if self._page is not None and self._page.happenings:
            self._feed.mark_read(self._page.happenings[0].event.sequence)

    def action_close(self) -> None:
        """Closes the inbox; what it showed is read."""
        self.action_mark_read()
        self.dismiss(None)

    @on(Choices.Chosen)
    def _on_chosen(self, message: Choices.Chosen) -> None:
        """Goes to the download of an outcome, or says that it is gone."""
        message.stop()
        happening = self._find(message.key)
        if happening is None:
            return
        if happening.download is None:
            self._say(f"{name_of(happening)} was taken off the list")
            return
        self.action_mark_read()
        self.dismiss(happening.download.id)

    @on(Lines.WidthChanged)
    def _on_width_changed(self) -> None:
        """Lays the lines out for another width."""
        self._lay_out()

    def _lay_out(self) -> None:
        """Lays the lines out for the width there is."""
        outcomes = self.query_one(Choices)
        if self._page is not None and outcomes.line_width:
            outcomes.show_choices(
                inbox_choices(self._page, width=outcomes.line_width, now=time.time(), plain=self._plain)
            )

    def _find(self, sequence: int | str) -> Happening | None:
        """Returns the outcome with a sequence number."""
        happenings = self._page.happenings if self._page is not None else ()
        return next((each for each in happenings if each.event.sequence == sequence), None)

    def _say(self, remark: str) -> None:
        """Shows a sentence, safe to print, in place of the keys for a moment."""
        box = self.query_one("#box")
        box.border_subtitle = Content(remark)

        def show_keys() -> None:
            box.border_subtitle = Content(named(_KEYS))

        self.set_timer(_REMARK_SECONDS, show_keys)
