"""Bytes and escapes of field values to text (RFC 2047, RFC 8187, and what servers do instead).

Owns decoding. Must never raise on what a server sent: what cannot be decoded is None or stays as it is.
"""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

_CHARSET = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d|cp125\d|gb2312|gbk|gb18030|big5|shift[_-]jis|euc-(?:jp|kr)|koi8-[ru]",
    re.ASCII | re.IGNORECASE,
)
"""Charsets a file name may be in; anything else Python knows (idna, utf-7, ...) is no business of a server."""

_ENCODED_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]*)?\?([bBqQ])\?([^?\s]*)\?=", re.ASCII)
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
_ESCAPED_BYTE = re.compile(r"%[0-9A-Fa-f]{2}", re.ASCII)


def text_of(value: bytes | str) -> str:
    """Return a field value as text: UTF-8 if it is that, else Windows-1252 or Latin-1.

    Args:
        value: raw bytes, or text that a library decoded byte by byte as Latin-1.
    """
    try:
        data = value.encode("latin-1") if isinstance(value, str) else value
    except UnicodeEncodeError:
        return str(value)  # decoded properly already
    for charset in ("utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def decode_charset(data: bytes, charset: str) -> str | None:
    """Return `data` as text; None if the charset is unknown or does not fit."""
    if not _CHARSET.fullmatch(charset):
        return None
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return None


def decode_percent(text: str) -> str:
    """Return the text with `%XX` decoded, unless it has none or they are not UTF-8."""
    if not _ESCAPED_BYTE.search(text):
        return text
    try:
        return unquote_to_bytes(text).decode()
    except UnicodeError:
        return text


def decode_encoded_words(text: str) -> str:
    """Return the text with encoded words (RFC 2047) decoded; those that cannot be stay as they are."""
    return _ENCODED_WORD.sub(_decoded_word, _BETWEEN_WORDS.sub("", text)) if "=?" in text else text


def decode_extended(text: str) -> str | None:
    """Return an extended value `charset'language'percent-encoded` (RFC 8187, 3.2).

    Some servers leave out charset and language; that is read as UTF-8.

    Returns:
        None if it cannot be decoded.
    """
    charset, *rest = text.split("'", 2)
    if len(rest) < 2:
        charset, encoded = "utf-8", text
    else:
        encoded = rest[1]
    try:
        data = unquote_to_bytes(encoded)
    except UnicodeError:
        return None  # a lone surrogate
    return decode_charset(data, charset.strip() or "utf-8")


def _decoded_word(match: re.Match[str]) -> str:
    charset, encoding, encoded = match.groups()
    try:
        data = binascii.a2b_base64(encoded) if encoding in "bB" else binascii.a2b_qp(encoded, header=True)
    except (binascii.Error, ValueError):
        return match[0]
    return decode_charset(data, charset) or match[0]
