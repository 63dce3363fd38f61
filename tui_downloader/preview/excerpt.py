"""The value that reading a file of words or an archive ends in.

Owns `Excerpt`. Must never hold a character that acts on a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_downloader.model.display_text import safe
from tui_downloader.units import format_bytes

LINES: int = 100
"""How many lines are shown of a text, or entries of an archive."""

COLUMNS: int = 240
"""How many characters of a line."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of a text, or the first entries of an archive."""

    note: str
    """What it is, in a few words, safe to print: "UTF-8", "12 entries"."""
    lines: tuple[str, ...]
    """The lines, safe to print, without line ends."""
    is_whole: bool
    """Whether there is nothing after them."""


def line_of(text: str, columns: int) -> str:
    """Make one line harmless and short enough.

    Args:
        text: From outside; without a line end.
        columns: How many characters at most; what is cut off leaves an ellipsis.
    """
    cut = text[: columns + 1].expandtabs(8)
    return safe(cut if len(cut) <= columns else f"{cut[: columns - 1]}…")


def entry(name: str, size: int, columns: int) -> str:
    """Word one entry of an archive: its size, right-aligned, and its name."""
    return line_of(f"{format_bytes(size):>9}  {name}", columns)
