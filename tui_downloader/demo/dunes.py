"""Dunes in the evening: a low sun in haze, far mountains, crests with one side lit and one in shadow.

Owns what this picture shows and where. Must never depend on the clock, the machine or an unseeded
random number.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image

from tui_downloader.demo import noise
from tui_downloader.demo.field import Colour, Field, Light, Place, Size, across, developed, down, ellipse, shining

_SEED = 8
"""The clouds and ripples that were chosen among many."""

_SUN: Place = (0.30, 0.335)
"""Where the sun stands, a little above the horizon."""

_HORIZON = 0.43
"""Where sky and sand meet, as a fraction of the height."""

_ZENITH: Colour = (0.10, 0.15, 0.34)
"""The light of the highest part of the sky."""

_EVENING: Colour = (1.25, 0.52, 0.30)
"""The light of the sky above the horizon, and of haze."""

_SUNLIGHT: Colour = (1.00, 0.62, 0.30)
"""The light around the sun."""

_LIT: Colour = (1.55, 0.66, 0.24)
"""The light of sand that faces the sun."""

_SHADED: Colour = (0.17, 0.075, 0.125)
"""The light of sand that faces away."""

_RANGES: tuple[tuple[float, Colour], ...] = ((0.055, (0.80, 0.36, 0.30)), (0.030, (0.62, 0.27, 0.25)))
"""The mountains, the further ones first: how high, as a fraction of the height, and their light."""


@dataclass(frozen=True, slots=True)
class _Dune:
    """One dune; lengths are fractions of the picture's width (across) and height (down)."""

    peak: Place
    """Where its crest is highest."""
    flanks: Place
    """How far it slopes to the left and to the right."""
    rise: float
    """How much higher the peak is than the far ends."""
    sway: float
    """How far its crest swings out on its way down to the viewer; negative: to the left."""
    nearness: float
    """0 in the haze at the horizon, 1 at the viewer's feet."""


_DUNES = (
    _Dune((0.78, 0.425), (0.30, 0.22), 0.035, 0.02, 0.02),
    _Dune((0.12, 0.440), (0.18, 0.30), 0.040, 0.03, 0.08),
    _Dune((0.58, 0.455), (0.26, 0.24), 0.060, -0.04, 0.18),
    _Dune((0.93, 0.480), (0.26, 0.20), 0.085, 0.05, 0.30),
    _Dune((0.22, 0.520), (0.25, 0.33), 0.100, 0.06, 0.45),
    _Dune((0.66, 0.560), (0.32, 0.30), 0.190, -0.10, 0.68),
    _Dune((0.05, 0.800), (0.30, 0.55), 0.120, 0.17, 1.00),
)
"""From far to near."""


