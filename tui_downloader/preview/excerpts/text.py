"""The first lines of a text, whatever its encoding.

Owns the guess at the encoding. Must never give back a character that acts on a terminal.
"""

from __future__ import annotations

import codecs
import io
import re
from typing import Final

from tui_downloader.preview.excerpt import Excerpt, line_of

MEDIA_TYPES: Final = frozenset(("text/plain", "text/html", "text/rtf", "application/xml", "image/svg+xml"))

_READ_BYTES: Final = 256 * 1024
"""How much is read: enough for the lines of most texts."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
"""Byte order mark, codec, name; UTF-32 comes first, as its mark begins with the one of UTF-16."""

_LINE_END: Final = re.compile("\r\n|\n|\r")


def read(source: io.BufferedReader, *, columns: int, lines: int) -> Excerpt:
    """Read the first lines.

    Args:
        source: The file, at its beginning.
        columns: Longest line in characters.
        lines: How many lines.
    """
    data = source.read(_READ_BYTES)
    is_cut = bool(source.read(1))
    words, name = decoded(data, is_cut=is_cut)
    found = _LINE_END.split(words)
    if found and not found[-1]:
        found.pop()  # the end of the last line is no line of its own
    shown = tuple(line_of(each, columns) for each in found[:lines])
    return Excerpt(name, shown, is_whole=not is_cut and len(found) <= lines)


def decoded(data: bytes, *, is_cut: bool) -> tuple[str, str]:
    """Decode a text of unknown encoding.

    Args:
        data: Its beginning.
        is_cut: Whether it goes on, so that its last character may be incomplete.

    Returns:
        The text and the name of the encoding: by its byte order mark, else UTF-8 if it is that, else Windows-1252,
        which takes in Latin-1 and hardly ever says no.
    """
    for mark, codec, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, errors="replace"), name
    if data.isascii():
        return data.decode("ascii"), "ASCII"
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data, final=not is_cut), "UTF-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "Windows-1252"
