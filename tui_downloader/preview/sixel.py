"""Pictures as sixels (DEC STD 070, chapter 9): all colours defined up front, each pixel in its own.

Owns the encoding. Must never load Pillow, never dither (the decoder gives a raster of few colours when it is asked
for one), and never write the code anywhere.

A line of sixels is made of whole rows: tables for `bytes.translate`, and sums of rows as long numbers whose bytes
never carry.
"""

from __future__ import annotations

import functools
import re
from typing import Final, TypeAlias

from tui_downloader.preview.picture import Picture

COLOURS: Final = 128
"""How many colours are enough: twice as many are 30 % more bytes, and nobody sees them (0.992 or 0.995 alike)."""

BAND_PIXELS: Final = 6
"""How many rows of pixels one line of sixels holds."""

_Colour: TypeAlias = tuple[int, int, int]

_RUN: Final = re.compile(rb"\?{4,}|([^?])\1{3,}")
"""From four equal sixels on, a count is shorter; most are empty ones."""


def sixels(picture: Picture) -> bytes:
    """Encode a raster, one sixel pixel for each of its pixels.

    Args:
        picture: The raster, of at most `COLOURS` colours; one that has more loses shades.
    """
    colours, indexed = _indexed(picture.rgb)
    lines = [indexed[at : at + picture.width] for at in range(0, len(indexed), picture.width)]
    bands = (lines[at : at + BAND_PIXELS] for at in range(0, len(lines), BAND_PIXELS))
    size = f'"1;1;{picture.width};{picture.height}'.encode("ascii")
    palette = b"".join(_definition(number, colour) for number, colour in enumerate(colours))
    return b"\x1bP0;1q" + size + palette + b"-".join(map(_band, bands)) + b"\x1b\\"


def _indexed(rgb: bytes) -> tuple[list[_Colour], bytes]:
    """The colours, and each pixel as the number of its own."""
    for bits in range(8, 1, -1):
        kept = rgb if bits == 8 else rgb.translate(bytes(value >> 8 - bits << 8 - bits for value in range(256)))
        pixels = list(zip(kept[0::3], kept[1::3], kept[2::3], strict=True))
        colours = sorted(set(pixels))
        if len(colours) <= COLOURS:
            break
    numbers = {colour: number for number, colour in enumerate(colours)}
    return colours, bytes(map(numbers.__getitem__, pixels))


def _definition(number: int, colour: _Colour) -> bytes:
    """Define one colour in per cent of red, green and blue."""
    red, green, blue = (round(value * 100 / 255) for value in colour)
    return f"#{number};2;{red};{green};{blue}".encode("ascii")


def _band(rows: list[bytes]) -> bytes:
    """One line of sixels: for each colour in it the pixels it has, one over the other."""
    width = len(rows[0])
    floor = int.from_bytes(b"\x3f" * width, "big")
    layers = []
    for colour in sorted(set().union(*map(set, rows))):
        sixel = floor
        for bit, row in enumerate(rows):
            if colour in row:
                sixel += int.from_bytes(row.translate(_marks(bit, colour)), "big")
        layers.append(b"#%d" % colour + _packed(sixel.to_bytes(width, "big").rstrip(b"?")))
    return b"$".join(layers)


@functools.cache
def _marks(bit: int, colour: int) -> bytes:
    """By number of a colour: the bit that a pixel sets in a row of a band; only one colour sets any."""
    return bytes(colour) + bytes((1 << bit,)) + bytes(255 - colour)


def _packed(line: bytes) -> bytes:
    return _RUN.sub(lambda run: b"!%d%c" % (len(run[0]), run[0][0]), line)
