"""Makes text from outside harmless for a terminal.

Owns the one function that every URL, header value, file name and server message passes before it is shown.
Must never let a control, C1, bidi or zero-width character through.
"""

from __future__ import annotations

import unicodedata

INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0")
"""Letters and marks by category for which nothing is drawn (UAX #44, Default_Ignorable_Code_Point); variation
selectors are not among them: they choose how the character before them is drawn."""

_JOINER = "\u200d"
_SKIN_TONES = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
_DROPPED = {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}


def safe(text: str) -> str:
    """Returns the text without anything a terminal would act on.

    Controls (C0, DEL, C1), bidi, zero-width and invisible characters, line and paragraph separators, surrogates
    and unassigned code points become `\ufffd`; tabs and line ends become a blank. A zero-width joiner stays
    between emoji only.

    Args:
        text: Any text from outside.

    Returns:
        Text that is printed as it stands.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe_character(text, at) for at in range(len(text)))


def _safe_character(text: str, at: int) -> str:
    """Returns what stands for one character."""
    character = text[at]
    if character.isprintable():
        return "\ufffd" if character in INVISIBLE else character
    if character in "\t\n\r\x0b\x0c":
        return " "
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if character == _JOINER and _is_emoji(text, at - 1) and _is_emoji(text, at + 1):
        return character
    return "\ufffd" if category in _DROPPED else character


def _is_emoji(text: str, at: int) -> bool:
    """Tells whether a pictograph (or its variation selector or skin tone) stands at that place."""
    if not 0 <= at < len(text):
        return False
    return unicodedata.category(text[at]) == "So" or text[at] == "\ufe0f" or text[at] in _SKIN_TONES
