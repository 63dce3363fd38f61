"""A screen as text that people can read and compare: its characters, then the role of each cell's colour.

Owns the form of the files in `tests/data/screens`. Pictures (SVG) would change with every release of Textual and
Rich, and be needed once for each theme; roles are the same in all themes, so that one file proves both.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.screen import Screen

from tui_downloader.tui.app import TuidlApp

RULE = "=" * 8
"""Stands between the characters and their roles."""
ROLES = {
    "foreground": "f",
    "text-muted": "m",
    "primary": "p",
    "success": "s",
    "warning": "w",
    "error": "e",
    "accent": "a",
    "background": " ",
    "boost": "b",
    "surface": "u",
    "panel": "n",
}
"""The letter of each theme variable; capitals are bold, `?` is a mixed colour."""


def drawn(app: TuidlApp) -> str:
    """Return the screen that is shown: its lines, a rule, and its lines of roles."""
    letters = _letters(app.theme_variables)
    strips = _strips(app.screen)
    text = ["".join(each.text for each in line).rstrip() for line in strips]
    roles = ["".join(_roles(each, letters) for each in line).rstrip() for line in strips]
    return "\n".join([*text, RULE, *roles]) + "\n"


def _strips(screen: Screen[object]) -> list[list[Segment]]:
    """Return the lines as they are composed, dialogs over what lies beneath."""
    return [list(strip) for strip in screen._compositor.render_strips()]


def _letters(variables: Mapping[str, str]) -> dict[str, str]:
    """Return the letter of each colour, as six hexadecimal digits."""
    return {variables[name].lstrip("#").lower()[:6]: letter for name, letter in reversed(ROLES.items())}


def _roles(segment: Segment, letters: Mapping[str, str]) -> str:
    """Return a letter for each cell: of the character's colour, or of the ground behind a blank."""
    style = segment.style or Style()
    fore, back = (style.bgcolor, style.color) if style.reverse else (style.color, style.bgcolor)
    front, ground = _letter(fore, letters), _letter(back, letters)
    front = front.upper() if style.bold else front
    return "".join((ground if char == " " else front) * cell_len(char) for char in segment.text)


def _letter(color: RichColor | None, letters: Mapping[str, str]) -> str:
    if color is None or color.triplet is None:
        return "?"
    return letters.get(color.triplet.hex.lstrip("#").lower(), "?")
