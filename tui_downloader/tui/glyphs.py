"""Signs for terminals whose font has ASCII only: everything the program draws, replaced on its way to the screen.

Owns the table. Must never change a character that is not a sign of ours: names from outside stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS = {
    "↓": "v",
    "↑": "^",
    "←": "<",
    "→": ">",
    "✓": "+",
    "✗": "x",
    "↻": "~",
    "≡": "=",
    "‖": "|",
    "●": "*",
    "○": "o",
    "▌": ">",
    "…": ".",
    "·": "-",
    "–": "-",
    "—": "-",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "×": "x",
    "≥": ">",
    "≤": "<",
    "≈": "~",
}
_LINES = {
    "─━═╌┄": "-",
    "│┃║▏▎▍▕┆▐": "|",
    "┌┐└┘├┤┬┴┼╭╮╰╯╔╗╚╝╪╫╬┏┓┗┛": "+",
    "█▉▊▋": "#",
    "▓": "#",
    "▒": "=",
    "░": "-",
    "▁▂": "_",
    "▃▄": "-",
    "▅▆": "=",
    "▇▀": "#",
    "▔": "-",
}
TABLE: Mapping[int, str] = {
    **{ord(sign): plain for sign, plain in _SIGNS.items()},
    **{ord(sign): plain for signs, plain in _LINES.items() for sign in signs},
}
"""Each sign and its replacement, both one cell wide."""


class AsciiGlyphs(LineFilter):
    """Replaces signs in every line of every widget."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 -- Textual gives it
        """Returns the line without our signs."""
        return [
            each if each.text.isascii() else Segment(each.text.translate(TABLE), each.style, each.control)
            for each in segments
        ]


def wants_ascii(setting: str, environment: Mapping[str, str]) -> bool:
    """Tells whether to show ASCII only.

    Args:
        setting: `auto`, `unicode` or `ascii`; `auto` is ASCII on the Linux console.
        environment: Environment variables.
    """
    return setting == "ascii" or (setting == "auto" and environment.get("TERM") == "linux")
