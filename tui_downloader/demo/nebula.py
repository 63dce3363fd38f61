"""A nebula: two glowing hearts in coloured gas, mountains of dust before them, stars all over.

Owns what this picture shows and where. Must never depend on the clock, the machine or an unseeded
random number: every run paints the same sky.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageFilter

from tui_downloader.demo import noise, stars
from tui_downloader.demo.field import Colour, Field, Light, Place, Size, developed, ellipse, mask, shining
from tui_downloader.demo.stars import Star

_SEED = 3
"""The sky that was chosen among many."""

_MARGIN = 0.10
"""Painted around the picture and cut off, in heights: stirring leaves frayed edges there."""

_HEART: Place = (0.37, 0.46)
"""The warm heart, in the picture with its margin."""

_SECOND_HEART: Place = (0.69, 0.40)
"""The cool heart, in the picture with its margin."""

_TILT_DEGREES = -12.0
"""The clouds rise towards the upper right."""

_REDDENING: Colour = (0.8, 1.35, 1.75)
"""How well dust holds back each colour; red passes best, so that thin dust glows like embers."""

_SPARKLING = (
    Star((0.155, 0.200), (1.00, 0.80, 0.60), 0.185),
    Star((0.870, 0.700), (0.70, 0.84, 1.00), 0.225),
    Star((0.905, 0.160), (1.00, 0.97, 0.92), 0.117),
    Star((0.600, 0.830), (0.75, 0.86, 1.00), 0.107),
    Star((0.080, 0.740), (0.80, 0.90, 1.00), 0.093),
    Star((0.310, 0.120), (1.00, 0.70, 0.45), 0.078),
    Star((0.515, 0.220), (0.72, 0.85, 1.00), 0.083),
    Star((0.765, 0.600), (1.00, 0.90, 0.80), 0.068),
    Star((0.250, 0.880), (0.70, 0.84, 1.00), 0.073),
    Star((0.970, 0.450), (1.00, 0.70, 0.45), 0.059),
)
"""The bright stars, placed by eye."""


@dataclass(frozen=True, slots=True)
class _Matter:
    """What lies where, each from 0 to 1."""

    hydrogen: Field
    """Gas that glows red."""
    oxygen: Field
    """Gas that glows blue-green."""
    threads: Field
    """Thin strands of hot gas."""
    dust: Field
    """Dust that glows by no light of its own."""
    veins: Field
    """Finer dust, drawn out into strands."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far everything extends, each from 0 to 1."""

    body: Field
    """The whole nebula."""
    left: Field
    """The surroundings of the warm heart."""
    right: Field
    """The surroundings of the cool heart."""
    heart: Field
    """The warm heart itself."""
    second_heart: Field
    """The cool heart itself."""


