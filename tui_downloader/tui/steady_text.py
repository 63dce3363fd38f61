"""Names for columns: without what terminals give different widths.

Owns what is left out. Must never change a name that is copied, searched or shown where no column follows.
"""

from __future__ import annotations

_JOINED = dict.fromkeys((0x200D, 0x20E3, *range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)))
_FLAG_LETTERS = {0x1F1E6 + at: chr(ord("A") + at) for at in range(26)}
_TABLE: dict[int, str | None] = {**_JOINED, **_FLAG_LETTERS}


def steady(text: str) -> str:
    """Returns a text whose width the usual terminals agree on.

    A family joined of four people is one sign of two cells on one terminal and four of eight on another; so
    joiners, variation selectors, skin tones and key caps are left out, and flags become their two letters.

    Args:
        text: Safe to print.
    """
    return text if text.isascii() else text.translate(_TABLE)
