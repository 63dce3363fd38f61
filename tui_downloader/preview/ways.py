"""The ways a terminal can be given a picture, and the one that its environment suggests.

Owns their names, which users type. Must never ask a terminal anything, nor read the environment itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from tui_downloader.errors import InvalidInputError


class Way(StrEnum):
    """How a picture is drawn, best first."""

    KITTY = "kitty"
    """kitty's graphics protocol, as WezTerm, Ghostty and Konsole have it, too."""
    ITERM = "iterm"
    """iTerm2's inline images."""
    SIXEL = "sixel"
    """Sixels, as foot, mlterm and xterm have them."""
    SYMBOLS = "symbols"
    """Quadrant glyphs in two colours."""
    HALF = "half"
    """Half blocks: for fonts without quadrants."""
    OFF = "off"
    """Facts only."""


AUTO: Final = "auto"
"""What users say to leave the choice to the program."""

CHOICES: Final = (AUTO, *(each.value for each in Way))
"""All that users can say."""

VARIABLE: Final = "TUIDL_IMAGES"
"""The environment variable that makes the choice."""

_PROGRAMS: Final = {
    "kitty": Way.KITTY,
    "ghostty": Way.KITTY,
    "wezterm": Way.ITERM,
    "iterm.app": Way.ITERM,
    "mintty": Way.ITERM,
}
"""`TERM_PROGRAM` in lower case → what it is known to draw well."""

_TERMS: Final = (
    ("xterm-kitty", Way.KITTY),
    ("xterm-ghostty", Way.KITTY),
    ("foot", Way.SIXEL),
    ("mlterm", Way.SIXEL),
)
"""Beginnings of `TERM`."""


_VERSIONS: Final = (
    ("kitty", Way.KITTY),
    ("ghostty", Way.KITTY),
    ("wezterm", Way.ITERM),
    ("iterm2", Way.ITERM),
    ("mintty", Way.ITERM),
)
"""Beginnings of what terminals tell as their version, in lower case."""

_SIXEL_ATTRIBUTE: Final = "4"


def suggested(environment: Mapping[str, str]) -> Way:
    """Tell from the environment alone how to draw. A terminal that was asked knows better.

    Args:
        environment: The process's variables.

    Returns:
        Pixels only where the terminal is known for them and nothing stands between; facts only where colours are
        not wanted or not to be had.
    """
    term = environment.get("TERM", "")
    if environment.get("NO_COLOR") or term in {"dumb", "unknown"}:
        return Way.OFF
    if is_multiplexed(environment):
        return Way.SYMBOLS
    program = _PROGRAMS.get(environment.get("TERM_PROGRAM", "").lower())
    if program is not None:
        return program
    return next((way for start, way in _TERMS if term.startswith(start)), Way.SYMBOLS)


def told(environment: Mapping[str, str], answers: Mapping[str, str]) -> Way:
    """Tell how to draw on a terminal that was asked.

    Args:
        environment: The process's variables.
        answers: What it told: its `attributes` (DA1), its `version` (XTVERSION), and `OK` for `kitty`. A terminal
            that told nothing is known by the environment alone.
    """
    by_environment = suggested(environment)
    if by_environment is Way.OFF or is_multiplexed(environment) or "attributes" not in answers:
        return by_environment
    # Variables are inherited: a terminal started in another one carries that one's name. Its own answer counts.
    version = answers.get("version", "").lower()
    program = next((way for name, way in _VERSIONS if version.startswith(name)), None)
    if program is not None:
        return program
    if answers.get("kitty") == "OK":
        return Way.KITTY
    if _SIXEL_ATTRIBUTE in answers["attributes"].split(";")[1:]:
        return Way.SIXEL
    return Way.SYMBOLS if version else by_environment


def chosen(option: str | None, environment: Mapping[str, str], *, setting: str = AUTO) -> Way | None:
    """Find the way that the user chose: on the command line, else in the environment, else in the settings.

    Args:
        option: `--images`; `None` if it was not given.
        environment: The process's variables.
        setting: `images` of the settings.

    Returns:
        The way; `None` leaves it to the program.

    Raises:
        InvalidInputError: The environment names a way that there is none of.
    """
    named = option or environment.get(VARIABLE) or setting
    if named not in CHOICES:
        raise InvalidInputError(f"{VARIABLE} is “{named}”; it can be {', '.join(CHOICES)}.")
    return None if named == AUTO else Way(named)


def is_multiplexed(environment: Mapping[str, str]) -> bool:
    """Tell whether tmux or screen stands between: they let no pictures through."""
    inside = environment.get("TMUX") or environment.get("STY")
    return bool(inside) or environment.get("TERM", "").startswith(("tmux", "screen"))


def has_true_colour(environment: Mapping[str, str]) -> bool:
    """Tell from the environment whether 24 bit colours are understood; 256 are otherwise."""
    return environment.get("COLORTERM", "").lower() in {"truecolor", "24bit"}