def paint(size: Size = (2560, 1024)) -> Image.Image:
    """Return the nebula; another size is another sky.

    Args:
        size: Width and height in pixels.
    """
    generator = Random(_SEED)  # noqa: S311 - a picture, not a secret
    half = (size[0] // 2, size[1] // 2)
    margin = round(half[1] * _MARGIN)
    canvas = (half[0] + 2 * margin, half[1] + 2 * margin)

    def cut(field: Field) -> Field:
        return Field(field.image.crop((margin, margin, margin + half[0], margin + half[1])))

    matter, reach = _matter(canvas, generator), _reach(canvas)
    dust = _thickness(matter, reach)
    red, green, blue = _with_rims(_through(_light(matter, reach), dust), matter, reach)
    clouds = _bloomed(_crisp(developed((cut(red) * 1.3, cut(green) * 1.3, cut(blue) * 1.3))))
    # Clouds have no edges: half the resolution is enough for them, and a quarter of the work.
    picture = clouds.resize(size, Image.Resampling.BICUBIC)
    picture = _with_stars(picture, generator, veil=cut((-dust * 1.6).exp()).resized(size))
    return noise.with_grain(picture, generator, strength=5.0)


def _matter(size: Size, generator: Random) -> _Matter:
    def stirred(field: Field, cells: float, reach: float) -> Field:
        return noise.stirred(field, generator, cells=cells, reach=reach)

    return _Matter(
        hydrogen=stirred(noise.clouds(size, generator, cells=2.6, octaves=8, gain=0.58), 2.5, 0.09),
        oxygen=stirred(noise.clouds(size, generator, cells=2.2, octaves=8, gain=0.58), 2.5, 0.10),
        threads=stirred(noise.ridges(size, generator, cells=2.0, octaves=7, gain=0.60), 2.5, 0.10),
        dust=stirred(noise.clouds(size, generator, cells=2.4, octaves=8, gain=0.62), 3.0, 0.09),
        veins=stirred(noise.ridges(size, generator, cells=2.6, octaves=7, gain=0.55), 3.0, 0.10),
    )


def _reach(size: Size) -> _Reach:
    def spread(centre: Place, radii: Place) -> Field:
        return (-ellipse(size, centre, radii, turn_degrees=_TILT_DEGREES)).exp()

    def glow(centre: Place, radii: Place) -> Field:
        return (ellipse(size, centre, radii, turn_degrees=_TILT_DEGREES) + 1.0) ** -1.3

    return _Reach(
        body=spread((0.50, 0.50), (0.90, 0.28)),
        left=spread(_HEART, (0.44, 0.30)),
        right=spread(_SECOND_HEART, (0.55, 0.28)),
        heart=glow(_HEART, (0.10, 0.075)),
        second_heart=glow(_SECOND_HEART, (0.055, 0.048)),
    )


def _facing(field: Field, source: Place, *, shift: float, softness: int) -> Field:
    # Thicker here than a step further from the source: this side faces the light, as relief on a map.
    soft = field.blurred(softness)
    return soft - soft.zoomed(1 / (1 + shift), source)


def _light(matter: _Matter, reach: _Reach) -> Light:
    def relief(gas: Field, source: Place) -> Field:
        fine = _facing(gas, source, shift=0.02, softness=3) * 6.0
        broad = _facing(gas, source, shift=0.05, softness=8) * 4.0
        return (fine + broad + 1.0).clamp(0.1, 3.2)

    red_gas = reach.body * matter.hydrogen.step(0.35, 0.85) + reach.left * matter.hydrogen.step(0.2, 0.9) * 1.1
    red_gas *= relief(matter.hydrogen, _HEART)
    blue_gas = (
        reach.right * matter.oxygen.step(0.30, 0.80) * 1.5
        + reach.body * matter.oxygen.step(0.45, 0.90) * 0.9
        + reach.left * matter.threads.step(0.50, 0.95) * 0.5
    ) * relief(matter.oxygen, _SECOND_HEART)
    strands = reach.body * matter.threads.step(0.62, 0.98) ** 1.4 * 1.2
    warm = reach.heart * (matter.hydrogen * 1.3 + 0.25) * 2.6
    cool = reach.second_heart * (matter.oxygen + 0.3) * 1.8
    sources: list[tuple[Field, Colour]] = [
        (red_gas, (1.00, 0.17, 0.34)),
        (blue_gas, (0.06, 0.47, 0.80)),
        (strands, (1.00, 0.52, 0.22)),
        (warm, (1.35, 0.82, 0.42)),
        (cool, (0.90, 0.95, 1.05)),
        (reach.body, (0.055, 0.045, 0.145)),
    ]
    return shining(sources, night=(0.010, 0.013, 0.032))


def _thickness(matter: _Matter, reach: _Reach) -> Field:
    lanes = (matter.dust + (matter.veins - 0.5) * 0.30).step(0.47, 0.70)
    blown_away = 1.0 - (reach.heart * 0.8).clamp(0.0, 1.0)
    return lanes * (reach.body * 3.0 + 0.30) * blown_away


def _through(light: Light, dust: Field) -> Light:
    red, green, blue = (
        channel * (dust * -kept_back).exp() for channel, kept_back in zip(light, _REDDENING, strict=True)
    )
    return red, green, blue


def _with_rims(light: Light, matter: _Matter, reach: _Reach) -> Light:
    fine = _facing(matter.dust, _HEART, shift=0.02, softness=2) * 9.0
    broad = _facing(matter.dust, _HEART, shift=0.05, softness=6) * 4.0
    rims = (fine + broad).clamp(0.0, 1.6) * matter.dust.step(0.42, 0.60) * (reach.left + reach.right * 0.6)
    red, green, blue = light
    return red + rims * 0.58, green + rims * 0.27, blue + rims * 0.09


def _crisp(picture: Image.Image) -> Image.Image:
    broad = ImageFilter.UnsharpMask(picture.height / 60, percent=45, threshold=0)
    fine = ImageFilter.UnsharpMask(picture.height / 400, percent=70, threshold=0)
    return picture.filter(broad).filter(fine)


def _bloomed(picture: Image.Image) -> Image.Image:
    # A lens scatters a little of the brightest light over everything near it.
    small = picture.resize((picture.width // 4, picture.height // 4), Image.Resampling.BOX)
    bright = small.point(lambda level: max(0.0, level - 120) * 0.55)
    haze = bright.filter(ImageFilter.GaussianBlur(small.height / 18))
    return ImageChops.screen(picture, haze.resize(picture.size, Image.Resampling.BICUBIC))


def _with_stars(picture: Image.Image, generator: Random, *, veil: Field) -> Image.Image:
    area = picture.width * picture.height
    sky = stars.points(picture.size, generator, count=area // 240)
    picture = ImageChops.screen(picture, ImageChops.multiply(sky, Image.merge("RGB", [mask(veil)] * 3)))
    stars.scatter(picture, generator, count=area // 9500)
    for star in _SPARKLING:
        stars.sparkle(picture, star)
    return picture
