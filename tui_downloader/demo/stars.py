"""Stars: thousands of points, some hundreds that glow, and a few that sparkle.

Owns the shape and the colour of stars. Must never paint anything between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tui_downloader.demo.field import Colour, Field, Place, Size, across, developed, down, shining

_COLOURS: tuple[Colour, ...] = (
    (0.62, 0.76, 1.00),
    (0.78, 0.88, 1.00),
    (1.00, 0.98, 0.94),
    (1.00, 0.86, 0.66),
    (1.00, 0.66, 0.42),
)
"""From hot and blue to cool and orange."""

_FREQUENCIES = (4, 5, 5, 3, 1)
"""How often each colour comes."""


@dataclass(frozen=True, slots=True)
class Star:
    """A bright star with four rays."""

    place: Place
    """Where it stands."""
    colour: Colour
    """The colour of its glow; its middle is white from brightness alone."""
    reach: float
    """How long its rays are, as a fraction of the picture's height."""


def points(size: Size, generator: Random, *, count: int) -> Image.Image:
    """Return a black sky with stars that are hardly larger than a pixel, most of them faint.

    Args:
        size: Width and height in pixels.
        generator: Where the randomness comes from.
        count: How many stars.
    """
    sky = Image.new("RGB", size)
    pen = ImageDraw.Draw(sky)
    for red, green, blue in generator.choices(_COLOURS, _FREQUENCIES, k=count):
        brightness = 50 + 205 * generator.random() ** 5
        place = (generator.randrange(size[0]), generator.randrange(size[1]))
        pen.point(place, (round(red * brightness), round(green * brightness), round(blue * brightness)))
    # One lit pixel looks like a defect; with light on its neighbours it looks like a star.
    spread = sky.filter(ImageFilter.GaussianBlur(0.8))
    return ImageChops.add(sky, ImageChops.add(spread, spread))


def scatter(picture: Image.Image, generator: Random, *, count: int) -> None:
    """Paint stars with a small round glow all over a picture.

    Args:
        picture: What is painted on.
        generator: Where the randomness comes from.
        count: How many stars.
    """
    stamps: dict[tuple[float, Colour], Image.Image] = {}
    for colour in generator.choices(_COLOURS, _FREQUENCIES, k=count):
        radius = round(0.8 + 1.9 * generator.random() ** 3, 1)
        place = (generator.random(), generator.random())
        if (radius, colour) not in stamps:
            stamps[radius, colour] = developed(shining([(_disc(radius), colour)]))
        _add(picture, place, stamps[radius, colour])


def sparkle(picture: Image.Image, star: Star) -> None:
    """Paint one bright star: a core, a halo, and four rays as a telescope's struts make them.

    Args:
        picture: What is painted on.
        star: The star; its rays may leave the picture.
    """
    reach = max(2, round(star.reach * picture.height))
    x, y = _from_middle(reach)
    far = (x * x + y * y) / float(reach * reach)
    core = (far / 0.0016 + 1.0) ** -1.6 * 14.0
    halo = (far / 0.02 + 1.0) ** -1.5 * 0.35
    fade = (1.0 - far).clamp(0.0, 1.0) ** 2
    glow = (core + halo + _ray(x, y, reach) + _ray(y, x, reach)) * fade
    _add(picture, star.place, developed(shining([(glow, star.colour)])))


def _ray(along: Field, aside: Field, reach: int) -> Field:
    thickness = reach * 0.006 + 0.45
    profile = (aside * aside / thickness**2 + 1.0) ** -1.2
    return profile / ((along * along) / (reach * 0.16) ** 2 + 1.0) * 2.6


def _disc(radius: float) -> Field:
    reach = math.ceil(radius * 7)
    x, y = _from_middle(reach)
    far = x * x + y * y
    fade = (1.0 - far / float(reach * reach)).clamp(0.0, 1.0)
    return (far / radius**2 + 1.0) ** -1.8 * fade * 3.0


def _from_middle(reach: int) -> tuple[Field, Field]:
    size = (2 * reach + 1, 2 * reach + 1)
    return across(size) - reach, down(size) - reach


def _add(picture: Image.Image, place: Place, stamp: Image.Image) -> None:
    left = int(place[0] * picture.width) - stamp.width // 2
    top = int(place[1] * picture.height) - stamp.height // 2
    right, bottom = left + stamp.width, top + stamp.height
    box = (max(left, 0), max(top, 0), min(right, picture.width), min(bottom, picture.height))
    stamp = stamp.crop((box[0] - left, box[1] - top, box[2] - left, box[3] - top))
    # To screen what is developed is the same as to add the light before developing it.
    picture.paste(ImageChops.screen(picture.crop(box), stamp), box)
