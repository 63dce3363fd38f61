"""Opening and leaving the screen.

Owns what happens before the terminal is taken and after it was given back. Must never load Textual before it has
told it about the terminal.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tui_downloader import paths
from tui_downloader.errors import DamagedStateFileError
from tui_downloader.session.answers import Newest
from tui_downloader.session.session import Session
from tui_downloader.settings import DEFAULTS, Settings
from tui_downloader.tui.terminal import Asking

FIRST_DOWNLOADS = 200
"""How many downloads are read before the first frame: more than any terminal shows."""
TURN_SECONDS = 0.0005
"""How long the feed's thread goes on when a key wants its turn; Python's own 5 ms add up in one key's work."""


def run_screen(
    identifier: str = "default",
    state_directory: Path | None = None,
    settings: Settings = DEFAULTS,
    come_back: str | None = None,
    images: str | None = None,
) -> str | None:
    """Opens the screen of a session and returns when it was left; a switch opens it anew on another session.

    Args:
        identifier: The session's name.
        state_directory: Where sessions lie; `None` is the usual place.
        settings: Where the screen saves.
        come_back: Command line that opens this screen again; `None` is `tuidl`, with what names the session.
        images: How the user wants pictures drawn; `None` leaves it to environment and settings.

    Returns:
        What to tell on the shell: what goes on in the background, and what could not be done any more; `None` if
        there is nothing to tell.

    Raises:
        TuidlError: The session cannot be used.
    """
    if os.environ.get("STY"):
        os.environ["TEXTUAL_COLOR_SYSTEM"] = "256"  # GNU screen garbles 24-bit colours
    sys.setswitchinterval(TURN_SECONDS)
    unsaid: list[str] = []
    back = come_back or _command_line(identifier, state_directory)
    while True:
        visit = _visit(identifier, state_directory, settings, back, images)
        unsaid += visit.unsaid
        if visit.next_session is None:
            return "\n".join(each for each in (*unsaid, visit.farewell) if each) or None
        identifier = visit.next_session
        back = _command_line(identifier, state_directory)


class _Visit(NamedTuple):
    """How a visit to one session ended."""

    next_session: str | None
    """The session to go to; `None` to leave."""
    unsaid: list[str]
    """Sentences about verbs that failed too late to be shown."""
    farewell: str
    """What goes on in the background; empty if nothing does."""


def _visit(
    identifier: str, state_directory: Path | None, settings: Settings, back: str, images: str | None
) -> _Visit:
    """Opens the screen of one session and returns when it was left."""
    session = Session(identifier, state_directory=state_directory)
    newest, limit_of_all, preferences = _first_look(session)
    settings_file = paths.settings_file()
    with Asking(os.environ, state_directory or paths.state_directory()) as asking:
        from tui_downloader.tui import words
        from tui_downloader.tui.app import TuidlApp
        from tui_downloader.tui.feed import Feed
        from tui_downloader.tui.free_space import free_space
        from tui_downloader.tui.limit_words import limit_in_force
        from tui_downloader.tui.screen_settings import SettingsWatch, checked, default_directory
        from tui_downloader.tui.snapshot import Snapshot, View, begun

        terminal = asking.terminal()
    directory = default_directory(settings)
    setting = settings.bytes_per_second_max
    limit = limit_in_force(limit_of_all, setting=setting)
    feed = Feed(
        session,
        begun(Snapshot(free_bytes=free_space(directory), bytes_per_second_max=limit), newest),
        directory=directory,
        limit_setting=setting,
        preferences=preferences,
        settings_watch=SettingsWatch(settings_file),
    )
    try:
        next_session = TuidlApp(
            feed,
            directory=directory,
            come_back=back,
            settings=checked(settings, settings_file),
            settings_file=settings_file,
            terminal=terminal,
            images=images,
        ).run(mouse=not os.environ.get("STY"))  # with the mouse on, GNU screen keeps Esc until the next key
    finally:
        unsaid = feed.stop()
    from tui_downloader.session.login import stops_at_logout  # late: only the farewell asks

    farewell = words.farewell(
        feed.snapshot.rows[View.ALL],
        identifier=identifier,
        come_back=back,
        stops_at_logout=lambda: stops_at_logout(os.environ, pid=feed.snapshot.worker_pid),
    )
    return _Visit(next_session, unsaid, farewell)


def _first_look(session: Session) -> tuple[Newest, int | None, Mapping[str, str]]:
    """Reads what the first frame shows; a damaged state file is replaced first, and the screen will say so."""
    try:
        return session.newest(FIRST_DOWNLOADS), session.limit_of_all(), session.preferences()
    except DamagedStateFileError:
        session.mend()
    return session.newest(FIRST_DOWNLOADS), session.limit_of_all(), session.preferences()


def _command_line(identifier: str, state_directory: Path | None) -> str:
    """Returns the command line that opens the screen of a session."""
    words = ["tuidl"] if identifier == "default" else ["tuidl", "-s", identifier]
    if state_directory is not None:
        words += ["--state-dir", shlex.quote(str(state_directory))]
    return " ".join(words)
