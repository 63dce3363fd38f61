"""The finished pictures as a grid of thumbnails.

Owns what stands below the grid, and the way to a picture in the whole window. Must never decode one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen

from tui_downloader.model.download import Download
from tui_downloader.tui.hints import Hint
from tui_downloader.tui.steady_text import steady
from tui_downloader.tui.widgets.facts_line import FactsLine
from tui_downloader.tui.widgets.line import Line
from tui_downloader.tui.widgets.thumbnail_grid import ThumbnailGrid
from tui_downloader.units import format_bytes

_KEYS = (Hint("gallery-open", "Picture", "open"), Hint("gallery-close", "Back", "close"))


class GalleryScreen(Screen[int | None]):
    """Shows thumbnails; dismisses with the id of the picture under the cursor."""

    CSS_PATH = "gallery.tcss"
    AUTO_FOCUS = "ThumbnailGrid"
    BINDING_GROUP_TITLE = "Thumbnails"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Picture", id="gallery-open", tooltip="Show the picture in the whole window"),
        Binding("escape,q,t", "close", "Back", id="gallery-close", tooltip="Go back to the list"),
    ]

    def __init__(self, pictures: Sequence[Download], at: int, *, thumbnails: Path, plain: bool = False) -> None:
        """Takes the pictures.

        Args:
            pictures: Finished pictures, at least one.
            at: Which of them is under the cursor.
            thumbnails: Where thumbnails are kept.
            plain: Whether the font has ASCII only.
        """
        super().__init__()
        self._pictures = pictures
        self._grid = ThumbnailGrid(pictures, at, thumbnails=thumbnails, plain=plain)
        self._plain = plain

    def compose(self) -> ComposeResult:
        """Builds the grid, in a container of its own, and the line below it."""
        with Container(id="frame"):
            yield self._grid
        yield FactsLine(*_KEYS)

    def on_mount(self) -> None:
        """Names the first picture."""
        self._tell()

    def action_open(self) -> None:
        """Shows the picture under the cursor in the whole window; leafing there moves the cursor here."""
        from tui_downloader.tui.screens.picture import PictureScreen

        def go_on(download_id: int | None) -> None:
            at = next((at for at, each in enumerate(self._pictures) if each.id == download_id), None)
            if at is not None:
                self._grid.move_to(at)

        self.app.push_screen(PictureScreen(self._pictures, self._grid.cursor, plain=self._plain), go_on)

    def action_close(self) -> None:
        """Goes back to the list, to the same picture."""
        self.dismiss(self._pictures[self._grid.cursor].id)

    @on(ThumbnailGrid.Moved)
    def _tell(self) -> None:
        """Names the picture under the cursor: `nebula.jpg · 4.6 MB · 3 of 14`."""
        download = self._pictures[self._grid.cursor]
        place = f"{self._grid.cursor + 1:,} of {len(self._pictures):,}"
        words = (steady(download.shown_name), format_bytes(download.bytes_received), place)
        self.query_one(FactsLine).facts = " · ".join(words)

    @on(ThumbnailGrid.Opened)
    def _on_opened(self) -> None:
        """Opens what was clicked twice."""
        self.action_open()

    @on(Line.Pressed)
    async def _pressed(self, message: Line.Pressed) -> None:
        """Does what was clicked."""
        await self.run_action(message.action)
