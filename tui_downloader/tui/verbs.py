"""The screen's actions on downloads: one verb, one action, one method of the feed.

A verb acts on all that are selected, else on the download under the cursor. Owns that it says whom it leaves out,
and which ones ask first. Must never block: the feed does the work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.request import host_of
from tui_downloader.tui.detail_words import counted, tilde
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.hints import cannot, left_out, pauses

if TYPE_CHECKING:
    from tui_downloader.tui.removal_words import Question


class DownloadVerbs(Screen[None]):
    """What can be done with the selected downloads."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "add", "Add", id="add", tooltip="Add downloads; a paste anywhere does the same"),
        Binding("p", "pause", "Pause or resume", id="pause", tooltip="Pause downloads, or let them go on"),
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
    def targets(self) -> Sequence[Download]:
        """The downloads a verb acts on: the selected ones, else the one under the cursor."""
        raise NotImplementedError

    def say(self, remark: str) -> None:
        """Shows a remark in the footer; the text is safe to print."""
        raise NotImplementedError

    def action_add(self, text: str = "") -> None:
        """Opens the add form.

        Args:
            text: What stands in it at first: a paste.
        """
        from tui_downloader.tui.adding import places
        from tui_downloader.tui.adding.result import AddResult
        from tui_downloader.tui.screens.add import AddScreen

        known = places.read_places(self.feed.preferences.get(places.PREFERENCE))

        def add(result: AddResult | None) -> None:
            if result is not None:
                self.directory = result.directory
                self.feed.add(result.requests)
                self.feed.remember(places.PREFERENCE, places.with_place(known, result.directory))

        self.app.push_screen(AddScreen(text, self.directory, feed=self.feed, places=known), add)

    def action_pause(self) -> None:
        """Pauses the downloads; if none of them goes on, they go on."""
        targets = self.targets
        if targets and not any(map(pauses, targets)):
            self.action_resume()
        elif ids := self._able("pause", targets):
            self.feed.pause(ids)

    def action_resume(self) -> None:
        """Lets the downloads go on; waiting or failed ones try now."""
        if ids := self._able("resume", self.targets):
            self.feed.resume(ids)

    def action_cancel(self) -> None:
        """Cancels the downloads; rows and part files stay."""
        if ids := self._able("cancel", self.targets):
            self.feed.cancel(ids)

    def action_remove(self) -> None:
        """Takes the downloads off the list; asks if much was received of unfinished ones."""
        from tui_downloader.tui.removal_words import removal_question

        targets = self.targets
        if self._able("remove", targets):
            self._remove(targets, removal_question(targets), delete_file=False)

    def action_delete(self) -> None:
        """Takes the downloads off the list and deletes their files; always asks. Unfinished ones are removed."""
        from tui_downloader.tui.removal_words import deletion_question

        targets = self.targets
        if all(each.state is not State.COMPLETED for each in targets):
            self.action_remove()
        else:
            self._remove(targets, deletion_question(targets), delete_file=True)

    def action_copy_path(self) -> None:
        """Copies the finished files' paths, one a line."""
        able = set(self._able("copy", self.targets))
        paths = [each.path for each in self.targets if each.id in able and each.path is not None]
        if paths:
            self.app.copy_to_clipboard("\n".join(map(str, paths)))
            self.say(f"Copied: {tilde(paths[0])}" if len(paths) == 1 else f"Copied: {counted(len(paths), 'path')}")

    def action_copy_url(self) -> None:
        """Copies the URLs as they were added; the remark names no more than a host, URLs may hold secrets."""
        targets = self.targets
        if self._able("copy the URL", targets):
            self.app.copy_to_clipboard("\n".join(each.url for each in targets))
            one = len(targets) == 1
            self.say(f"Copied: the URL at {host_of(targets[0].url)}" if one else f"Copied: {len(targets):,} URLs")

    def _able(self, verb: str, targets: Sequence[Download]) -> list[int]:
        """Returns the ids of those that the verb can act on; says why it leaves out the others."""
        remark = left_out(verb, targets)
        if remark is not None:
            self.say(remark)
        return [each.id for each in targets if cannot(verb, each) is None]

    def _remove(self, targets: Sequence[Download], question: Question | None, *, delete_file: bool) -> None:
        """Removes downloads, after the answer yes if there is a question."""
        remove = partial(self.feed.remove, [each.id for each in targets], delete_file=delete_file)
        if question is None:
            remove()
            return
        from tui_downloader.tui.screens.question import QuestionScreen

        screen = QuestionScreen(question.title, question.lines, act=question.act)
        self.app.push_screen(screen, lambda agreed: remove() if agreed else None)
