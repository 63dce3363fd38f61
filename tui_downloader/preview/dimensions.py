"""Width and height from a file's first bytes, for the formats that Pillow opens only when more of them is there.

Owns the few header fields that takes. Must never do I/O, and never believe a size of nought.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_ISPE: Final = re.compile(rb"\x00\x00\x00\x14ispe\x00{4}(....)(....)", re.DOTALL)
"""The image spatial extents of one item of a HEIF file (ISO/IEC 23008-12, section 6.5.3)."""


def dimensions(media_type: str, head: bytes) -> tuple[int, int] | None:
    """Read a picture's width and height, as stored: not turned upright.

    Args:
        media_type: As `media_type.sniff` gives it.
        head: The beginning of the file.

    Returns:
        Width and height in pixels; None if they are not there yet, or the format is one that Pillow opens early.
    """
    reader = _READERS.get(media_type)
    found = reader(head) if reader is not None else None
    return found if found is not None and all(found) else None


def _gif(head: bytes) -> tuple[int, int]:
    """The logical screen (GIF89a, section 18)."""
    return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")


def _png(head: bytes) -> tuple[int, int]:
    """The IHDR chunk, always the first (PNG third edition, section 11.2.1)."""
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def _webp(head: bytes) -> tuple[int, int] | None:
    """The three kinds of WebP by their first chunk (RFC 9649, sections 2.5 to 2.7; RFC 6386, section 9.1)."""
    chunk, data = head[12:16], head[20:]
    if len(data) < 10:
        return None
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF
    return None


def _largest_item(head: bytes) -> tuple[int, int] | None:
    """The picture itself is the largest item; a thumbnail and the tiles of a grid are smaller."""
    sizes = [
        (int.from_bytes(width, "big"), int.from_bytes(height, "big")) for width, height in _ISPE.findall(head)
    ]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


_READERS: Final[dict[str, Callable[[bytes], tuple[int, int] | None]]] = {
    "image/webp": _webp,
    "image/avif": _largest_item,
    "image/gif": _gif,
    "image/png": _png,
    "image/apng": _png,
}
