"""The screen's actions on all downloads of the session at once.

Owns which downloads they mean. Must never block: the feed does the work.
"""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_downloader.model.lifecycle import State
from tui_downloader.tui.detail_words import counted
from tui_downloader.tui.file_verbs import FileVerbs
from tui_downloader.tui.hints import pauses
from tui_downloader.tui.snapshot import View


class SessionVerbs(FileVerbs):
    """What can be done with the session as a whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sessions", "Sessions", id="sessions", tooltip="Go to another session, make or remove one"),
        Binding(
            "P", "pause_all", "Pause or resume all", id="pause-all", tooltip="Pause everything, or let it go on"
        ),
        Binding(
            "R",
            "resume_failed",
            "Resume all failed",
            id="resume-failed",
            tooltip="Try everything again that failed",
        ),
    ]

    def action_sessions(self) -> None:
        """Lists the sessions; the screen opens anew on the one that is chosen."""
        from tui_downloader.tui.screens.sessions import SessionsScreen

        def switch(identifier: str | None) -> None:
            if identifier is not None:
                self.app.exit(identifier)

        self.app.push_screen(SessionsScreen(self.feed.identifier, self.feed.state_directory), switch)

    def action_pause_all(self) -> None:
        """Pauses everything that runs or waits; if nothing does, everything that is paused goes on."""
        rows = self.feed.snapshot.rows
        unfinished = (*rows[View.ACTIVE], *rows[View.WAITING])
        running = [each.id for each in unfinished if pauses(each)]
        paused = [each.id for each in unfinished if not pauses(each)]
        if running:
            self.feed.pause(running)
            self.say(f"Pausing {counted(len(running), 'download')}; P again lets them go on")
        elif paused:
            self.feed.resume(paused)
            self.say(f"{counted(len(paused), 'download')} {'goes' if len(paused) == 1 else 'go'} on")
        else:
            self.say("Nothing to pause: everything has ended")

    def action_resume_failed(self) -> None:
        """Tries every failed download again; cancelled ones stay as they are."""
        failed = [each.id for each in self.feed.snapshot.rows[View.FAILED] if each.state is State.FAILED]
        if failed:
            self.feed.resume(failed)
            self.say(f"Trying {counted(len(failed), 'failed download')} again")
        else:
            self.say("Nothing to try again: no download has failed")
