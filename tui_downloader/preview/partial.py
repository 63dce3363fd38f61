"""Which part of a picture is there while the rest of its file is still to come, with Pillow.

Owns the ground that is painted before decoding, the search for what still shows it, the passes of interlaced
pictures, and the pattern over what is missing. Must never be imported outside the decode child: it loads Pillow.
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from typing import Final, TypeAlias

from PIL import Image, ImageFile

_GROUNDS: Final[dict[str, float | tuple[int, ...]]] = {
    "1": 0, "L": 1, "P": 255, "I": 257, "I;16": 257, "I;16B": 257, "F": 257.0, "LA": (1, 3), "PA": (255, 3),
    "RGB": (1, 254, 2), "RGBX": (1, 254, 2, 3), "RGBA": (1, 254, 2, 3), "CMYK": (1, 254, 2, 3),
}  # fmt: skip
"""By mode a value that hardly any row of a picture ends with."""

_JPEG_GROUNDS: Final[dict[str, float | tuple[int, ...]]] = {
    "L": 128, "RGB": (128, 128, 128), "CMYK": (127, 127, 127, 127),
}  # fmt: skip
"""What libjpeg makes of coefficients that it does not have: medium grey, which is stored inverted as CMYK."""

_EDGE_PIXELS: Final = 8
"""A row is there when its last pixels are; fewer might be equal to the ground by chance."""

_ADAM7: Final = (
    ((0, 1, 1, 2), (1, 1)),
    ((1, 0, 2, 2), (1, 2)),
    ((0, 2, 2, 4), (2, 2)),
    ((2, 0, 4, 4), (2, 4)),
    ((0, 4, 4, 8), (4, 4)),
    ((4, 0, 8, 8), (4, 8)),
    ((0, 0, 8, 8), (8, 8)),
)
"""The passes, the last first: first column, first row and steps of its pixels, and how far apart the pixels are
that are known after it (PNG third edition, section 8.2)."""

_GIF_PASSES: Final = (
    ((0, 1, 1, 2), (1, 1)),
    ((0, 2, 1, 4), (1, 2)),
    ((0, 4, 1, 8), (1, 4)),
    ((0, 0, 1, 8), (1, 8)),
)
"""The same for GIF (GIF89a, appendix E)."""

_FROM_BELOW: Final = frozenset(("BMP", "TGA"))
"""Formats whose last row usually comes first."""

_STRIPE_GREYS: Final = (0x3C, 0x46)

_Pass: TypeAlias = tuple[tuple[int, int, int, int], tuple[int, int]]
_Extrema: TypeAlias = tuple[float, float] | tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What of a picture is there."""

    image: Image.Image
    """The picture, or of an interlaced one every so-manieth pixel."""
    top: float
    """Where the known rows begin, as a fraction of the height."""
    bottom: float
    """Where they end; equal to `top` when there are none."""


class Ground:
    """What a picture's memory is painted in before it is decoded into, so that it tells what is missing."""

    def __init__(self, image: ImageFile.ImageFile) -> None:
        """Has the memory painted once it exists.

        Args:
            image: A picture that was opened and not yet loaded.
        """
        self._image = image
        self._passes = _passes(image)
        make_memory = image.load_prepare
        extents = image.tile[0].extents if image.tile else None

        def prepare() -> None:
            make_memory()
            value = self._value
            if value is not None:
                image.im.paste(value, extents or (0, 0, *image.size))

        image.load_prepare = prepare  # type: ignore[method-assign]  # the one moment between memory and pixels

    def known_part(self) -> Part:
        """Find what of the picture, loaded by now, does not show the ground any more."""
        image, value = self._image, self._value
        if value is None:
            return Part(image, 0.0, 1.0)
        grid: Image.Image = image
        if self._passes:
            known = (step for last, step in self._passes if _is_over(image, last, value))
            grid = _every(image, next(known, self._passes[-1][1]))
        return Part(grid, *_known_rows(grid, value, from_below=image.format in _FROM_BELOW))

    @property
    def _value(self) -> float | tuple[int, ...] | None:
        grounds = _JPEG_GROUNDS if self._image.format in {"JPEG", "MPO"} else _GROUNDS
        return grounds.get(self._image.im.mode)


def mask_of(part: Part, size: tuple[int, int]) -> Image.Image | None:
    """Mark what is missing: white where nothing is known yet, black elsewhere; None if nothing is missing."""
    width, height = size
    if part.top <= 0 and part.bottom >= 1:
        return None
    # One row less at the edge: there the mean of known and missing rows was taken.
    top = math.ceil(part.top * height) + 1 if part.top > 0 else 0
    bottom = int(part.bottom * height) - 1 if part.bottom < 1 else height
    mask = Image.new("L", size, 255)
    if bottom > top:
        mask.paste(0, (0, top, width, bottom))
    return mask


def stripes(size: tuple[int, int]) -> Image.Image:
    """The quiet pattern that stands for what is missing."""
    width, height = size
    band = max(2, min(12, min(size) // 16))
    dark, light = (bytes((grey,)) for grey in _STRIPE_GREYS)
    line = (dark * band + light * band) * (width // (2 * band) + 2)
    rows = b"".join(line[y % (2 * band) :][:width] for y in range(height))
    return Image.frombytes("L", size, rows).convert("RGB")


def _passes(image: ImageFile.ImageFile) -> tuple[_Pass, ...]:
    if image.format == "PNG" and image.info.get("interlace"):
        return _ADAM7
    if image.format == "GIF" and image.tile:
        arguments = image.tile[0].args  # bits, whether it is interlaced, the transparent colour
        if isinstance(arguments, tuple) and arguments[1]:
            return _GIF_PASSES
    return ()


def _is_over(image: Image.Image, pixels: tuple[int, int, int, int], ground: float | tuple[int, ...]) -> bool:
    """Whether a pass was decoded to its last pixel; one that a small picture has no pixels for always was."""
    left, top, across, down = pixels
    columns, rows = range(left, image.width, across), range(top, image.height, down)
    last = [(column, row) for row in rows[-1:] for column in columns[-_EDGE_PIXELS:]]
    return not last or any(image.getpixel(at) != ground for at in last)


def _every(image: Image.Image, step: tuple[int, int]) -> Image.Image:
    """Every so-manieth pixel across and down, from the first."""
    across, down = step
    if step == (1, 1):
        return image
    size = (-(-image.width // across), -(-image.height // down))
    # A transformation looks from the middle of a pixel, (0.5, 0.5), so that half a step has to be taken back.
    moves = (across, 0, 0.5 - across / 2, 0, down, 0.5 - down / 2)
    return image.transform(size, Image.Transform.AFFINE, moves, Image.Resampling.NEAREST)


def _known_rows(image: Image.Image, ground: float | tuple[int, ...], *, from_below: bool) -> tuple[float, float]:
    """The fractions of the height between which rows are known."""
    height = image.height
    if not from_below:
        known = bisect.bisect(range(height), False, key=lambda row: _is_missing(image, row, ground))
        return 0.0, known / height
    missing = bisect.bisect(range(height), False, key=lambda row: not _is_missing(image, row, ground))
    return missing / height, 1.0


def _is_missing(image: Image.Image, row: int, ground: float | tuple[int, ...]) -> bool:
    """Whether a row ends in the ground."""
    edge = image.crop((max(0, image.width - _EDGE_PIXELS), row, image.width, row + 1))
    extrema: _Extrema = edge.getextrema()
    if isinstance(ground, tuple):
        return extrema == tuple((value, value) for value in ground)
    return extrema == (ground, ground)
