"""Pasted text, made fit for a text field.

Owns what a paste may bring in. Must never load a widget: the smallest field needs it, too.
"""

from __future__ import annotations

from tui_downloader.model.display_text import safe
from tui_downloader.model.request import URL_LENGTH_MAX


def pasted_words(text: str) -> str:
    """Makes pasted text fit for a text field: one word a line, nothing a terminal would act on.

    A line as long as ten thousand URLs would make each key press slow, so a word longer than any URL is cut.

    Args:
        text: What the terminal handed over.
    """
    words = [safe(word[: URL_LENGTH_MAX + 1]) for word in text.split()]
    ends = "\n" if len(words) > 1 else ""
    return "\n".join(words) + ends
