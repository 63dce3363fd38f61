"""Small files that want much: memory, time, or both."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from tests.preview.png_writer import chunk


def flat_png(width: int, height: int, *, data: bytes = b"", extra: bytes = b"") -> bytes:
    """A PNG with any size in its header, whatever its pixels are."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), extra, chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def inflating_png(name: bytes, *, millions: int = 400) -> bytes:
    """A sound PNG of 2 × 1 pixels with a compressed chunk that grows a thousandfold, to so many million bytes."""
    packer = zlib.compressobj(9)
    start = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    million = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)  # stands alone: may be repeated
    packed = start + million * millions
    return flat_png(2, 1, data=b"\x00\xff\x00\x00\x00\xff\x00", extra=chunk(name, b"x\x00\x00" + packed))


def many_frames(count: int) -> bytes:
    """A GIF of so many equal frames."""
    stored = io.BytesIO()
    Image.new("P", (500, 500)).save(stored, "GIF")
    whole = stored.getvalue()
    first = whole.index(b",")
    return whole[:first] + whole[first:-1] * count + b";"


def endless_scans(side: int, count: int) -> bytes:
    """A progressive JPEG that repeats its last scan so often: few bytes each, and each goes over all pixels."""
    stored = io.BytesIO()
    Image.new("RGB", (side, side), (90, 120, 80)).save(stored, "JPEG", progressive=True)
    whole = stored.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * count + b"\xff\xd9"


def many_pages(count: int) -> bytes:
    """A TIFF of so many pages without pixels."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in ((256, 4), (257, 4), (259, 1)))
    size = 2 + len(entries) + 4
    pages = (struct.pack("<H", 3) + entries + struct.pack("<I", 8 + size * page) for page in range(1, count))
    return struct.pack("<2sHI", b"II", 42, 8) + b"".join(pages) + struct.pack("<H", 3) + entries + bytes(4)
