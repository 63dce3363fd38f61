"""The panes of the main screen: how they are arranged and what they show.

Owns where each pane stands. Must never hear the feed: the screen hands it what to show.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from rich.console import RenderableType
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.geometry import Size
from textual.widgets import Static

from tui_downloader.tui import words
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.hints import hints, selection_hints, selection_words
from tui_downloader.tui.layout import Layout, detail_rows, is_small, layout_for, side_pane_width
from tui_downloader.tui.listing import Arrangement
from tui_downloader.tui.side_pane import SidePane
from tui_downloader.tui.snapshot import Snapshot, View
from tui_downloader.tui.widgets.banner import Banner
from tui_downloader.tui.widgets.download_list import DownloadList
from tui_downloader.tui.widgets.empty import Empty
from tui_downloader.tui.widgets.footer import Footer
from tui_downloader.tui.widgets.header import Header
from tui_downloader.tui.widgets.line import Line
from tui_downloader.tui.widgets.rule import Rule
from tui_downloader.tui.widgets.views import Views


class Panes(SidePane):
    """Header, views, list, detail and footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "view", "Detail", id="view", tooltip="Show picture and facts in the whole window"),
        Binding("escape", "back", "Back", id="back", tooltip="Close the detail or the banner; never quits"),
        Binding("q", "leave_detail", "Back", id="leave-detail", tooltip="Close the detail"),
    ]

    def __init__(self, feed: Feed, *, directory: Path, come_back: str, plain: bool) -> None:
        """Makes the panes.

        Args:
            feed: Reads the session.
            directory: Where downloads are saved by default.
            come_back: Command line that opens this screen again.
            plain: Whether the terminal shows ASCII only.
        """
        super().__init__(feed, directory=directory, plain=plain)
        self.banner = Banner()
        """What happened while nobody watched; like the next ones it is mounted when there is something to show."""
        self._trouble = Static(id="trouble", markup=False)
        self._empty = Empty(directory=directory, come_back=come_back)
        self._sentence = Static(id="sentence", markup=False)
        self._reset_due = False

    def compose(self) -> ComposeResult:
        """Builds the panes that are always there; the screen's classes decide which are shown."""
        self._set_classes(self.app.size, update=False)  # all is styled once it is there
        yield Header(self.feed.identifier, plain=self._plain)
        with Horizontal(id="views-line"):
            yield Views()
        yield Rule(id="top")
        with Container(id="body"):
            with Container(id="downloads"):
                yield DownloadList(plain=self._plain)
            yield Rule(id="middle")
            yield Container(id="detail")
        yield Rule(sign="┴", id="bottom")
        yield Footer()

    def render(self) -> RenderableType:
        """Draws what lies beneath the panes: nothing, or why there are none on so small a screen."""
        return "tuidl needs 40 × 10; downloads go on." if self.has_class(Layout.TINY.value) else super().render()

    def set_plain(self, plain: bool) -> None:
        """Draws with ASCII only, or with every sign again."""
        super().set_plain(plain)
        self.query_one(Header).plain = plain

    def name_keys(self) -> None:
        """Draws again what names keys: they may be others."""
        self.downloads.draw_anew()
        for each in self.query(Line):
            each.renew()
        self._empty.save_in(self.directory)
        self.show_detail(again=True)

    def save_in(self, directory: Path) -> None:
        """Saves elsewhere by default from now on."""
        self.directory = directory
        self._empty.save_in(directory)

    def say(self, remark: str) -> None:
        """Shows a remark in the footer."""
        self.query_one(Footer).say(remark)

    # ------------------------------------------------------------------------------------------------- arrangement

    def on_resize(self, event: events.Resize) -> None:
        """Arranges the panes for the new size."""
        self.place_panes(event.size)

    def arrange_panes(self) -> None:
        """Gives each pane its place anew."""
        self.place_panes(self.app.size)
        self.show_lines()

    def place_panes(self, size: Size) -> None:
        """Gives each pane its place on a screen of that size."""
        layout = self._set_classes(size)
        if layout is Layout.LIST:
            self.needed(self._sentence, after="#detail")
        full, side = self.has_class("-full"), side_pane_width(size.width, self.pane_size)
        beside = layout is Layout.BESIDE
        detail = self.query_one("#detail")
        detail.styles.width = side + 1 if beside and not full else "100%"
        rows = detail_rows(size.height, self.pane_size)
        detail.styles.height = rows if layout is Layout.STACKED and not full else "100%"
        upright = beside and not full and not self.has_class("-first-run")
        for rule in ("#top", "#bottom"):
            self.query_one(rule, Rule).junction = size.width - side - 1 if upright else None
        if layout is not Layout.STACKED:
            self.query_one("#middle", Rule).junction = None
        self.call_after_refresh(self._keep_focus)

    def join_rules(self) -> None:
        """Lets the rule above the detail meet the upright one in it."""
        self.query_one("#middle", Rule).junction = self.split_at

    def _keep_focus(self) -> None:
        """Gives the keys back to the list when the pane that had them is gone."""
        if self.is_current and self.focused not in self.focus_chain:
            self.downloads.focus()

    def _set_classes(self, size: Size, *, update: bool = True) -> Layout:
        """Sets the classes that decide which panes are shown; returns the arrangement for a size."""
        layout = layout_for(size.width, size.height, self.pane_size)
        for each in Layout:
            self.set_class(each is layout, each.value, update=update)
        self.set_class(not self.snapshot.rows[View.ALL], "-first-run", update=update)
        rows = self.rows_now()
        self.set_class(rows is not None and not rows, "-empty", update=update)
        self.set_class(self.arrangement != Arrangement(), "-part", update=update)
        self.set_class(not is_small(size.width, size.height), "-roomy", update=update)
        return layout

    def action_view(self) -> None:
        """Shows the detail in the whole window, or the list again."""
        if self.current is None:
            self.say("Nothing to show: no download is selected")
        else:
            self._set_full(not self.has_class("-full"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Lets `q` close the detail while it covers the list; elsewhere it quits."""
        if action == "leave_detail":
            return self.has_class("-full")
        return super().check_action(action, parameters)

    def action_leave_detail(self) -> None:
        """Closes the detail that covers the list."""
        self._set_full(False)

    def action_back(self) -> None:
        """Closes the topmost: the detail, the filter, the selection, then the banner."""
        if self.has_class("-full"):
            self._set_full(False)
        elif not self.close_topmost():
            self.banner.sentence = ""

    def _set_full(self, full: bool) -> None:
        """Shows the detail in the whole window, or at its place."""
        self.set_class(full, "-full")
        self.place_panes(self.app.size)
        self.show_lines()

    # ----------------------------------------------------------------------------------------------------- showing

    def show(self, snapshot: Snapshot) -> None:
        """Shows a snapshot everywhere."""
        removals, self.snapshot = self.snapshot.removals, snapshot
        if snapshot.removals != removals and self.downloads.selection.ids:
            self.downloads.forget_missing({each.id for each in snapshot.rows[View.ALL]})
        self.show_rows()
        self.show_detail()
        self.show_lines()

    def show_download(self, download_id: int) -> bool:
        """Puts the cursor on a download, in another view if need be; tells whether it is there."""
        if self.downloads.move_to(download_id):
            return True
        if self.snapshot.find(download_id) is None:
            return False
        self.filter_bar.clear()
        self.rearrange(Arrangement(order=self.arrangement.order))
        return self.downloads.move_to(download_id)

    def show_rows(self, *, reset: bool = False) -> None:
        """Shows the rows of the arrangement, or why there are none; the old ones while they are being arranged."""
        first_run = not self.snapshot.rows[View.ALL]
        if first_run != self.has_class("-first-run"):
            self.place_panes(self.app.size)
        self._set_classes(self.app.size)
        rows = self.rows_now()
        if rows is None:
            self._reset_due = True
            return
        self.downloads.show(rows, line=self.snapshot.line, reset=reset or self._reset_due)
        self._reset_due = False
        if not rows:
            self.needed(self._empty, after="DownloadList").show(self.arrangement, first_run=first_run)
            if self.has_class("-full"):
                self._set_full(False)
        if reset:
            self.show_detail()
            self.show_lines()

    def show_lines(self) -> None:
        """Shows the newest in the lines around the panes."""
        self.query_one(Header).snapshot = self.snapshot
        self.query_one(Views).snapshot = self.snapshot
        self.query_one(Views).arrangement = self.arrangement
        full = self.has_class("-full")
        tabs = full or self.has_class(Layout.BESIDE.value) or self.has_class(Layout.STACKED.value)
        footer, selection = self.query_one(Footer), self.downloads.selection
        footer.selected = selection_words(len(selection.ids), hidden=self.downloads.hidden)
        footer.hints = (
            selection_hints(ranging=selection.anchor is not None and not selection.is_held)
            if selection.ids
            else hints(self.current, full=full, tabs=tabs)
        )
        self.query_one(Footer).news = self.snapshot.news
        self.show_time()

    def show_time(self) -> None:
        """Shows what depends on the time, where it can be seen."""
        now, download, trouble = time.time(), self.current, self.snapshot.trouble
        if self.has_class(Layout.LIST.value):
            place, width = self.snapshot.line.place(download), self._sentence.content_size.width
            text = words.sentence(download, now=now, place=place, width=width) if download else ""
            self._sentence.update(text, layout=False)
        self.set_class(trouble is not None, "-trouble")
        if trouble is not None:
            self.needed(self._trouble, before="#top").update(words.trouble_words(trouble, now=now))
