"""The detail pane: everything about the selected download, its picture first.

Owns the arrangement of picture and lines for the room there is, and the looks at the finished file. Must never
read a file on the UI thread and never call the session.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event
from tui_downloader.model.lifecycle import State
from tui_downloader.preview.facts import FileFacts, describe_file
from tui_downloader.preview.media_type import is_picture
from tui_downloader.tui.detail_lines import Found, Subject, detail_lines
from tui_downloader.tui.widgets.lines import Lines
from tui_downloader.tui.widgets.picture import PictureView

LOOK_SECONDS: Final = 2.0
"""How often a finished file is looked at again, to notice that it changed or went away."""

_TALL_ROWS = 12
"""From this height on the picture stands above the lines, below it at their left."""
_WIDE_CELLS = 56
"""A low pane needs this width for a picture beside the lines."""
_PICTURE_ROWS_MIN = 4
_WHOLE_WINDOW_CELLS = 90
"""A wider pane has the window to itself: the picture takes all but a few rows of it."""
_LINES_BELOW = 5


class DetailLines(Lines):
    """The lines of the pane."""

    BINDING_GROUP_TITLE = "Detail"


class DetailPane(Widget):
    """Shows one download: a finished picture with its facts, a running one's progress, why one stands still."""

    DEFAULT_CSS = """
    DetailPane {
        width: 1fr;
        height: 1fr;
        padding: 0 0 0 1;
        layout: vertical;
        & > #picture-frame { display: none; margin: 0 1 1 0; }
        &.-picture > #picture-frame { display: block; }
        &.-beside { layout: horizontal; }
        &.-beside > #picture-frame { height: 1fr; margin: 0 2 0 0; }
    }
    """

    @dataclass
    class Looked(Message, bubble=False):
        """The thread looked at a finished file; for this pane alone."""

        path: Path
        """The file."""
        facts: FileFacts
        """What it is; without a size if it cannot be read."""
        version: tuple[int, int] | None
        """Time of change and size, to notice a change; `None` if the file is gone."""

    def __init__(self, *, plain: bool = False, id: str | None = None) -> None:  # noqa: A002 -- as Textual's
        """Makes an empty pane.

        Args:
            plain: Whether the font has ASCII only; pictures are then drawn with half blocks.
            id: The widget's id.
        """
        super().__init__(id=id)
        self._plain = plain
        self._subject: Subject | None = None
        self._version: tuple[int, int] | None = None
        self._is_looking = False

    def compose(self) -> ComposeResult:
        """Builds the picture, in a container of its own, and the lines."""
        with Container(id="picture-frame"):
            yield PictureView(use_quadrants=not self._plain, id="picture")
        yield DetailLines(id="detail-lines")

    def on_mount(self) -> None:
        """Starts the clocks: countdowns by the second, looks at the file more rarely."""
        self.set_interval(1.0, self._count_down)
        self.set_interval(LOOK_SECONDS, self._look_again)
        self._look_again()

    def show(self, download: Download | None, events: Sequence[Event] = (), *, place: int | None = None) -> None:
        """Shows a download; the same one again costs what changed.

        Args:
            download: The snapshot; `None` empties the pane.
            events: Its history, in any order.
            place: Its place in the queue; `None` if it is not in line.
        """
        before = self._subject
        stays = before is not None and _is_same_file(before.download, download)
        if download is None:
            self._subject = None
        else:
            found = before.found if before is not None and stays else Found()
            self._subject = Subject(
                download=download, events=tuple(events), found=found, place=place, plain=self._plain
            )
        if not self.is_mounted:
            return
        if not stays:
            self._hide_picture()
            self.query_one(DetailLines).scroll_home(animate=False)
        if before is None or before.download != download:
            self._look_again()
        self._draw()

    @property
    def download(self) -> Download | None:
        """What is shown."""
        return self._subject.download if self._subject is not None else None

    def on_resize(self) -> None:
        """Arranges picture and lines for the new size."""
        self.set_class(self.size.height < _TALL_ROWS, "-beside")
        self._place_picture()

    @on(Lines.WidthChanged)
    def _on_width(self) -> None:
        self._draw()

    @on(PictureView.Shown)
    def _on_picture(self, message: PictureView.Shown) -> None:
        """The picture is there: makes room for just its size and tells its facts."""
        message.stop()
        if self._subject is None or message.path != self._subject.download.path:
            return
        frame = self.query_one("#picture-frame")
        if self.has_class("-beside"):
            frame.styles.width, frame.styles.height = message.cells.width, "1fr"
        else:
            frame.styles.width, frame.styles.height = "1fr", message.cells.height
        self.add_class("-picture")
        self._found(replace(self._subject.found, picture=message.picture, problem=None))

    @on(PictureView.Failed)
    def _on_no_picture(self, message: PictureView.Failed) -> None:
        """There is no picture: tells why."""
        message.stop()
        if self._subject is None or message.path != self._subject.download.path:
            return
        self.remove_class("-picture")
        self._found(replace(self._subject.found, picture=None, problem=message.reason))

    def on_detail_pane_looked(self, message: Looked) -> None:
        """Takes over what a look brought, and has a picture shown."""
        self._is_looking = False
        if self._subject is None or message.path != self._subject.download.path:
            self._look_again()
            return
        if message.facts.size is None:
            self._hide_picture()
            self._found(Found(facts=message.facts))
            return
        self._version = message.version
        stays = is_picture(message.facts.media_type)
        self._found(replace(self._subject.found, facts=message.facts) if stays else Found(facts=message.facts))
        self._place_picture()

    def _found(self, found: Found) -> None:
        assert self._subject is not None  # asked for by a message about the subject
        if found != self._subject.found:
            self._subject = replace(self._subject, found=found)
            self._draw()

    def _place_picture(self) -> None:
        """Has the picture drawn as large as the pane allows, once the file is known to be one."""
        if self._subject is None or self._subject.found.facts is None:
            return
        box = _picture_box(self.size)
        if box is None or not is_picture(self._subject.found.facts.media_type):
            self._hide_picture()
            return
        self.query_one(PictureView).show(self._subject.download.path, box=box, version=self._version)

    def _hide_picture(self) -> None:
        self.remove_class("-picture")
        self.query_one(PictureView).show(None)

    def _draw(self) -> None:
        lines = self.query_one(DetailLines)
        if self._subject is None or not lines.line_width:
            lines.show([])
            return
        lines.show(detail_lines(self._subject, width=lines.line_width, now=time.time()))

    def _count_down(self) -> None:
        if self._subject is not None and self._subject.download.retry_at is not None:
            self._draw()

    def _look_again(self) -> None:
        """Looks at the finished file in a thread; one look at a time."""
        download = self.download
        if download is None or download.state is not State.COMPLETED or download.path is None or self._is_looking:
            return
        self._is_looking = True
        self._look(download.path)

    @work(thread=True)
    def _look(self, path: Path) -> None:
        facts = describe_file(path)
        version: tuple[int, int] | None = None
        if facts.size is not None:
            try:
                status = os.stat(path)  # noqa: PTH116 -- the same call as in the preview
                version = (status.st_mtime_ns, status.st_size)
            except OSError:
                version = None  # gone since: the next look tells
        self.post_message(self.Looked(path, facts, version))


def _is_same_file(before: Download, now: Download | None) -> bool:
    """Tells whether what was found on disk for one snapshot holds for a later one."""
    return now is not None and (before.id, before.path) == (now.id, now.path)


def _picture_box(size: Size) -> Size | None:
    """Returns the largest area for a picture in a pane; `None` where there is no room for one."""
    width, height = size
    if height >= _TALL_ROWS:
        rows = height - _LINES_BELOW if width >= _WHOLE_WINDOW_CELLS else height // 2
        return Size(width - 1, rows)
    if width >= _WIDE_CELLS and height >= _PICTURE_ROWS_MIN:
        return Size(width * 2 // 5, height)
    return None
