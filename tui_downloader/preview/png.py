"""A raster as a PNG file, which the terminals' picture protocols carry.

Owns the layout of the few chunks that takes. Must never load Pillow: it runs in the screen's process.
"""

from __future__ import annotations

import struct
import zlib
from typing import Final

from tui_downloader.preview.picture import Picture

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_LEVEL: Final = 6
_FILTER_UP: Final = b"\x02"
"""Each byte is told as the difference to the one above it (PNG third edition, section 9.2)."""


def as_png(picture: Picture) -> bytes:
    """Encode a raster, 8 bits a channel, without loss.

    Args:
        picture: The raster.
    """
    stride = picture.width * 3
    lines = _difference(picture.rgb, bytes(stride) + picture.rgb[:-stride])
    filtered = b"".join(_FILTER_UP + lines[at : at + stride] for at in range(0, len(lines), stride))
    header = struct.pack(">IIBBBBB", picture.width, picture.height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(filtered, _LEVEL)), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, body) for name, body in chunks)


def _difference(values: bytes, others: bytes) -> bytes:
    """Subtract byte by byte, modulo 256: all at once, as two long numbers whose bytes borrow nothing.

    With the highest bit of each byte set before, a byte can always be subtracted; the bit is put right after.
    """
    size = len(values)
    high = int.from_bytes(b"\x80" * size, "big")
    low = int.from_bytes(b"\x7f" * size, "big")
    a, b = int.from_bytes(values, "big"), int.from_bytes(others, "big")
    return (((a | high) - (b & low)) ^ ((a ^ ~b) & high)).to_bytes(size, "big")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
