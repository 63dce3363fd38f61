"""How alike two pictures are.

Owns the measure: structural similarity (Wang et al., 2004) of both at one small size, in windows of 8 × 8 pixels.
"""

from __future__ import annotations

from typing import Final

from PIL import Image, ImageChops

SIZE: Final = (96, 60)
"""Both are brought to this size, which evens dithering out."""

_WINDOW: Final = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
FRAME: Final = (255, 0, 255)
"""Colour of the frame around a picture that is looked for; nothing of the screen has it."""


def similarity(one: Image.Image, other: Image.Image) -> float:
    """Return the mean structural similarity of the three channels: 1.0 for the same, about 0 for unrelated."""
    first, second = (each.convert("RGB").resize(SIZE, Image.Resampling.BOX) for each in (one, other))
    channels = zip(first.split(), second.split(), strict=True)
    values = [value for a, b in channels for value in _windows(a, b)]
    return sum(values) / len(values)


def _windows(one: Image.Image, other: Image.Image) -> list[float]:
    values = []
    for y in range(0, SIZE[1] - _WINDOW + 1, _WINDOW):
        for x in range(0, SIZE[0] - _WINDOW + 1, _WINDOW):
            place = (x, y, x + _WINDOW, y + _WINDOW)
            values.append(_window(one.crop(place).tobytes(), other.crop(place).tobytes()))
    return values


def _window(one: bytes, other: bytes) -> float:
    count = len(one)
    mean_one, mean_other = sum(one) / count, sum(other) / count
    variance_one = sum((each - mean_one) ** 2 for each in one) / count
    variance_other = sum((each - mean_other) ** 2 for each in other) / count
    both = sum((a - mean_one) * (b - mean_other) for a, b in zip(one, other, strict=True)) / count
    likeness = (2 * mean_one * mean_other + _C1) * (2 * both + _C2)
    return likeness / ((mean_one**2 + mean_other**2 + _C1) * (variance_one + variance_other + _C2))


def flatness(picture: Image.Image) -> float:
    """Return the share of pixels of the middle that are as their right neighbour: high where glyphs are drawn."""
    width, height = picture.size
    middle = picture.convert("RGB").crop((width // 4, height // 4, width * 3 // 4, height * 3 // 4))
    moved = ImageChops.difference(middle, ImageChops.offset(middle, 1, 0))
    same = sum(pixel == b"\0\0\0" for pixel in _pixels(moved.tobytes()))
    return same / (middle.width * middle.height)


def _pixels(rgb: bytes) -> list[bytes]:
    """Return the pixels of raw RGB."""
    return [rgb[at : at + 3] for at in range(0, len(rgb), 3)]


def framed(shot: Image.Image) -> Image.Image | None:
    """Cut out what has the frame around it, with the frame; `None` if there is none."""
    red, green, blue = ImageChops.difference(shot.convert("RGB"), Image.new("RGB", shot.size, FRAME)).split()
    worst = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    box = worst.point(lambda value: 255 if value < 60 else 0).getbbox()
    return None if box is None or min(box[2] - box[0], box[3] - box[1]) < 40 else shot.crop(box)
