"""The side pane's part of the main screen: what it shows, which tab is open, how much room it takes.

Owns the selected download's detail and the two choices that are remembered. Must never hear the feed: the screen
hands it what to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.keys import named
from tui_downloader.tui.layout import PaneSize, is_small
from tui_downloader.tui.list_pane import ListPane

if TYPE_CHECKING:  # it and what it loads (pictures) come after the first frame
    from tui_downloader.tui.watched import Watched
    from tui_downloader.tui.widgets.detail import DetailPane

SIZE_PREFERENCE = "side-pane"
"""Under which name the pane's size is remembered."""
TAB_PREFERENCES = {True: "tab-moving", False: "tab-resting"}
"""Under which names the open tab is remembered: for downloads on their way, and for all others."""

_HIDDEN = "The side pane is hidden: {layout} shows it"
_NO_ROOM = "No room for the side pane: {view} shows the detail"


class SidePane(ListPane):
    """Shows the selected download beside or below the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left_square_bracket",
            "turn_tab(-1)",
            "Previous tab",
            id="tab-previous",
            tooltip="Open the previous tab of the side pane",
        ),
        Binding(
            "right_square_bracket",
            "turn_tab(1)",
            "Next tab",
            id="tab-next",
            tooltip="Open the next tab of the side pane",
        ),
        Binding(
            "z",
            "resize_pane",
            "Side pane",
            id="layout",
            tooltip="Make the side pane wide, hide it, put it beside the list",
        ),
        Binding("tab", "focus_pane(1)", "Next pane", id="focus-next", tooltip="Move the keys to the next pane"),
        Binding(
            "shift+tab",
            "focus_pane(-1)",
            "Previous pane",
            id="focus-previous",
            tooltip="Move the keys to the previous pane",
        ),
    ]

    def __init__(self, feed: Feed, *, directory: Path, plain: bool) -> None:
        """Makes the pane's part of the screen.

        Args:
            feed: Reads the session.
            directory: Where downloads are saved by default.
            plain: Whether the terminal shows ASCII only.
        """
        super().__init__(feed, directory=directory)
        self.pane_size = PaneSize.of(feed.preferences.get(SIZE_PREFERENCE))
        """How much room the side pane takes."""
        self._plain = plain
        self._history: tuple[int, Sequence[Event]] = (0, ())
        self._shown: tuple[Download | None, int | None, Watched | None] = (None, None, None)
        self._detail: DetailPane | None = None

    def arrange_panes(self) -> None:
        """Gives each pane its place anew."""
        raise NotImplementedError

    def join_rules(self) -> None:
        """Draws the rules again: an upright one began or ended somewhere else."""
        raise NotImplementedError

    @property
    def has_pane(self) -> bool:
        """Whether the side pane can be seen."""
        return self._detail is not None and self._detail.region.area > 0

    @property
    def split_at(self) -> int | None:
        """Cell of the screen where the pane's own upright rule begins; `None` if it has none."""
        detail = self._detail
        return None if detail is None or detail.split_at is None else detail.region.x + detail.split_at

    async def add_detail(self) -> None:
        """Fills the detail pane; for after the first frame, which needs none of what it loads.

        The user may have left by then: nothing is mounted on a screen that goes.
        """
        from tui_downloader.tui.widgets.detail import DetailPane

        detail = DetailPane(plain=self._plain)
        for place in self.query("#detail"):
            if place.is_attached:
                await place.mount(detail)
        if detail.is_attached:
            self._detail = detail
            self.watch(detail, "split_at", self.join_rules)
            self.show_detail(again=True)

    def set_plain(self, plain: bool) -> None:
        """Draws with ASCII only, or with every sign again."""
        if plain != self._plain:
            self._plain = self.downloads.plain = plain
            if self._detail is not None:
                self._detail.set_plain(plain)
                self.show_detail(again=True)

    # ----------------------------------------------------------------------------------------------------- showing

    def show_history(self, download_id: int, history: Sequence[Event]) -> None:
        """Shows the events of a download, if it is the selected one."""
        self._history = (download_id, history)
        self.show_detail(again=True)

    def show_detail(self, *, again: bool = False) -> None:
        """Shows the selected download in the detail pane, if it is another one or changed.

        Args:
            again: Show it even if it is the same: its history came, or another tab.
        """
        download = self.current
        place, watched = self.feed.snapshot.line.place(download), self.snapshot.watched
        if download is None or (watched is not None and watched.download_id != download.id):
            watched = None
        before, self._shown = self._shown, (download, place, watched)
        if self._shown == before and not again:
            return
        if (download and download.id) != (before[0] and before[0].id):
            self.feed.watch(download.id if download else None)
        if self._detail is None:
            return
        history_of, history = self._history
        known = history if download and download.id == history_of else ()
        self._detail.show(download, known, place=place, watched=watched, tab=self._tab_name())

    # ---------------------------------------------------------------------------------------------------- choosing

    def action_turn_tab(self, step: int) -> None:
        """Opens the next or the previous tab."""
        from tui_downloader.tui.detail.tabs import neighbour, tab_of

        if self._can_choose_tab():
            self.action_open_tab(neighbour(tab_of(self._tab_name(), self.current), step).name)

    def action_open_tab(self, name: str) -> None:
        """Opens a tab, and remembers it for downloads on their way or for all others, as this one is."""
        from tui_downloader.tui.detail.tabs import moves

        self.feed.remember(TAB_PREFERENCES[moves(self.current)], name)
        self.show_detail(again=True)

    def _tab_name(self) -> str | None:
        """Returns the remembered tab for the selected download; `None` if nobody has chosen one."""
        from tui_downloader.tui.detail.tabs import moves

        return self.feed.preferences.get(TAB_PREFERENCES[moves(self.current)])

    def _can_choose_tab(self) -> bool:
        """Tells whether there are tabs to see; says why not."""
        if self.current is None:
            self.say("No tabs: no download is selected")
        elif not self.has_pane:
            self.say(named(_HIDDEN if self.pane_size is PaneSize.HIDDEN else _NO_ROOM))
        return self.current is not None and self.has_pane

    def action_resize_pane(self) -> None:
        """Gives the side pane the next size, and remembers it."""
        if is_small(self.app.size.width, self.app.size.height):
            self.say(named(_NO_ROOM))
            return
        self.pane_size = self.pane_size.following
        self.feed.remember(SIZE_PREFERENCE, self.pane_size.value)
        self.arrange_panes()
        self.say(f"Side pane: {self.pane_size.value}")

    def action_focus_pane(self, step: int) -> None:
        """Moves the keys to the next or the previous pane."""
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()
