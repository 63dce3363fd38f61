"""Writes PNGs that Pillow reads but cannot write: every bit depth of every colour type, interlaced or not."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Final

COLOUR_TYPES: Final = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
"""Colour type → bit depths (PNG third edition, table 12)."""

_CHANNELS: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_PASSES: Final = (
    (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
)  # fmt: skip
"""First column, first row and steps of the passes of Adam7 (section 8.2)."""


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def write_png(
    size: tuple[int, int],
    samples: Callable[[int, int], tuple[int, ...]],
    *,
    colour_type: int,
    depth: int,
    palette: bytes = b"",
    extra: bytes = b"",
    interlaced: bool = False,
    level: int = 6,
) -> bytes:
    """A PNG whose pixel at column and row has these samples, as whole numbers of so many bits.

    Args:
        size: Width and height.
        samples: Called with column and row.
        colour_type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
        depth: Bits of a sample.
        palette: The entries for colour type 3, three bytes each.
        extra: Chunks to put before the pixels.
        interlaced: Whether to store it in the passes of Adam7.
        level: How hard zlib tries; 0 makes every row as many bytes as any other.
    """
    width, height = size
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    lines = b"".join(
        line
        for left, top, across, down in passes
        if left < width
        for line in _lines(range(left, width, across), range(top, height, down), samples, depth)
    )
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, interlaced)
    assert len(samples(0, 0)) == _CHANNELS[colour_type]
    body = zlib.compress(lines, level)
    parts = [chunk(b"IHDR", header), extra]
    parts += [chunk(b"PLTE", palette)] if palette else []
    parts += [chunk(b"IDAT", body[at : at + 8192]) for at in range(0, len(body), 8192)]
    return b"\x89PNG\r\n\x1a\n" + b"".join([*parts, chunk(b"IEND", b"")])


def _lines(
    columns: range, rows: range, samples: Callable[[int, int], tuple[int, ...]], depth: int
) -> Iterator[bytes]:
    for row in rows:
        bits = 0
        count = 0
        for column in columns:
            for sample in samples(column, row):
                bits = bits << depth | sample
                count += depth
        padding = -count % 8
        yield b"\x00" + (bits << padding).to_bytes((count + padding) // 8, "big")
