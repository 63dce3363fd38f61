"""What is known of the terminal before the screen is drawn on it.

Owns which terminals are asked, and what is kept for the next time. Must never keep anybody waiting who was silent
before.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tui_downloader.preview.ways import Way, chosen, is_multiplexed, told
from tui_downloader.tui.terminal_memory import recall, remember, terminal_name
from tui_downloader.tui.terminal_query import (
    ATTRIBUTES,
    BACKGROUND,
    CELL,
    KITTY,
    PATIENCE_SECONDS,
    VERSION,
    Question,
    TerminalQuery,
    is_light,
)

QUESTIONS: tuple[Question, ...] = (BACKGROUND,)
"""What a terminal is asked at each start: it may have changed."""
PICTURE_QUESTIONS: tuple[Question, ...] = (KITTY, VERSION, CELL)
"""What it is asked once: how pictures can be drawn on it."""
FIRST_PATIENCE_SECONDS = 1.0
"""How long the answers may take then: what is kept must be right over a slow line, too."""

_SILENT = "silent"
_NEVER_ASKED = frozenset({"linux", "dumb", ""})
_PRINTS_QUESTIONS = frozenset({"Apple_Terminal"})
"""`TERM_PROGRAM` of terminals that print a part of what they do not understand."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """A terminal's answers."""

    facts: Mapping[str, str]
    """Answers by the name of their question."""
    typed: str = ""
    """What the user typed while it was asked."""

    @property
    def is_light(self) -> bool | None:
        """Whether its background is light; `None` if it did not say."""
        return is_light(self.facts.get(BACKGROUND.name))

    @property
    def cell(self) -> str | None:
        """How large a cell is, in its words; `None` if it did not say."""
        return self.facts.get(CELL.name)

    def way(self, option: str | None, environment: Mapping[str, str], *, setting: str) -> Way:
        """Returns how pictures are drawn: as the user wants, else the best that the terminal can.

        Args:
            option: What the command line says; `None` for nothing.
            environment: Environment variables.
            setting: What the settings say.

        Raises:
            InvalidInputError: The environment names a way that there is none of.
        """
        by_itself = Way.SYMBOLS if self is UNKNOWN else told(environment, self.facts)
        return chosen(option, environment, setting=setting) or by_itself


UNKNOWN = Terminal({})
"""A terminal that was not asked."""


class Asking:
    """Asks the terminal while other things are done; a context manager, see `TerminalQuery`."""

    def __init__(self, environment: Mapping[str, str], state_directory: Path) -> None:
        """Decides whether to ask.

        Args:
            environment: Environment variables.
            state_directory: Where answers are kept; it is not made if it is missing.
        """
        self._directory = state_directory
        self._name = terminal_name(environment)
        self._known = recall(state_directory, self._name) or {}
        never = environment.get("TERM", "") in _NEVER_ASKED or bool(environment.get("STY"))
        asks = not never and _SILENT not in self._known and os.isatty(0) and os.isatty(1)
        about_pictures = ATTRIBUTES not in self._known and _may_draw(environment)
        self._query = TerminalQuery((QUESTIONS + (PICTURE_QUESTIONS if about_pictures else ())) if asks else ())
        self._asks = asks
        self._patience = FIRST_PATIENCE_SECONDS if about_pictures else PATIENCE_SECONDS

    def __enter__(self) -> Self:
        """Asks."""
        self._query.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Gives the terminal back as it was."""
        self._query.__exit__(kind, error, traceback)

    def terminal(self) -> Terminal:
        """Returns what the terminal says, or said the last time."""
        if not self._asks:
            return Terminal(self._known)
        facts = {**self._known, **self._query.answers(seconds=self._patience)}
        remember(self._directory, self._name, facts if self._query.answered else {**facts, _SILENT: "yes"})
        return Terminal(facts, self._query.typed)


def _may_draw(environment: Mapping[str, str]) -> bool:
    """Tells whether a terminal may be asked for pictures: tmux would take the question for a title."""
    return not is_multiplexed(environment) and environment.get("TERM_PROGRAM") not in _PRINTS_QUESTIONS
