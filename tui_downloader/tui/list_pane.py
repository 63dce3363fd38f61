"""The list on the screen: which rows it shows, in which order, and what verbs act on.

Owns the arrangement (view, filter, sort) and the selection's end. The feed arranges many rows; few are arranged at
once. Must never let a verb act on a row that the user does not see under the cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, TypeVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui_downloader.model.download import Download
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.filter import parse_filter
from tui_downloader.tui.listing import Arrangement, listed
from tui_downloader.tui.order import Order, remembered_order
from tui_downloader.tui.selection import Selection
from tui_downloader.tui.session_verbs import SessionVerbs
from tui_downloader.tui.snapshot import Snapshot, View
from tui_downloader.tui.widgets.download_list import DownloadList
from tui_downloader.tui.widgets.filter_bar import FilterBar

AT_ONCE = 2000
"""So many rows are filtered and sorted while the key is pressed; more are left to the feed's thread."""

Pane = TypeVar("Pane", bound=Widget)


class ListPane(SessionVerbs):
    """The part of the screen that arranges the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "show_view('All')", "All", id="view-all", tooltip="Show all downloads"),
        Binding("2", "show_view('Active')", "Active", id="view-active", tooltip="Show what runs or is queued"),
        Binding("3", "show_view('Waiting')", "Waiting", id="view-waiting", tooltip="Show what waits or is paused"),
        Binding("4", "show_view('Done')", "Done", id="view-done", tooltip="Show what has finished"),
        Binding(
            "5", "show_view('Failed')", "Failed", id="view-failed", tooltip="Show what failed or was given up"
        ),
        Binding("slash", "filter", "Filter", id="filter", tooltip="Show what has these words, state:… or host:…"),
        Binding("comma", "sort", "Sort", id="sort", tooltip="Choose the order of the list"),
    ]

    def __init__(self, feed: Feed, *, directory: Path) -> None:
        """Arranges the list as it was at the last visit.

        Args:
            feed: Reads the session.
            directory: Where the next download is saved, unless the user says otherwise.
        """
        super().__init__(feed, directory=directory)
        self.snapshot: Snapshot = feed.snapshot
        """What is shown."""
        self.arrangement = Arrangement(order=remembered_order(feed.preferences.get("sort")))
        """Which rows are wanted, and in which order."""
        self.filter_bar = FilterBar()
        """Where the filter is typed."""
        feed.arrange(self.arrangement)

    @property
    def downloads(self) -> DownloadList:
        """The list."""
        return self.query_one(DownloadList)

    @property
    def current(self) -> Download | None:
        """The download under the cursor; `None` if there is none."""
        return self.downloads.current

    @property
    def targets(self) -> Sequence[Download]:
        """The selected downloads, shown or not; else the one under the cursor."""
        ids = self.downloads.selection.ids
        if ids:
            return [each for each in self.snapshot.rows[View.ALL] if each.id in ids]
        return [] if self.current is None else [self.current]

    def needed(self, pane: Pane, *, before: str | None = None, after: str | None = None) -> Pane:
        """Returns a pane that is not always seen: mounted now at the latest, but not for the first frame.

        Args:
            pane: The pane.
            before: Selects the one that follows it.
            after: Or the one that it follows.
        """
        if pane.parent is None:
            self.mount(pane, before=before, after=after)
        return pane

    def show_rows(self, *, reset: bool = False) -> None:
        """Shows the rows of the arrangement.

        Args:
            reset: Whether they are other ones than before.
        """
        raise NotImplementedError

    def rows_now(self) -> Sequence[Download] | None:
        """Returns the rows of the arrangement; `None` while the feed still arranges them."""
        wanted, listing = self.arrangement, self.snapshot.listing
        if listing.arrangement == wanted:
            return listing.rows
        view_rows = self.snapshot.rows[wanted.view]
        if wanted.is_plain or len(view_rows) <= AT_ONCE:
            return listed(wanted, view_rows).rows
        return None

    def rearrange(self, arrangement: Arrangement) -> None:
        """Shows other rows, or the same in another order."""
        if arrangement != self.arrangement:
            self.arrangement = arrangement
            self.feed.arrange(arrangement)
            self.show_rows(reset=True)

    def _able(self, verb: str, targets: Sequence[Download]) -> list[int]:
        """Lets no verb act under the cursor while the rows under it are still to change."""
        if self.rows_now() is None and not self.downloads.selection.ids:
            self.say("The list is still being arranged; press the key again in a moment")
            return []
        return super()._able(verb, targets)

    # -------------------------------------------------------------------------------------------------- arranging

    def action_show_view(self, name: str) -> None:
        """Shows another part of the list."""
        self.rearrange(replace(self.arrangement, view=View(name)))

    def action_filter(self) -> None:
        """Goes to the filter."""
        self.needed(self.filter_bar, after="Views").open()

    def action_sort(self) -> None:
        """Asks for another order; it is remembered."""
        from tui_downloader.tui.screens.sort import SortScreen

        def sort(order: Order | None) -> None:
            if order is not None:
                self.feed.remember("sort", order.name.lower())
                self.rearrange(replace(self.arrangement, order=order))

        self.app.push_screen(SortScreen(self.arrangement.order), sort)

    def action_end_range(self) -> None:
        """Ends the range that is being selected."""
        self.downloads.select(self.downloads.selection.ended())

    def close_topmost(self) -> bool:
        """Clears the filter, or else the selection; tells whether there was one."""
        if self.filter_bar.is_open:
            self.filter_bar.clear()
        elif self.downloads.selection.ids:
            self.downloads.select(Selection())
        else:
            return False
        return True

    @on(FilterBar.Changed)
    def _filter_changed(self, message: FilterBar.Changed) -> None:
        """Filters while the user types."""
        self.rearrange(replace(self.arrangement, filter=parse_filter(message.text)))

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        """Gives the keys back to the list, at once: the next may be there already."""
        self.set_focus(self.downloads)
