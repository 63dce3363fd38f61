"""Pictures as sixels (DEC STD 070, chapter 9): 252 colours defined up front, dithered.

Owns palette, dithering and encoding. Must never load Pillow, and never write the code anywhere.

The palette is a cube of 6 × 7 × 6 levels; eyes tell most shades of green apart. A threshold that depends on the
place of a pixel (a Bayer matrix) chooses between the two nearest levels of each channel. All of it works on whole
rows: tables for `bytes.translate`, and sums of rows as long numbers whose bytes never carry.
"""

from __future__ import annotations

import re
from typing import Final

from tui_downloader.preview.picture import Picture

BAND_PIXELS: Final = 6
"""How many rows of pixels one line of sixels holds. A height that is a multiple of it leaves no ragged edge."""

_LEVELS: Final = (6, 7, 6)
_WEIGHTS: Final = (42, 6, 1)
_COLOURS: Final = 6 * 7 * 6
_BAYER: Final = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))
_SIDE: Final = len(_BAYER)
_RUN: Final = re.compile(rb"(.)\1{3,}", re.DOTALL)
"""From four equal sixels on, a count is shorter."""


def height_of(rows: int, cell_height_pixels: int) -> int:
    """The height in pixels of a picture that takes so many rows of cells and never begins one more."""
    return max(BAND_PIXELS, rows * cell_height_pixels // BAND_PIXELS * BAND_PIXELS)


def sixels(picture: Picture) -> bytes:
    """Encode a raster, one sixel pixel for each of its pixels.

    Args:
        picture: The raster. Rows that are missing to a multiple of six are left transparent.
    """
    indexed = _indexed(picture)
    used = sorted(set().union(*map(set, indexed)))
    bands = (indexed[at : at + BAND_PIXELS] for at in range(0, len(indexed), BAND_PIXELS))
    size = f'"1;1;{picture.width};{picture.height}'.encode("ascii")
    return b"\x1bP0;1q" + size + b"".join(map(_definition, used)) + b"-".join(map(_band, bands)) + b"\x1b\\"


def _indexed(picture: Picture) -> list[bytes]:
    """The picture's rows as numbers of colours."""
    stride = picture.width * 3
    rows = []
    for y in range(picture.height):
        line = picture.rgb[y * stride : (y + 1) * stride]
        total = 0
        for channel in range(3):
            values = line[channel::3]
            row = bytearray(picture.width)
            for phase in range(_SIDE):
                row[phase::_SIDE] = values[phase::_SIDE].translate(_TABLES[channel][y % _SIDE][phase])
            total += int.from_bytes(row, "big")
        rows.append(total.to_bytes(picture.width, "big"))
    return rows


def _table(channel: int, threshold: int) -> bytes:
    """What each value of a channel adds to the number of the colour at a place with that threshold."""
    steps = _LEVELS[channel] - 1
    bias = (threshold + 0.5) / _SIDE**2
    return bytes(min(steps, int(value * steps / 255 + bias)) * _WEIGHTS[channel] for value in range(256))


_TABLES: Final = [[[_table(channel, each) for each in row] for row in _BAYER] for channel in range(3)]


def _definition(colour: int) -> bytes:
    """Define one colour in per cent of red, green and blue."""
    levels = (colour // weight % count for weight, count in zip(_WEIGHTS, _LEVELS, strict=True))
    red, green, blue = (round(level * 100 / (count - 1)) for level, count in zip(levels, _LEVELS, strict=True))
    return f"#{colour};2;{red};{green};{blue}".encode("ascii")


def _band(rows: list[bytes]) -> bytes:
    """One line of sixels: for each colour in it the pixels it has, one over the other."""
    width = len(rows[0])
    floor = int.from_bytes(b"\x3f" * width, "big")
    layers = []
    for colour in sorted(set().union(*map(set, rows))):
        sixel = floor
        for bit, row in enumerate(rows):
            sixel += int.from_bytes(row.translate(_MARKS[bit][colour]), "big")
        layers.append(b"#%d" % colour + _packed(sixel.to_bytes(width, "big").rstrip(b"?")))
    return b"$".join(layers)


_MARKS: Final = [
    [bytes(colour) + bytes((1 << bit,)) + bytes(255 - colour) for colour in range(_COLOURS)]
    for bit in range(BAND_PIXELS)
]
"""By row of a band and colour: the bit that a pixel of that colour sets."""


def _packed(line: bytes) -> bytes:
    return _RUN.sub(lambda run: b"!%d%c" % (len(run[0]), run[1][0]), line)
