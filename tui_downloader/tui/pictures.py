"""The finished pictures: one in the whole window, or all of them as a grid.

Owns which pictures there are to leaf through, and where the cursor is afterwards. Must never decode one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.paths import THUMBNAILS
from tui_downloader.preview.ways import Way
from tui_downloader.tui.drawing.canvas import canvas_of
from tui_downloader.tui.panes import Panes
from tui_downloader.tui.snapshot import View
from tui_downloader.tui.words import is_picture


class Pictures(Panes):
    """The part of the main screen that opens pictures."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "gallery", "Thumbnails", id="gallery", tooltip="Show the finished pictures as a grid"),
    ]

    def action_view(self) -> None:
        """Shows a finished picture in the whole window; of anything else the detail."""
        current = self.current
        if current is None or not _is_shown(current) or canvas_of(self.app).way is Way.OFF:
            super().action_view()
            return
        from tui_downloader.tui.screens.picture import PictureScreen

        pictures = self._pictures()
        at = next((at for at, each in enumerate(pictures) if each.id == current.id), None)
        if at is None:  # the list is still being arranged
            pictures, at = (current,), 0
        self.app.push_screen(PictureScreen(pictures, at, plain=self._plain), self._go_to_picture)

    def action_gallery(self) -> None:
        """Shows the finished pictures as a grid."""
        pictures = self._pictures() or [each for each in self.snapshot.rows[View.DONE] if _is_shown(each)]
        if not pictures:
            self.say("No thumbnails: no picture has finished yet")
            return
        from tui_downloader.tui.screens.gallery import GalleryScreen

        at = next((at for at, each in enumerate(pictures) if self.current and each.id == self.current.id), 0)
        screen = GalleryScreen(pictures, at, thumbnails=self.feed.state_directory / THUMBNAILS, plain=self._plain)
        self.app.push_screen(screen, self._go_to_picture)

    def _pictures(self) -> Sequence[Download]:
        """Returns the finished pictures of the list, in its order."""
        return [each for each in self.rows_now() or () if _is_shown(each)]

    def _go_to_picture(self, download_id: int | None) -> None:
        """Puts the cursor on the picture that was shown last."""
        if download_id is not None:
            self.show_download(download_id)


def _is_shown(download: Download) -> bool:
    return download.state is State.COMPLETED and download.path is not None and is_picture(download)
