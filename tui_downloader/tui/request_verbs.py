"""The screen's actions that change what was asked for: another link, a speed limit, a place in the queue.

Owns when they cannot act and which dialog asks for what. Must never block: the feed does the work.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_downloader.model.lifecycle import State
from tui_downloader.tui.hints import cannot
from tui_downloader.tui.verbs import DownloadVerbs


class RequestVerbs(DownloadVerbs):
    """What can be changed about the selected download, and the limit of all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "new_link", "New link", id="new-link", tooltip="Go on from another URL of the same file"),
        Binding(
            "L", "limit", "Speed limit", id="limit", tooltip="Limit the speed of all downloads, or of this one"
        ),
        Binding(
            "K",
            "earlier",
            "Earlier in the queue",
            id="queue-earlier",
            tooltip="Move a queued download up the queue",
        ),
        Binding(
            "J", "later", "Later in the queue", id="queue-later", tooltip="Move a queued download down the queue"
        ),
    ]

    def action_new_link(self) -> None:
        """Asks for a new URL of the same file; the download goes on from there."""
        download = self._able("link")
        if download is None:
            return
        from tui_downloader.tui.screens.new_link import NewLinkScreen

        def go_on(url: str | None) -> None:
            if url is None:
                return
            reason = cannot("link", self.feed.snapshot.find(download.id) or download)  # it may have finished
            if reason is None:
                self.feed.resume([download.id], url=url)
            else:
                self.say(reason)

        self.app.push_screen(NewLinkScreen(download), go_on)

    def action_limit(self) -> None:
        """Asks for a speed limit, of all downloads together or of the selected one."""
        from tui_downloader.tui.screens.limit import LimitScreen, NewLimit, Scope

        scopes = [Scope(None, "All downloads together", self.feed.snapshot.bytes_per_second_max)]
        current = self.current
        if current is not None and current.state is not State.COMPLETED:
            scopes.append(Scope(current.id, current.shown_name, current.bytes_per_second_max))

        def limit(chosen: NewLimit | None) -> None:
            if chosen is None:
                return
            if chosen.download_id is None:
                self.feed.limit_all(chosen.bytes_per_second)
            else:
                self.feed.limit([chosen.download_id], chosen.bytes_per_second)

        self.app.push_screen(LimitScreen(scopes), limit)

    def action_earlier(self) -> None:
        """Moves a queued download one place up the queue; says so if it is the next already."""
        self._move(up=True)

    def action_later(self) -> None:
        """Moves a queued download one place down the queue; says so if it is the last already."""
        self._move(up=False)

    def _move(self, *, up: bool) -> None:
        """Moves the selected download in the queue."""
        download, line = self._able("move"), self.feed.snapshot.line
        if download is None:
            return
        place = line.place(download)
        if up and place == 1:
            self.say("Already the next in line")
        elif not up and place == len(line):
            self.say("Already the last in line")
        else:
            self.feed.move([download.id], up=up)
