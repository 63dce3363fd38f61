"""One picture in the whole window, and the way to the next.

Owns what is told about the picture in the one line below it. Must never decode it: the view does.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui_downloader.model.download import Download
from tui_downloader.tui.hints import Hint
from tui_downloader.tui.steady_text import steady
from tui_downloader.tui.widgets.facts_line import FactsLine
from tui_downloader.tui.widgets.line import Line
from tui_downloader.tui.widgets.picture import PictureView
from tui_downloader.units import format_bytes, format_moment

_KEYS = (
    Hint("picture-previous picture-next", "Previous, next", "leaf(1)"),
    Hint("picture-close", "Back", "close"),
)


class PictureScreen(Screen[int | None]):
    """Shows a picture as large as the terminal allows; dismisses with the id of the one shown last."""

    CSS_PATH = "picture.tcss"
    BINDING_GROUP_TITLE = "Picture"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "leaf(-1)", "Previous", id="picture-previous", tooltip="Show the previous picture"),
        Binding("right,l", "leaf(1)", "Next", id="picture-next", tooltip="Show the next picture"),
        Binding("escape,q,enter", "close", "Back", id="picture-close", tooltip="Go back to where you came from"),
    ]

    def __init__(self, pictures: Sequence[Download], at: int, *, plain: bool = False) -> None:
        """Takes the pictures to leaf through.

        Args:
            pictures: Finished pictures.
            at: Which of them is shown first.
            plain: Whether the font has ASCII only.
        """
        super().__init__()
        self._pictures = pictures
        self._at = at
        self._plain = plain
        self._kind = ""

    def compose(self) -> ComposeResult:
        """Builds the picture and the line below it."""
        with Container(id="frame"):
            yield PictureView(plain=self._plain)
        yield Static(id="problem")
        yield FactsLine(*_KEYS)

    def on_mount(self) -> None:
        """Shows the first picture."""
        self._show()

    @property
    def _download(self) -> Download:
        return self._pictures[self._at]

    def action_leaf(self, step: int) -> None:
        """Shows the next or the previous picture; after the last comes the first."""
        self._at = (self._at + step) % len(self._pictures)
        self._show()

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss(self._download.id)

    @on(Line.Pressed)
    async def _pressed(self, message: Line.Pressed) -> None:
        """Does what was clicked."""
        await self.run_action(message.action)

    @on(PictureView.Shown)
    def _on_shown(self, message: PictureView.Shown) -> None:
        """Tells what kind of picture it is."""
        if message.path == self._download.path:
            picture = message.picture
            self._kind = f"{picture.format} · {picture.natural_width} × {picture.natural_height}"
            self._tell()

    @on(PictureView.Failed)
    def _on_failed(self, message: PictureView.Failed) -> None:
        """Tells why there is nothing to see."""
        if message.path == self._download.path:
            self.add_class("-problem")
            self.query_one("#problem", Static).update(Content(f"No preview: {message.reason}."))

    def _show(self) -> None:
        self._kind = ""
        self.remove_class("-problem")
        self._tell()
        self.query_one(PictureView).show(self._download.path, version=self._download.finished_at)

    def _tell(self) -> None:
        """Words the facts: `nebula.jpg · JPEG · 2560 × 1024 · 4.6 MB · finished 14:02 · 3 of 14`."""
        download = self._download
        parts = [steady(download.shown_name), self._kind, format_bytes(download.bytes_received)]
        if download.finished_at is not None:
            parts.append(f"finished {format_moment(download.finished_at, now=time.time())}")
        parts.append(f"{self._at + 1:,} of {len(self._pictures):,}" if len(self._pictures) > 1 else "")
        self.query_one(FactsLine).facts = " · ".join(each for each in parts if each)
