"""Lines of text whose parts carry a role instead of a colour.

Owns the roles and the fitting of text into cells. Must never name a colour: widgets do that, from the theme.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from rich.cells import cell_len, set_cell_size
from textual.content import Content

ELLIPSIS = "…"
"""Stands where text was left out."""
SEPARATOR = " · "
"""Stands between the parts of a line."""

_EIGHTHS = " ▏▎▍▌▋▊▉"


class Role(StrEnum):
    """What a part of a line means; each widget gives it its style."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"
    ACTIVE = "active"
    GOOD = "good"
    WAIT = "wait"
    BAD = "bad"
    KEY = "key"
    BAR = "bar"
    ARRIVING = "arriving"
    FAINT = "faint"


Part = tuple[str, Role]
"""Text and its role."""
Line = tuple[Part, ...]
"""One line from the left."""
BLANK: Line = ()
"""An empty line."""


def line(text: str, role: Role = Role.PLAIN) -> Line:
    """Makes a line of one part."""
    return ((text, role),)


def clip_end(text: str, width: int) -> str:
    """Cuts a text at its end so that it fits; an ellipsis tells that it was cut.

    Args:
        text: One line.
        width: Cells there are.
    """
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + ELLIPSIS if width > 0 else ""


def joined(parts: Sequence[str], width: int) -> str:
    """Joins parts with dots between them, as many from the first on as fit; the first one is cut if it must be.

    Args:
        parts: The most important first.
        width: Cells there are.
    """
    kept = [each for each in parts if each]
    while len(kept) > 1 and cell_len(SEPARATOR.join(kept)) > width:
        kept.pop()
    return clip_end(SEPARATOR.join(kept), width)


def wrap(text: str, width: int) -> list[str]:
    """Breaks a text into lines at blanks; a word longer than a line is cut.

    Args:
        text: One paragraph.
        width: Cells of a line; narrower than 8 is taken as 8.
    """
    return [each.plain.strip() for each in Content(text).wrap(max(8, width))] if text else []


def spread(left: Sequence[Part], right: Part, *, width: int) -> Line:
    """Puts parts at the left and one at the right end of a line; the right one is left out where it does not fit.

    Args:
        left: Parts from the left; they are expected to fit.
        right: The part at the right end.
        width: Cells of the line.
    """
    room = width - sum(cell_len(text) for text, _ in left) - cell_len(right[0])
    if room < 2 or not right[0]:
        return tuple(left)
    return (*left, (" " * room, Role.PLAIN), right)


def bar(fraction: float, width: int, *, plain: bool = False) -> Part:
    """Draws a progress bar in eighths of a cell.

    Args:
        fraction: 0.0 to 1.0.
        width: Its cells.
        plain: Whether the font has ASCII only.
    """
    if plain:
        return ("=" * int(min(max(fraction, 0.0), 1.0) * width)).ljust(width, "-"), Role.ACTIVE
    eighths = int(min(max(fraction, 0.0), 1.0) * width * 8)
    text = "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")
    return text.ljust(width), Role.BAR
