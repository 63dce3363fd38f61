"""`Content-Disposition` (RFC 6266): the file name a server proposes.

Owns reading it, leniently: an extended value (RFC 8187) first, and the many wrong ways servers write names.
Must never be trusted as a path; `filename.safe_filename` comes after.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_downloader.protocol.field_text import (
    decode_encoded_words,
    decode_extended,
    decode_percent,
    text_of,
)

_LONGEST_FIELD = 8192
"""Characters that are looked at; a longer field is no file name."""

_NAME = re.compile(r"[\s;,]*([^=;]*)")
_ANOTHER_FIELD = r",\s*(?:attachment|inline|form-data)\s*;"
"""Where a second field begins, which something on the way has joined to the first one (RFC 9110, 5.2)."""
_CLOSING_QUOTE = re.compile(rf'"(?=\s*(?:;|\Z|{_ANOTHER_FIELD})|\s+[\w*-]+\s*=)', re.IGNORECASE)
_BARE_VALUE = re.compile(rf"(?:(?!{_ANOTHER_FIELD})[^;])*", re.IGNORECASE)
_MISSING_STAR = re.compile(r"utf-?8'[\w-]*'", re.ASCII | re.IGNORECASE)
"""How an extended value begins that stands under the plain name."""
_QUOTED_TOO_LATE = re.compile(r"\A([^'\"]*'[^'\"]*')\"(.*)\"\Z", re.DOTALL)
"""An extended value with quotes behind its charset."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\[^\\]")
_SEPARATOR = re.compile(r"[\\/]")


def filename_from_disposition(value: bytes | str) -> str | None:
    """Return the file name a `Content-Disposition` proposes.

    Args:
        value: field value; raw bytes, or text a library made of them.

    Returns:
        The last path component, decoded but not yet safe; None if there is no name.
    """
    parameters = list(_parameters(text_of(value)[:_LONGEST_FIELD]))
    extended = (_extended_name(raw) for name, raw in parameters if name == "filename*")
    plain = (_plain_name(raw) for name, raw in parameters if name == "filename")
    for candidate in (*extended, *plain):
        component = _SEPARATOR.split(candidate or "")[-1].strip()
        if component not in {"", ".", ".."}:
            return component
    return None


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    """Yield names in lower case with their raw values, quotes included."""
    position = 0
    while position < len(text):
        match = _NAME.match(text, position)
        assert match is not None, "the pattern matches nothing at all, too"
        position = match.end()
        if not text.startswith("=", position):
            position += 1
            continue
        value = _raw_value(text, position + 1)
        position += 1 + len(value)
        # Blanks before the star, and a disposition type that lacks its semicolon.
        words = re.sub(r"\s+\*\s*$", "*", match[1]).lower().split()
        yield (words[-1] if words else ""), value.strip()


def _raw_value(text: str, start: int) -> str:
    """Return a value as written: quoted text to its closing quote, else everything up to a semicolon."""
    opening = len(text) - len(text[start:].lstrip())
    if not text.startswith('"', opening):
        match = _BARE_VALUE.match(text, start)
        return match[0] if match else ""
    # A quote closes where the next parameter follows, or nothing; others are part of sloppily quoted names.
    for closing in _CLOSING_QUOTE.finditer(text, opening + 1):
        if not _is_escaped(text, opening, closing.start()):
            return text[start : closing.end()]
    return text[start:]


def _is_escaped(text: str, opening: int, position: int) -> bool:
    backslashes = position - 1
    while backslashes > opening and text[backslashes] == "\\":
        backslashes -= 1
    return (position - 1 - backslashes) % 2 == 1


def _extended_name(raw: str) -> str | None:
    """Decode an extended value; some servers put quotes around it, or around what follows the charset."""
    return decode_extended(_QUOTED_TOO_LATE.sub(r"\1\2", _unquoted(raw)))


def _plain_name(raw: str) -> str:
    text = _unquoted(raw)
    if _MISSING_STAR.match(text) and (name := decode_extended(text)) is not None:
        return name
    return decode_percent(decode_encoded_words(text))


def _unquoted(raw: str) -> str:
    """Return a value without its quotes and escapes; in a Windows path a backslash is no escape."""
    quoted = raw.startswith('"')
    inner = raw[1:].removesuffix('"') if quoted else raw
    if not quoted and len(raw) > 1 and raw[0] == raw[-1] == "'":
        inner = raw[1:-1]
    return _ESCAPED.sub(r"\1", inner) if quoted and not _WINDOWS_PATH.match(inner) else inner
