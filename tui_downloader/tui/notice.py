"""Telling a user who looks at another window that downloads have ended, by the terminal.

Owns whether this screen tells its user, so that the worker need not. Must never write anything while the user
looks: then the screen itself says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

_BY_TERMINAL = frozenset({"auto", "terminal"})


class Notice:
    """Knows whether the user looks, and what the terminal can."""

    def __init__(
        self, write: Callable[[str], object], environment: Mapping[str, str], attend: Callable[[bool], object]
    ) -> None:
        """Tells nothing yet.

        Args:
            write: Writes to the terminal, in the order of what is drawn.
            environment: Environment variables, which tell what the terminal can.
            attend: Hears whether this screen tells its user what happens.
        """
        self._write = write
        self._environment = environment
        self._attend = attend
        self._setting = "auto"
        self._focused: bool | None = None if environment.get("TMUX") or environment.get("STY") else True
        """Whether the terminal is focused; `None` in a multiplexer that has said nothing yet: few are set to."""

    def use(self, setting: str) -> None:
        """Takes over what the settings say."""
        self._setting = setting
        self._say()

    def focus(self, focused: bool) -> None:
        """Notes that the terminal got or lost the focus."""
        self._focused = focused
        self._say()

    def tell(self, sentences: tuple[str, ...]) -> None:
        """Tells of a burst, unless the user looks."""
        if self._focused is False and self._setting in _BY_TERMINAL:
            from tui_downloader.notify.terminal import sequence, terminal_way  # late: most screens never need it

            text = sequence(terminal_way(self._environment), sentences)
            if text:
                self._write(text)

    def _say(self) -> None:
        """Says whether this screen tells its user."""
        self._attend(self._focused is True or (self._focused is False and self._terminal_tells()))

    def _terminal_tells(self) -> bool:
        """Tells whether the terminal does it while the user looks elsewhere."""
        if self._setting not in _BY_TERMINAL:
            return False
        from tui_downloader.notify.terminal import TerminalWay, terminal_way

        return terminal_way(self._environment) is not TerminalWay.NONE
