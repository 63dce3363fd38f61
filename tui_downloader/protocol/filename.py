"""The name a downloaded file gets.

Owns which of several proposals counts, and what makes a name safe on every system. Must never look at the
disk: whether a name is taken is somebody else's question.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote_to_bytes, urlsplit

from tui_downloader.model.display_text import INVISIBLE
from tui_downloader.protocol.disposition import filename_from_disposition
from tui_downloader.protocol.field_text import text_of
from tui_downloader.protocol.media_type import extension_for

FALLBACK_NAME = "download"
"""What a file is called that nothing names."""
NAME_MAX_BYTES = 255
"""Longest file name of nearly all file systems, in bytes of UTF-8."""
PART_BYTES = len(".part9999.stale")
"""Room for what is added while a file is on its way: `.part`, a number, and `.stale` once it is set aside."""
RESERVED_BYTES = PART_BYTES + len(" (9999)")
"""Room that every name leaves, for a number and for its part file."""

_LEAST_NAME_BYTES = 32
"""Shortest limit that makes sense: reserved names and a number have room."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Controls, bidi and zero-width characters, surrogates, private and unassigned ones, line separators."""
_BLANKS = frozenset("\t\n\v\f\r")
_SPACES = " \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
"""Blanks of all widths (category Zs): within a name they stay, at its ends they are not to be seen."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(?:\.|\Z)", re.IGNORECASE)
"""Names that Windows takes for devices, with any extension."""
_EXTENSION = re.compile(r"\.[^\W_]{1,16}\Z")
_COMPOUND = re.compile(
    r"\.(?:tar|[a-z][a-z0-9]{0,4})\.(?:gz|bz2|xz|zst|lz|lz4|lzma|lzo|br|z|asc|sig|gpg|sha256|sha512|md5)\Z",
    re.ASCII | re.IGNORECASE,
)
"""Extensions of two parts: what it is, and how it is packed or signed."""


def choose_filename(
    *,
    requested: str | None,
    disposition: bytes | str | None,
    final_url: str,
    original_url: str,
    media_type: str | None,
) -> str:
    """Return the safe name for a download; the first proposal that leaves something counts.

    Args:
        requested: what the user asked for; None if nothing.
        disposition: value of `Content-Disposition`; None if absent.
        final_url: where the redirects ended.
        original_url: where they began.
        media_type: type and subtype, for the extension of a file nothing names; None if unknown.

    Returns:
        One path component, as from `safe_filename`.
    """
    proposals = (
        requested,
        None if disposition is None else filename_from_disposition(disposition),
        name_from_url(final_url),
        name_from_url(original_url),
    )
    for proposal in proposals:
        if proposal and (safe := _safe(proposal, NAME_MAX_BYTES - RESERVED_BYTES)):
            return safe
    return FALLBACK_NAME + extension_for(media_type)


def name_from_url(url: str) -> str | None:
    """Return the last path segment of a URL, percent-decoded and not yet safe; None if there is none."""
    try:
        segment = urlsplit(url).path.rpartition("/")[2]
        decoded = text_of(unquote_to_bytes(segment))
    except ValueError:
        return None  # an impossible host, a lone surrogate
    # An encoded slash is a folder inside the name, as object stores write it.
    name = decoded.rpartition("/")[2]
    return name if name.strip(". ") else None


def safe_filename(name: str, *, reserve_bytes: int = RESERVED_BYTES) -> str:
    """Return a name that is one harmless path component on Linux, macOS and Windows.

    Args:
        name: any text.
        reserve_bytes: how much of the longest name stays free, for ` (n)` and the part file.

    Returns:
        At most `NAME_MAX_BYTES - reserve_bytes` bytes of UTF-8, composed (NFC), never empty, without
        separators, controls, leading dots or dashes; the same again if passed again.

    Raises:
        ValueError: `reserve_bytes` leaves no room for a name.
    """
    limit = NAME_MAX_BYTES - reserve_bytes
    if not _LEAST_NAME_BYTES <= limit <= NAME_MAX_BYTES:
        raise ValueError(f"cannot reserve {reserve_bytes} bytes of a name")
    return _safe(name, limit) or FALLBACK_NAME


def numbered(name: str, n: int) -> str:
    """Return the nth alternative to a name that is taken: `a.tar.gz`, 1 becomes `a (1).tar.gz`.

    Args:
        name: a safe name, without a number of ours.
        n: from 1.

    Returns:
        A name that still has room for its part file; the part before the extension is cut if need be.
    """
    stem, extension = split_extension(name)
    suffix = f" ({n}){extension}"
    return _cut(stem, NAME_MAX_BYTES - PART_BYTES - len(suffix.encode())) + suffix


def split_extension(name: str) -> tuple[str, str]:
    """Return stem and extension with its dot, also of two parts (`.tar.zst`); '' if there is none.

    The stem is never empty, and an extension is letters and digits only.
    """
    match = _COMPOUND.search(name, 1) or _EXTENSION.search(name, 1)
    return (name, "") if match is None else (name[: match.start()], match[0])


def _safe(name: str, limit: int) -> str:
    """Return the name without anything harmful and of at most `limit` bytes; '' if nothing is left."""
    # What is dropped may have kept a letter and its accent apart: composed before and after.
    kept = "".join(map(_kept, unicodedata.normalize("NFC", name)))
    composed = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", kept))
    stripped = composed.lstrip(_SPACES + ".-").rstrip(_SPACES + ".")
    # Cutting can lay a reserved name bare, but then there is room for the prefix.
    return _unreserved(_shortened(_unreserved(stripped), limit))


def _unreserved(name: str) -> str:
    return f"_{name}" if _RESERVED.match(name) else name


def _kept(character: str) -> str:
    if character in _BLANKS:
        return " "
    dropped = character in INVISIBLE or unicodedata.category(character) in _DROPPED_CATEGORIES
    return "" if dropped else character


def _shortened(name: str, limit: int) -> str:
    """Return the name cut to so many bytes, its extension kept."""
    if len(name.encode()) <= limit:
        return name
    stem, extension = split_extension(name)
    room = limit - len(extension.encode())
    return _cut(stem, room) + extension if room >= limit // 2 else _cut(name, limit)


def _cut(text: str, limit: int) -> str:
    """Return as many whole characters as fit into so many bytes, without blanks or dots at the end."""
    return text.encode()[:limit].decode(errors="ignore").rstrip(_SPACES + ".")
