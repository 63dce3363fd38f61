"""The side pane: everything about the selected download, its picture first, then its head and one of the tabs.

Owns the arrangement of these for the room there is. Must never look into a file itself and never call the session.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.reactive import reactive

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event
from tui_downloader.preview.media_type import is_picture
from tui_downloader.preview.ways import Way
from tui_downloader.tui.detail import overview
from tui_downloader.tui.detail.head import head_lines
from tui_downloader.tui.detail.picture_box import TALL_ROWS, WIDE_CELLS, picture_box
from tui_downloader.tui.detail.source import source_of
from tui_downloader.tui.detail.subject import Found, Room, Subject
from tui_downloader.tui.detail.tabs import TABS, tab_of
from tui_downloader.tui.drawing.canvas import canvas_of
from tui_downloader.tui.styled_line import Line
from tui_downloader.tui.watched import Watched
from tui_downloader.tui.widgets.detail_lines import DetailLines, HeadLines
from tui_downloader.tui.widgets.file_pane import FilePane
from tui_downloader.tui.widgets.lines import Lines
from tui_downloader.tui.widgets.picture import PictureView
from tui_downloader.tui.widgets.tab_bar import TabBar

LOOK_SECONDS: Final = 2.0
"""How often a finished file is looked at again, to notice that it changed or went away."""

_AIRY_ROWS = 18
"""From this height on there is a blank line below the tabs, too."""


class DetailPane(FilePane):
    """Shows one download: its picture, what it is or why it stands still, and one of the tabs."""

    DEFAULT_CSS = """
    DetailPane {
        width: 1fr;
        height: 1fr;
        padding: 0 0 0 1;
        layout: vertical;
        & > #picture-frame { display: none; margin: 0 1 1 0; }
        &.-picture > #picture-frame { display: block; }
        & > #head { height: auto; max-height: 60%; margin: 0 1 0 0; }
        & > #page { height: 1fr; min-height: 1; }
        & TabBar { margin: 1 0 0 0; }
        &.-airy TabBar { margin: 1 0; }
        &.-low TabBar { margin: 0 0 1 0; }
        &.-low > #head { display: none; }
        &.-split { layout: horizontal; }
        &.-split > #picture-frame { height: 1fr; margin: 0 2 0 0; }
        &.-split > #head { display: block; width: 1fr; height: 1fr; max-height: 100%; margin: 0 1 0 0; }
        &.-split > #page { width: 1fr; border-left: solid $border; padding: 0 0 0 1; }
        &.-split.-picture > #head { display: none; }
        &.-split.-picture > #page { border-left: none; padding: 0; }
    }
    """

    split_at: reactive[int | None] = reactive(None)
    """Cell from the pane's left edge where an upright rule divides it; `None` where none does."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 -- as Textual's
        """Makes an empty pane.

        Args:
            plain: Whether the font has ASCII only; pictures are then cells of one colour each.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._plain = plain
        self._subject: Subject | None = None
        self._tab = TABS[0]
        self._version: object = None

    def compose(self) -> ComposeResult:
        """Builds the picture, in a container of its own, and the lines."""
        with Container(id="picture-frame"):
            yield PictureView(plain=self._plain, id="picture")
        yield HeadLines(id="head")
        with Vertical(id="page"):
            yield TabBar([each.name for each in TABS], id="tabs")
            yield DetailLines(id="detail-lines")

    def on_mount(self) -> None:
        """Counts down by the second, and follows how pictures are drawn."""
        self.set_interval(1.0, self._count_down)
        canvas_of(self.app).views.add(self)

    def show(
        self,
        download: Download | None,
        events: Sequence[Event] = (),
        *,
        place: int | None = None,
        watched: Watched | None = None,
        tab: str | None = None,
    ) -> None:
        """Shows a download; the same one again costs what changed.

        Args:
            download: The snapshot; `None` empties the pane.
            events: Its history, in any order.
            place: Its place in the queue; `None` if it is not in line.
            watched: The closer look at it; `None` before the first.
            tab: Name of the open tab; `None` is the one that suits its state.
        """
        before, tab_before, self._tab = self._subject, self._tab, tab_of(tab, download)
        stays = before is not None and _is_same_file(before.download, download)
        if download is None:
            self._subject = None
        else:
            self._subject = Subject(
                download=download,
                events=tuple(events),
                watched=watched,
                found=before.found if before is not None and stays else Found(),
                place=place,
                plain=self._plain,
            )
        source_before, self._source = self._source, source_of(download, watched)
        if not self.is_mounted:
            return
        if not stays or (self._source is None and source_before is not None):
            self._forget_file()
        if not stays or self._tab is not tab_before:
            self.query_one(DetailLines).scroll_home(animate=False)
        if self._source != source_before or (self._source_is_whole and before and before.download != download):
            self._look_again()
        if self._tab is not tab_before:
            self._place_picture()
        self._draw()

    def set_plain(self, plain: bool) -> None:
        """Draws with ASCII only, or with every sign again; for before `show`."""
        self._plain = plain
        self.query_one(PictureView).plain = plain

    @property
    def download(self) -> Download | None:
        """What is shown."""
        return self._subject.download if self._subject is not None else None

    def on_resize(self) -> None:
        """Arranges picture, head and tab for the new size."""
        self.set_class(self._is_low, "-low")
        self.set_class(self._is_split, "-split")
        self.set_class(self.size.height >= _AIRY_ROWS, "-airy")
        self._place_picture()
        self._divide()

    @on(DetailLines.RoomChanged)
    @on(Lines.WidthChanged)
    def _on_room(self) -> None:
        self._draw()
        self._divide()  # only now the columns have the places that were asked for

    @property
    def _is_low(self) -> bool:
        """Whether it has too few rows for one column."""
        return self.size.height < TALL_ROWS

    @property
    def _is_split(self) -> bool:
        """Whether it has two columns."""
        return self._is_low and self.size.width >= WIDE_CELLS

    @property
    def _has_head(self) -> bool:
        """Whether the head has a place of its own."""
        return not self._is_low or (self._is_split and not self.has_class("-picture"))

    def _divide(self) -> None:
        """Tells where the upright rule between two columns is, once they have their places."""

        def tell() -> None:
            page = self.query_one("#page")
            divided = self._is_split and not self.has_class("-picture")
            self.split_at = page.region.x - self.region.x if divided else None

        self.call_after_refresh(tell)

    @on(PictureView.Shown)
    def _on_picture(self, message: PictureView.Shown) -> None:
        """The picture is there: makes room for just its size and tells its facts."""
        message.stop()
        if self._subject is None or not self._is_source(message.path):
            return
        frame = self.query_one("#picture-frame")
        if self.has_class("-split"):
            frame.styles.width, frame.styles.height = message.cells.width, "1fr"
        else:
            frame.styles.width, frame.styles.height = "1fr", message.cells.height
        self.add_class("-picture")
        self._divide()
        self._found(replace(self._subject.found, picture=message.picture, problem=None))

    @on(PictureView.Failed)
    def _on_no_picture(self, message: PictureView.Failed) -> None:
        """There is no picture: tells why."""
        message.stop()
        if self._subject is None or not self._is_source(message.path):
            return
        self.remove_class("-picture")
        self._divide()
        self._found(replace(self._subject.found, picture=None, problem=message.reason))

    def took(self, looked: FilePane.Looked) -> None:
        """Takes over what a look brought, and has a picture shown."""
        if self._subject is None:
            return
        if looked.facts.size is None:
            self._hide_picture()
            self._found(Found(facts=looked.facts))
            return
        self._version = looked.version or looked.source.stage
        if is_picture(looked.facts.media_type):
            self._found(replace(self._subject.found, facts=looked.facts, excerpt=looked.excerpt))
        else:
            self._found(Found(facts=looked.facts, excerpt=looked.excerpt))
        self._place_picture()

    def _found(self, found: Found) -> None:
        assert self._subject is not None  # asked for by a message about the subject
        if found != self._subject.found:
            self._subject = replace(self._subject, found=found)
            self._draw()

    def draw_anew(self) -> None:
        """Shows the picture, or none, in the way that pictures are drawn now."""
        self._place_picture()

    def _place_picture(self) -> None:
        """Has the picture drawn as large as the pane allows, once the file is known to be one."""
        if self._subject is None or self._subject.found.facts is None or self._source is None:
            return
        box = picture_box(self.size, is_alone=self._tab is overview.TAB)
        if (
            box is None
            or canvas_of(self.app).way is Way.OFF
            or not is_picture(self._subject.found.facts.media_type)
        ):
            self._hide_picture()
            return
        self.query_one(PictureView).show(
            self._source.path,
            box=box,
            version=self._version,
            prefix_bytes=self._source.prefix_bytes,
            owner=self._subject.download.id,
        )

    def _forget_file(self) -> None:
        """Takes away what a file was found to be that is not looked into any more."""
        self._hide_picture()
        if self._subject is not None:
            self._subject = replace(self._subject, found=Found())

    def _hide_picture(self) -> None:
        self.remove_class("-picture")
        self.query_one(PictureView).show(None)

    def _draw(self) -> None:
        """Composes head and tab anew."""
        head, lines = self.query_one(HeadLines), self.query_one(DetailLines)
        self.query_one(TabBar).opened = self._tab.name
        self.query_one("#page").visible = self._subject is not None
        if self._subject is None or not lines.line_width:
            head.show([])
            lines.show([])
            return
        head.show(self._head(self._subject, head) if self._has_head else [])
        alone = not self._has_head and self._tab is overview.TAB
        compose = overview.compose_with_head if alone else self._tab.compose
        lines.show(compose(self._subject, self._room(lines)))

    def _head(self, subject: Subject, head: HeadLines) -> list[Line]:
        """Composes the head, and what the tab adds to it in a column of its own."""
        room = self._room(head)
        if not room.width:
            return []
        top = head_lines(subject, room)
        if not self._is_split or self._tab.aside is None:
            return top
        return [*top, *self._tab.aside(subject, replace(room, height=room.height - len(top)))]

    def _room(self, lines: Lines) -> Room:
        """Returns the room of one of the columns."""
        split = self._is_split and not self.has_class("-picture")
        height = lines.scrollable_content_region.height
        return Room(width=lines.line_width, height=height, now=time.time(), is_split=split)

    def _count_down(self) -> None:
        if self._subject is not None and self._subject.download.retry_at is not None:
            self._draw()


def _is_same_file(before: Download, now: Download | None) -> bool:
    """Tells whether what was found on disk for one snapshot holds for a later one."""
    return now is not None and (before.id, before.path) == (now.id, now.path)
