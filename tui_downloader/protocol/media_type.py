"""`Content-Type` and the file extensions that go with it (RFC 9110, 8.3.1).

Owns both. Must never depend on the tables of this machine, which differ from one to the next.
"""

from __future__ import annotations

import mimetypes
import re
from functools import cache
from types import MappingProxyType

_MEDIA_TYPE = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,127}/[a-z0-9!#$%&'*+.^_`|~-]{1,127}", re.ASCII)

_EXTENSIONS = MappingProxyType(
    {
        "application/epub+zip": ".epub",
        "application/gzip": ".gz",
        "application/octet-stream": "",
        "application/vnd.android.package-archive": ".apk",
        "application/vnd.debian.binary-package": ".deb",
        "application/vnd.rar": ".rar",
        "application/x-7z-compressed": ".7z",
        "application/x-bittorrent": ".torrent",
        "application/x-bzip2": ".bz2",
        "application/x-debian-package": ".deb",
        "application/x-gzip": ".gz",
        "application/x-iso9660-image": ".iso",
        "application/x-rar-compressed": ".rar",
        "application/x-rpm": ".rpm",
        "application/x-xz": ".xz",
        "application/zstd": ".zst",
        "audio/flac": ".flac",
        "audio/mp4": ".m4a",
        "audio/mpeg": ".mp3",
        "audio/ogg": ".ogg",
        "binary/octet-stream": "",
        "image/avif": ".avif",
        "image/gif": ".gif",
        "image/heic": ".heic",
        "image/jpeg": ".jpg",
        "image/jpg": ".jpg",
        "image/jxl": ".jxl",
        "image/png": ".png",
        "image/svg+xml": ".svg",
        "image/tiff": ".tiff",
        "image/webp": ".webp",
        "text/html": ".html",
        "text/plain": ".txt",
        "video/mp4": ".mp4",
        "video/ogg": ".ogv",
        "video/webm": ".webm",
        "video/x-matroska": ".mkv",
    }
)
"""What the standard library lacks, gets wrong, or answers differently from version to version."""


def parse_media_type(text: str) -> str | None:
    """Return type and subtype of a `Content-Type` in lower case, without parameters; None if malformed."""
    essence = text.partition(";")[0].strip(" \t").lower()
    return essence if _MEDIA_TYPE.fullmatch(essence) else None


def extension_for(media_type: str | None) -> str:
    """Return the usual extension of a media type with its dot, '' if there is none.

    Args:
        media_type: type and subtype, in any case; parameters are ignored; None has no extension.
    """
    essence = parse_media_type(media_type or "")
    if essence is None:
        return ""
    known = _EXTENSIONS.get(essence)
    return known if known is not None else _standard_table().guess_extension(essence) or ""


@cache
def _standard_table() -> mimetypes.MimeTypes:
    return mimetypes.MimeTypes()
