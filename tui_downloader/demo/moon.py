"""A moon past its first quarter, with seas, craters and rays, on a black sky.

Owns what this picture shows and where. Must never depend on the clock, the machine or an unseeded
random number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops

from tui_downloader.demo import noise, stars
from tui_downloader.demo.field import Colour, Field, Place, Size, across, down, ellipse, mask, merged

_SEED = 5
"""The moon that was chosen among many."""

_RADIUS = 0.43
"""Of the disc, as a fraction of the picture's width."""

_SUN = (-0.80, -0.36, 0.48)
"""Direction to the sun: right, down, towards the eye; of length 1."""

_CRATERS = 1200
"""How many rocks fall, the small ones by far the most."""

_RAYED = ((-0.28, 0.52, 0.050), (0.30, -0.34, 0.032))
"""The youngest craters, bright and with rays: right, down, radius; in radii of the disc."""

_STEEPNESS = 0.30
"""How strongly a slope turns the ground towards the sun or away."""

_HIGHLAND: Colour = (0.97, 0.94, 0.89)
"""The colour of bright ground."""

_SEA: Colour = (0.36, 0.38, 0.42)
"""The colour of dark ground."""

_EARTHSHINE: Colour = (0.012, 0.017, 0.028)
"""What the night side gets."""


@dataclass(frozen=True, slots=True)
class _Crater:
    """One crater; all lengths in radii of the disc, measured from its middle."""

    x: float
    """To the right."""
    y: float
    """Downwards."""
    radius: float
    """Of the rim, before it is foreshortened."""
    depth: float
    """1.0 is fresh; less is worn."""


