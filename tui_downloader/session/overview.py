"""What is in each session, as a list shows it.

Owns reading sessions that nobody opened: nothing is created, migrated or locked for it, and one that cannot be
read is shown with its reason instead of hiding the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui_downloader import paths
from tui_downloader.errors import SessionUnusableError
from tui_downloader.session.opening import session_names
from tui_downloader.state.overview import read_overview

INBOX = "inbox"
"""The client of the journal whose cursor is the inbox's read-up-to mark."""


@dataclass(frozen=True, slots=True)
class SessionOverview:
    """One session; its fields are the keys of the JSON."""

    session: str
    """Its identifier."""
    downloads: int = 0
    """How many downloads it has."""
    unfinished: int = 0
    """How many of them have not completed, failed or been cancelled."""
    running: int = 0
    """How many of them go on by themselves: queued, running or waiting, and not paused."""
    unread: int = 0
    """How much of its inbox is new."""
    worker_running: bool = False
    """Whether a live worker holds it."""
    worker_pid: int | None = None
    """The worker's process id; `None` if there is none."""
    held: bool = False
    """Whether it was stopped and starts nothing by itself."""
    error: str | None = None
    """Why it cannot be used; `None` if it can."""


def session_overviews(state_directory: Path | None = None) -> list[SessionOverview]:
    """Returns all sessions that were ever used, by name.

    Args:
        state_directory: Where sessions lie; `None` is the usual place.

    Raises:
        SessionUnusableError: The state directory cannot be read.
    """
    return [session_overview(each, state_directory) for each in session_names(state_directory)]


def session_overview(identifier: str, state_directory: Path | None = None) -> SessionOverview:
    """Returns what is in one session; one that cannot be read has an error.

    Args:
        identifier: Its name.
        state_directory: Where sessions lie; `None` is the usual place.
    """
    state = state_directory or paths.state_directory()
    try:
        read = read_overview(state / "sessions" / identifier / paths.STATE_FILE, inbox=INBOX)
    except SessionUnusableError as error:
        return SessionOverview(identifier, error=str(error))
    return SessionOverview(
        identifier,
        downloads=read.downloads,
        unfinished=read.unfinished,
        running=read.running,
        unread=read.unread,
        worker_running=read.worker.running,
        worker_pid=read.worker.pid,
        held=read.worker.held,
    )
