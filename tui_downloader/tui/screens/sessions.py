"""The sessions: what is in each of them; another one is opened, made or removed here.

Owns the dialog. Reads on a thread of its own, since it looks at files that the feed has nothing to do with; must
never open, lock or create a session by looking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_downloader.errors import TuidlError
from tui_downloader.model.display_text import safe
from tui_downloader.session.overview import SessionOverview, session_overviews
from tui_downloader.tui.keys import named
from tui_downloader.tui.screens.new_session import NewSessionScreen
from tui_downloader.tui.screens.question import QuestionScreen
from tui_downloader.tui.sessions_words import removal_lines, session_choices
from tui_downloader.tui.widgets.choices import Choices
from tui_downloader.tui.widgets.lines import Lines

_KEYS = "{choose} switch · {session-new} new · {session-remove} remove · {sessions-close} close"
_REMARK_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 1.0


class SessionsScreen(ModalScreen[str | None]):
    """Lists the sessions; dismisses with the one to switch to, or with `None`."""

    CSS_PATH = "sessions.tcss"
    AUTO_FOCUS = "#sessions"
    BINDING_GROUP_TITLE = "Sessions"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new", "New session", id="session-new", tooltip="Make a session and go there"),
        Binding("d", "remove", "Remove session", id="session-remove", tooltip="Remove a session; asks"),
        Binding("escape,q,s", "close", "Close", id="sessions-close", tooltip="Stay in this session"),
    ]

    def __init__(self, identifier: str, state_directory: Path) -> None:
        """Makes the dialog; what it shows is read when it opens.

        Args:
            identifier: The session that the screen shows.
            state_directory: Where sessions lie.
        """
        super().__init__()
        self._identifier = identifier
        self._state_directory = state_directory
        self._sessions: Sequence[SessionOverview] = ()

    def compose(self) -> ComposeResult:
        """Builds the box with the list."""
        with Vertical(id="box") as box:
            yield Choices(id="sessions")
        box.border_title = Content("Sessions")
        box.border_subtitle = Content(named(_KEYS))

    def on_mount(self) -> None:
        """Reads the sessions, now and every second."""
        self._read()
        self.set_interval(_LOOK_AGAIN_SECONDS, self._read)

    def action_close(self) -> None:
        """Closes the dialog."""
        self.dismiss(None)

    def action_new(self) -> None:
        """Asks for a name, makes the session and goes there."""
        names = [each.session for each in self._sessions]

        def create(name: str | None) -> None:
            if name is not None:
                self._create(name)

        self.app.push_screen(NewSessionScreen(names), create)

    def action_remove(self) -> None:
        """Asks whether to remove the session under the cursor; the one that is open stays."""
        session = self._current()
        if session is None:
            return
        if session.session == self._identifier:
            self._say("This session is open here; switch to another one to remove it")
        elif session.error is not None:
            self._say(session.error)
        else:

            def remove(agreed: bool | None) -> None:
                if agreed:
                    self._say(f"Removing {session.session}…")
                    self._remove(session.session)

            lines = removal_lines(session)
            self.app.push_screen(QuestionScreen("Remove session?", lines, act="Remove"), remove)

    @on(Choices.Chosen)
    def _on_chosen(self, message: Choices.Chosen) -> None:
        """Goes to a session that can be used."""
        message.stop()
        session = self._current()
        if session is None or session.session == self._identifier:
            self.dismiss(None)
        elif session.error is not None:
            self._say(session.error)
        else:
            self.dismiss(session.session)

    @on(Lines.WidthChanged)
    def _on_width_changed(self) -> None:
        """Lays the lines out for another width."""
        self._lay_out()

    @work(thread=True, exclusive=True, group="sessions-read")
    def _read(self) -> None:
        """Reads what is in the sessions."""
        try:
            self._tell(self._show, session_overviews(self._state_directory))
        except TuidlError as error:
            self._tell(self._say, str(error))

    @work(thread=True, group="sessions-change")
    def _create(self, name: str) -> None:
        """Makes a session, then goes there."""
        from tui_downloader.session.session import Session

        session = Session(name, state_directory=self._state_directory)
        try:
            session.create()
        except TuidlError as error:
            self._tell(self._say, str(error))
        else:
            self._tell(self.dismiss, name)
        finally:
            session.close()

    @work(thread=True, group="sessions-change")
    def _remove(self, name: str) -> None:
        """Removes a session."""
        from tui_downloader.session.removal import remove_session

        try:
            remove_session(name, state_directory=self._state_directory, force=True)
        except TuidlError as error:
            self._tell(self._say, str(error))
        else:
            self._tell(self._say, f"Removed {name}; finished files stay where they are")
        self._tell(self._read)

    def _tell(self, step: Callable[..., object], *arguments: object) -> None:
        """Runs a step on the UI thread, unless the dialog has gone."""
        if self.is_attached and self.app.is_running:
            self.app.call_from_thread(step, *arguments)

    def _show(self, sessions: Sequence[SessionOverview]) -> None:
        """Shows what was read."""
        self._sessions = sessions
        self._lay_out()

    def _lay_out(self) -> None:
        """Lays the lines out for the width there is."""
        choices = self.query_one(Choices)
        if choices.line_width:
            lines = session_choices(self._sessions, here=self._identifier, width=choices.line_width)
            choices.show_choices(lines)

    def _current(self) -> SessionOverview | None:
        """Returns the session under the cursor."""
        key = self.query_one(Choices).current
        return next((each for each in self._sessions if each.session == key), None)

    def _say(self, remark: str) -> None:
        """Shows a sentence in place of the keys for a moment."""
        box = self.query_one("#box")
        box.border_subtitle = Content(safe(remark))

        def show_keys() -> None:
            box.border_subtitle = Content(named(_KEYS))

        self.set_timer(_REMARK_SECONDS, show_keys)
