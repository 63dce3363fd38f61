"""The screen's actions that change what was asked for: another link, a speed limit, a place in the queue.

Owns when they cannot act and which dialog asks for what. Must never block: the feed does the work.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_downloader.model.lifecycle import State
from tui_downloader.tui.verbs import DownloadVerbs


class RequestVerbs(DownloadVerbs):
    """What can be changed about the selected downloads, and the limit of all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "new_link", "New link", id="new-link", tooltip="Go on from another URL of the same file"),
        Binding(
            "L", "limit", "Speed limit", id="limit", tooltip="Limit the speed of all downloads, or of the selected"
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
        targets = self.targets
        if len(targets) > 1:
            self.say(f"A new link is for one download: {len(targets):,} are selected")
            return
        if not self._able("link", targets):
            return
        download = targets[0]
        from tui_downloader.tui.screens.new_link import NewLinkScreen

        def go_on(url: str | None) -> None:
            if url is None:
                return
            now = self.feed.snapshot.find(download.id) or download  # it may have finished
            if ids := self._able("link", [now]):
                self.feed.resume(ids, url=url)

        self.app.push_screen(NewLinkScreen(download), go_on)

    def action_limit(self) -> None:
        """Asks for a speed limit, of all downloads together or of each of the selected ones."""
        from tui_downloader.tui.screens.limit import LimitScreen, NewLimit, Scope

        scopes = [Scope((), "All downloads together", self.feed.snapshot.bytes_per_second_max)]
        targets = [each for each in self.targets if each.state is not State.COMPLETED]
        if targets:
            limits = {each.bytes_per_second_max for each in targets}
            label = targets[0].shown_name if len(targets) == 1 else f"Each of {len(targets):,} selected"
            ids = tuple(each.id for each in targets)
            scopes.append(Scope(ids, label, targets[0].bytes_per_second_max, differs=len(limits) > 1))

        def limit(chosen: NewLimit | None) -> None:
            if chosen is None:
                return
            if chosen.ids:
                self.feed.limit(chosen.ids, chosen.bytes_per_second)
            else:
                self.feed.limit_all(chosen.bytes_per_second)

        self.app.push_screen(LimitScreen(scopes), limit)

    def action_earlier(self) -> None:
        """Moves a queued download one place up the queue; says so if it is the next already."""
        self._move(up=True)

    def action_later(self) -> None:
        """Moves a queued download one place down the queue; says so if it is the last already."""
        self._move(up=False)

    def _move(self, *, up: bool) -> None:
        """Moves the selected downloads in the queue."""
        targets, line = self.targets, self.feed.snapshot.line
        ids = self._able("move", targets)
        place = line.place(targets[0]) if len(targets) == 1 else None
        if not ids:
            return
        if up and place == 1:
            self.say("Already the next in line")
        elif not up and place == len(line):
            self.say("Already the last in line")
        else:
            self.feed.move(ids, up=up)
