"""The screen's actions on downloads: one verb, one action, one method of the feed.

Owns when a verb cannot act and which ones ask first. Must never block: the feed does the work.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import host_of
from tui_downloader.tui.detail_words import amount, tilde
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.hints import cannot, pauses
from tui_downloader.tui.words import is_picture
from tui_downloader.units import format_bytes

ASK_ABOVE_BYTES = 1_000_000
"""Removing an unfinished download asks when more than this was received."""


class DownloadVerbs(Screen[None]):
    """What can be done with the selected download."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="add", tooltip="Add downloads; a paste anywhere does the same"),
        Binding("p", "pause", "Pause or resume", id="pause", tooltip="Pause the download, or let it go on"),
        Binding("r", "resume", "Resume, try now", id="resume", tooltip="Go on, or try again without waiting"),
        Binding("x", "cancel", "Cancel", id="cancel", tooltip="Stop for good; row and part file stay"),
        Binding(
            "d",
            "remove",
            "Remove",
            id="remove",
            tooltip="Take off the list; a finished file stays, a part file goes",
        ),
        Binding(
            "D,delete", "delete", "Delete file", id="delete", tooltip="Take off the list and delete the file; asks"
        ),
        Binding("y", "copy_path", "Copy path", id="copy-path", tooltip="Copy the finished file’s path"),
        Binding("Y", "copy_url", "Copy URL", id="copy-url", tooltip="Copy the URL as it was added"),
    ]

    def __init__(self, feed: Feed, *, directory: Path) -> None:
        """Makes the actions.

        Args:
            feed: Does the work.
            directory: Where the next download is saved, unless the user says otherwise.
        """
        super().__init__()
        self.feed = feed
        self.directory = directory

    @property
    def current(self) -> Download | None:
        """The selected download; `None` if there is none."""
        raise NotImplementedError

    def say(self, remark: str) -> None:
        """Shows a remark in the footer; the text is safe to print."""
        raise NotImplementedError

    def action_add(self, text: str = "") -> None:
        """Opens the add form.

        Args:
            text: What stands in it at first: a paste.
        """
        from tui_downloader.tui.screens.add import AddResult, AddScreen

        def add(result: AddResult | None) -> None:
            if result is not None:
                self.directory = result.directory
                self.feed.add(result.requests)

        self.app.push_screen(AddScreen(text, self.directory), add)

    def action_pause(self) -> None:
        """Pauses the download; a paused one goes on."""
        current = self.current
        if current is not None and not pauses(current):
            self.action_resume()
        elif (download := self._able("pause")) is not None:
            self.feed.pause([download.id])

    def action_resume(self) -> None:
        """Lets the download go on; a waiting or failed one tries now."""
        if (download := self._able("resume")) is not None:
            self.feed.resume([download.id])

    def action_cancel(self) -> None:
        """Cancels the download; row and part file stay."""
        if (download := self._able("cancel")) is not None:
            self.feed.cancel([download.id])

    def action_remove(self) -> None:
        """Takes the download off the list; asks if much was received and it is not finished."""
        download = self._able("remove")
        if download is None:
            return
        if download.state is State.COMPLETED or download.bytes_received <= ASK_ABOVE_BYTES:
            self.feed.remove([download.id])
            return
        lines = (
            f"{download.shown_name}, {amount(download)} received",
            "What was received is deleted from the disk. This cannot be undone.",
        )
        self._ask("Remove download?", lines, act="Remove", download=download, delete_file=False)

    def action_delete(self) -> None:
        """Takes the download off the list and deletes its file; always asks. An unfinished one is removed."""
        download = self._able("delete")
        if download is None:
            return
        if download.state is not State.COMPLETED:
            self.action_remove()
            return
        size = format_bytes(download.bytes_received)
        lines = (
            f"{download.shown_name}, {size}, in {tilde(download.directory)}",
            "The file is deleted from the disk. This cannot be undone.",
        )
        title = "Delete image?" if is_picture(download) else "Delete file?"
        self._ask(title, lines, act="Delete", download=download, delete_file=True)

    def action_copy_path(self) -> None:
        """Copies the finished file's path."""
        download = self._able("copy")
        if download is not None and download.path is not None:
            self.app.copy_to_clipboard(str(download.path))
            self.say(f"Copied: {tilde(download.path)}")

    def action_copy_url(self) -> None:
        """Copies the URL as it was added; the remark names its host only, the URL may hold secrets."""
        if (download := self._able("copy the URL")) is not None:
            self.app.copy_to_clipboard(download.url)
            self.say(f"Copied: the URL at {host_of(download.url)}")

    def _able(self, verb: str) -> Download | None:
        """Returns the selected download if the verb can act on it; says why if not."""
        reason = cannot(verb, self.current)
        if reason is None:
            return self.current
        self.say(reason)
        return None

    def _ask(self, title: str, lines: tuple[str, ...], *, act: str, download: Download, delete_file: bool) -> None:
        """Asks, and removes the download if the answer is yes."""
        from tui_downloader.tui.screens.question import QuestionScreen

        remove = partial(self.feed.remove, [download.id], delete_file=delete_file)
        self.app.push_screen(QuestionScreen(title, lines, act=act), lambda agreed: remove() if agreed else None)
