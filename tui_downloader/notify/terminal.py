"""Notifications by the terminal (OSC 9, 99, 777): which terminal takes which, and the sequence.

Owns the sequences. Only terminals that are known to show them get one: others print what they do not understand,
or take `OSC 9` for a progress bar. Must never put a control character, or a text as a command, into one.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from enum import StrEnum

from tui_downloader.model.display_text import safe

TEXT_CHARACTERS_MAX = 200
"""Longer texts are cut: terminals limit the length of a sequence."""

_OSC, _END = "\x1b]", "\x1b\\"
_OSC_9 = frozenset({"iTerm.app", "WezTerm", "ghostty"})
_TITLE = "tuidl"


class TerminalWay(StrEnum):
    """How the terminal tells."""

    OSC_9 = "OSC 9"
    """iTerm2, WezTerm, Ghostty."""
    OSC_99 = "OSC 99"
    """kitty."""
    OSC_777 = "OSC 777"
    """foot, rxvt-unicode, Contour."""
    BELL = "bell"
    """In tmux and screen: they mark the window and hand it on; the terminal behind them is not known."""
    NONE = "none"


def terminal_way(environment: Mapping[str, str]) -> TerminalWay:
    """Chooses the way by what the terminal says of itself in the environment."""
    if environment.get("TMUX") or environment.get("STY"):
        return TerminalWay.BELL
    term, program = environment.get("TERM", ""), environment.get("TERM_PROGRAM", "")
    if term == "xterm-kitty" or program == "kitty":
        return TerminalWay.OSC_99
    if program in _OSC_9 or term == "xterm-ghostty":
        return TerminalWay.OSC_9
    if term.startswith(("foot", "rxvt-unicode", "contour")) or program in {"foot", "contour"}:
        return TerminalWay.OSC_777
    return TerminalWay.NONE


def sequence(way: TerminalWay, sentences: tuple[str, ...]) -> str:
    """Returns what is written to the terminal; empty if it has no way.

    Args:
        way: The way.
        sentences: What to tell.
    """
    text = safe(" · ".join(sentences))[:TEXT_CHARACTERS_MAX]
    match way:
        case TerminalWay.OSC_9:
            return f"{_OSC}9;{_TITLE}: {text}{_END}"  # the title keeps a text like “4;1;50” from being a command
        case TerminalWay.OSC_99:
            title, body = (base64.b64encode(each.encode()).decode() for each in (_TITLE, text))
            return f"{_OSC}99;i={_TITLE}:d=0:e=1;{title}{_END}{_OSC}99;i={_TITLE}:d=1:p=body:e=1;{body}{_END}"
        case TerminalWay.OSC_777:
            return f"{_OSC}777;notify;{_TITLE};{text.replace(';', ',')}{_END}"
        case TerminalWay.BELL:
            return "\a"
        case TerminalWay.NONE:
            return ""
