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

from tui_downloader.tui.terminal_memory import recall, remember, terminal_name
from tui_downloader.tui.terminal_query import BACKGROUND, Question, TerminalQuery, is_light

QUESTIONS: tuple[Question, ...] = (BACKGROUND,)
"""What a terminal is asked."""

_SILENT = "silent"
_NEVER_ASKED = frozenset({"linux", "dumb", ""})


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
        self._query = TerminalQuery(QUESTIONS if asks else ())
        self._asks = asks

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
        facts = self._query.answers()
        remember(self._directory, self._name, facts if self._query.answered else {**self._known, _SILENT: "yes"})
        return Terminal(facts or self._known, self._query.typed)