def paint(size: Size = (1200, 1200)) -> Image.Image:
    """Return the moon; another size is another moon.

    Args:
        size: Width and height in pixels, both the same.
    """
    generator = Random(_SEED)  # noqa: S311 - a picture, not a secret
    brightness = _ground(size, generator)
    craters = _craters(generator, brightness)
    height = _relief(size, generator, brightness, craters)
    light = _light(height)
    tone = (brightness + _rays(size, generator)).clamp(0.0, 1.1)
    disc = _disc(size)
    red, green, blue = (
        (tone * (high - low) + low) * (light + night) * disc
        for high, low, night in zip(_HIGHLAND, _SEA, _EARTHSHINE, strict=True)
    )
    sky = stars.points(size, generator, count=size[0] * size[1] // 2400)
    sky = ImageChops.multiply(sky, Image.merge("RGB", [mask(1.0 - disc)] * 3))
    return ImageChops.add(merged(red, green, blue), sky)


def _ground(size: Size, generator: Random) -> Field:
    seas = noise.stirred(
        noise.clouds(size, generator, cells=3.2, octaves=7, gain=0.46), generator, cells=3, reach=0.05
    )
    mottle = noise.clouds(size, generator, cells=14, octaves=6, gain=0.68)
    return (seas + (mottle - 0.5) * 0.16).step(0.38, 0.56) * 0.62 + mottle * 0.42


def _craters(generator: Random, brightness: Field) -> list[_Crater]:
    width, height = brightness.size
    fallen = [_Crater(x, y, radius, 1.0) for x, y, radius in _RAYED]
    while len(fallen) < _CRATERS:
        turn, out = generator.uniform(0.0, math.tau), math.sqrt(generator.random()) * 0.985
        x, y = out * math.cos(turn), out * math.sin(turn)
        radius = 0.0050 / (1.0 - generator.random() * 0.997) ** 0.52
        tone = brightness.at(int(width * (0.5 + x * _RADIUS)), int(height * (0.5 + y * _RADIUS)))
        # Lava has drowned most craters of the seas, and all large ones.
        if generator.random() * 0.62 < tone - 0.10 or radius < 0.008:
            fallen.append(_Crater(x, y, min(radius, 0.13), generator.uniform(0.35, 1.0) ** 1.3))
    # New craters lie on old ones, and the old ones are large.
    return sorted(fallen, key=lambda crater: -crater.radius)


def _relief(size: Size, generator: Random, brightness: Field, craters: list[_Crater]) -> Field:
    rough = noise.clouds(size, generator, cells=10, octaves=7, gain=0.60)
    height = rough * brightness.clamp(0.25, 1.0) * (size[0] * 0.020)
    for crater in craters:
        _strike(height, crater)
    return noise.stirred(height, generator, cells=12, reach=0.009)


def _strike(height: Field, crater: _Crater) -> None:
    # Changes the field in place: a thousand copies of the moon would take seconds.
    width = height.size[0]
    radius = crater.radius * _RADIUS * width
    half = math.ceil(radius * 2.2)
    side = 2 * half + 1
    squeezed = math.sqrt(max(1.0 - crater.x**2 - crater.y**2, 0.03))
    turn = math.degrees(math.atan2(crater.y, crater.x))
    middle = (0.5 * (side - 1) / side,) * 2
    far = ellipse((side, side), middle, (radius * squeezed / side, radius / side), turn_degrees=turn)
    floor = 0.5 if crater.radius > 0.035 else 0.0
    bowl = (far.clamp(floor, 1.0) - 1.0) * (0.95 + floor * 0.5)
    distance = far**0.5
    rim = (-((distance - 1.05) ** 2.0 * 45.0)).exp() * 0.30
    skirt = ((2.1 - distance) * 0.25).clamp(0.0, 0.30)
    left = round(width / 2 + crater.x * _RADIUS * width) - half
    top = round(width / 2 + crater.y * _RADIUS * width) - half
    box = (left, top, left + side, top + side)
    changed = Field(height.image.crop(box)) + (bowl + rim + skirt) * (radius**0.85 * 0.40 * crater.depth)
    height.image.paste(changed.image, box)


def _light(height: Field) -> Field:
    x, y, z = _sphere(height.size)
    right, low = _slope(height, 1, 0), _slope(height, 0, 1)
    smooth = x * _SUN[0] + y * _SUN[1] + z * _SUN[2]
    rugged = smooth - (right * _SUN[0] + low * _SUN[1]) * _STEEPNESS
    # Beyond the edge of night nothing but a few summits is lit. Dusty ground looks flat: hence the root.
    return (rugged.clamp(0.0, 1.0) ** 0.60) * 1.06 * smooth.step(-0.10, 0.10)


def _slope(height: Field, right: int, low: int) -> Field:
    ahead, behind = (ImageChops.offset(height.image, sign * right, sign * low) for sign in (-1, 1))
    return Field(ahead) - Field(behind)


def _sphere(size: Size) -> tuple[Field, Field, Field]:
    radius = _RADIUS * size[0]
    x, y = (across(size) - size[0] / 2) / radius, (down(size) - size[1] / 2) / radius
    return x, y, (1.0 - (x * x + y * y)).clamp(0.0, 1.0) ** 0.5


def _disc(size: Size) -> Field:
    far = ellipse(size, (0.5, 0.5), (_RADIUS, _RADIUS)) ** 0.5
    return 1.0 - ((far - 1.0) * (_RADIUS * size[0])).step(-0.8, 0.8)


def _rays(size: Size, generator: Random) -> Field:
    small = (size[0] // 3, size[1] // 3)
    total = ellipse(small, (0.5, 0.5), (1.0, 1.0)) * 0.0
    for x, y, radius in _RAYED:
        place: Place = (0.5 + x * _RADIUS, 0.5 + y * _RADIUS)
        total += (-ellipse(small, place, (radius * 0.9, radius * 0.9))).exp() * 0.45
        for _ in range(18):
            shape = (radius * generator.uniform(2.0, 6.5), radius * generator.uniform(0.05, 0.16))
            total += (-ellipse(small, place, shape, turn_degrees=generator.uniform(0, 180))).exp() * 0.17
    return total.resized(size)
