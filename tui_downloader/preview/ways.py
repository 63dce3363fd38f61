"""The ways a terminal can be given a picture, and the one that its environment suggests.

Owns their names, which users type. Must never ask a terminal anything, nor read the environment itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


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
    if environment.get("TMUX") or environment.get("STY") or term.startswith(("tmux", "screen")):
        return Way.SYMBOLS
    program = _PROGRAMS.get(environment.get("TERM_PROGRAM", "").lower())
    if program is not None:
        return program
    return next((way for start, way in _TERMS if term.startswith(start)), Way.SYMBOLS)


def has_true_colour(environment: Mapping[str, str]) -> bool:
    """Tell from the environment whether 24 bit colours are understood; 256 are otherwise."""
    return environment.get("COLORTERM", "").lower() in {"truecolor", "24bit"}
