"""Which session a command line means: `-s` and `--state-dir`, before or after the verb.

Owns the two global options and how a verb gets its session from them. Must never touch the disk before a verb
asks for the session.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from tui_downloader.cli.completion import complete_directories, complete_sessions

if TYPE_CHECKING:
    from tui_downloader.session.session import Session

Decorated = TypeVar("Decorated", bound=Callable[..., object])

DEFAULT_SESSION = "default"
"""Identifier of the session that is meant when none is named."""


class Invocation:
    """What the global options said; filled in while the command line is read, before and after the verb."""

    def __init__(self) -> None:
        """Begins with nothing said."""
        self.chosen_session: str | None = None
        """`-s`; `None` leaves it to the environment."""
        self.chosen_state_directory: Path | None = None
        """`--state-dir`, absolute; `None` leaves it to the environment and the system."""
        self._sessions: list[Session] = []

    @property
    def named_session(self) -> str | None:
        """Identifier of the session that was named by option or environment; `None` if none was."""
        return os.environ.get("TUIDL_SESSION") or None if self.chosen_session is None else self.chosen_session

    @property
    def identifier(self) -> str:
        """Identifier of the session that is meant."""
        named = self.named_session
        return DEFAULT_SESSION if named is None else named

    def session(self) -> Session:
        """Makes the session that is meant; it touches nothing until it is used.

        Raises:
            InvalidSessionNameError: The name cannot be one.
        """
        return self.session_named(self.identifier)

    def session_named(self, identifier: str) -> Session:
        """Makes a session of the same state directory.

        Raises:
            InvalidSessionNameError: The name cannot be one.
        """
        from tui_downloader.session.session import Session

        session = Session(identifier, state_directory=self.chosen_state_directory)
        self._sessions.append(session)
        return session

    def mend(self) -> bool:
        """Replaces the state file of the session that was found damaged: the one that was made last.

        Returns:
            Whether there is any.

        Raises:
            SessionUnusableError: It cannot be replaced.
        """
        if self._sessions:
            self._sessions[-1].mend()
        return bool(self._sessions)

    def close(self) -> list[str]:
        """Closes the sessions made.

        Returns:
            Sentences for the user about what opening them did.
        """
        for session in self._sessions:
            session.close()
        return [notice for session in self._sessions for notice in session.notices]

    def option_words(self) -> str:
        """Returns what a further command line needs to mean the same session: ` -s work`, or nothing."""
        words = "" if self.identifier == DEFAULT_SESSION else f" -s {self.identifier}"
        if self.chosen_state_directory is not None:
            import shlex

            words += f" --state-dir {shlex.quote(str(self.chosen_state_directory))}"
        return words


def global_options(function: Decorated) -> Decorated:
    """Adds `-s/--session` and `--state-dir` to a verb; what stands after the verb wins over what stands before."""
    for option in (
        click.option(
            "--state-dir",
            metavar="DIR",
            expose_value=False,
            is_eager=True,
            callback=_take_state_directory,
            shell_complete=complete_directories,
            help="Where the state is kept (TUIDL_STATE_DIR).",
        ),
        click.option(
            "-s",
            "--session",
            metavar="NAME",
            expose_value=False,
            is_eager=True,
            callback=_take_session,
            shell_complete=complete_sessions,
            help="Which session (TUIDL_SESSION; default: default).",
        ),
    ):
        function = option(function)
    return function


def _take_session(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Stores a named session for the verb."""
    if value is not None:
        context.ensure_object(Invocation).chosen_session = value


def _take_state_directory(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Stores the chosen state directory for the verb."""
    if value is None:
        return
    if not value:
        raise click.UsageError("--state-dir needs the name of a directory.", context)
    try:
        directory = Path(value).expanduser().absolute()
    except (OSError, RuntimeError) as error:
        raise click.UsageError(f"The state directory “{value}” cannot be used: {error}", context) from error
    context.ensure_object(Invocation).chosen_state_directory = directory