def paint(size: Size = (1600, 900)) -> Image.Image:
    """Return the dunes.

    Args:
        size: Width and height in pixels.
    """
    generator = Random(_SEED)  # noqa: S311 - a picture, not a secret
    light = _sky(size, generator)
    for rise, colour in _RANGES:
        light = _covered(light, _range(size, generator, rise), colour)
    ripples = _drawn_out(
        size, noise.ridges((size[0] // 3, size[1]), generator, cells=60, octaves=3, gain=0.7), generator
    )
    for dune in _DUNES:
        light = _with_dune(light, dune, ripples)
    return noise.with_grain(developed(_hazy(light)), generator, strength=2.5)


def _sky(size: Size, generator: Random) -> Light:
    height = (down((1, size[1])) / (size[1] * _HORIZON)).clamp(0.0, 1.0)
    near = (-ellipse(size, _SUN, (0.75, 0.42))).exp()
    halo = (ellipse(size, _SUN, (0.10, 0.10)) + 1.0) ** -1.2
    disc = 1.0 - ellipse(size, _SUN, (0.046, 0.046)).step(0.94, 1.06)
    wisps = noise.clouds((size[0] // 8, size[1]), generator, cells=11, octaves=6, gain=0.55)
    wisps = (
        _drawn_out(size, wisps, generator).step(0.52, 0.85)
        * height.step(0.0, 0.6).resized(size)
        * (near * 0.9 + 0.25)
    )
    sunlight = near * 0.35 + halo * 1.1 + disc * 4.0 + wisps * 0.55
    evening = (height**1.7).resized(size)
    return shining([(evening, _EVENING), (1.0 - evening, _ZENITH), (sunlight, _SUNLIGHT)])


def _drawn_out(size: Size, narrow: Field, generator: Random) -> Field:
    # Made narrow and pulled wide: the wind draws clouds and ripples out to the side.
    return noise.stirred(narrow.resized(size), generator, cells=4, reach=0.03)


def _range(size: Size, generator: Random, rise: float) -> Field:
    line = noise.clouds((size[0], 8), generator, cells=0.06, octaves=7, gain=0.5)
    profile = Field(line.image.crop((0, 4, size[0], 5)).resize(size, Image.Resampling.NEAREST))
    return _below(down(size) - (profile * -rise + (_HORIZON + 0.012)) * float(size[1]))


def _below(pixels: Field) -> Field:
    # A line's own width of softness keeps a slanting edge from showing steps.
    return pixels.step(-0.9, 0.9)


def _covered(light: Light, where: Field, colour: Colour) -> Light:
    red, green, blue = (
        channel * (1.0 - where) + where * part for channel, part in zip(light, colour, strict=True)
    )
    return red, green, blue


def _with_dune(light: Light, dune: _Dune, ripples: Field) -> Light:
    size = width, height = ripples.size
    # What depends on one direction alone is reckoned for one line of pixels, then spread.
    x, y = across((width, 1)) / width - dune.peak[0], down((1, height)) / height - dune.peak[1]
    left, right = (-x / dune.flanks[0]).clamp(0.0, 9.0), (x / dune.flanks[1]).clamp(0.0, 9.0)
    surface = (1.0 - (-((left + right) ** 2 * 0.6 + (left + right) * 0.9)).exp()) * dune.rise
    depth = y.clamp(0.0, 1.0)
    descent = depth / (dune.rise * 0.95 + 0.02)
    swing = descent * (1.0 - descent * 0.58) * (dune.sway * 1.5)
    crest = (x.resized(size) - swing.resized(size)) * width
    relief = (ripples - 0.5) * (0.30 * dune.nearness + 0.02)
    lit = _lit_side(left, descent, relief) + (crest * crest / -14.0).exp() * (0.35 * dune.nearness + 0.05)
    dark = (1.0 - (-(right * 1.3)).exp() * 0.3).resized(size) + (depth * 0.9).resized(size) + relief * 1.2
    sand = _sand(lit, dark, shadow=crest.step(-1.0, 1.0), haze=(1.0 - dune.nearness) ** 2.2 * 0.75)
    where = _below((y.resized(size) - surface.resized(size)) * height)
    red, green, blue = (old + (new - old) * where for old, new in zip(light, sand, strict=True))
    return red, green, blue


def _lit_side(left: Field, descent: Field, relief: Field) -> Field:
    grazing = (-(left * 1.1)).exp() * 0.55 + 0.45
    fading = (-(descent * 0.8)).exp() * 0.55 + 0.45
    return (grazing.resized(relief.size) * fading.resized(relief.size) + relief).clamp(0.05, 1.5)


def _sand(lit: Field, dark: Field, *, shadow: Field, haze: float) -> Light:
    clear = 1.0 - haze
    air = (_EVENING[0] * 0.62 * haze, _EVENING[1] * 0.62 * haze, _EVENING[2] * 0.62 * haze)
    return shining([(lit * (1.0 - shadow) * clear, _LIT), (dark * shadow * clear, _SHADED)], night=air)


def _hazy(light: Light) -> Light:
    size = light[0].size
    band = (-ellipse(size, (_SUN[0], _HORIZON + 0.01), (1.5, 0.06))).exp()
    glow = (-ellipse(size, _SUN, (0.5, 0.3))).exp()
    haze = band * 0.22 + glow * 0.16
    red, green, blue = ((channel + haze * part) * 1.25 for channel, part in zip(light, _EVENING, strict=True))
    return red, green, blue
