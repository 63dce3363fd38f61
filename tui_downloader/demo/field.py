"""A grid of floats with the arithmetic that painting needs: clouds, light and shadow are sums of these.

Owns the arithmetic (Pillow's 32-bit float images behind operators) and the way from light to eight bits.
Must never know what is being painted, and must never use a random number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from PIL import Image, ImageMath

Size = tuple[int, int]
"""Width and height in pixels."""

Place = tuple[float, float]
"""Across and down, as fractions of a picture's width and height."""

Colour = tuple[float, float, float]
"""How much red, green and blue; 1.0 is the full amount, light may be more."""


@dataclass(frozen=True, slots=True)
class Field:
    """One float for each pixel; every operation makes a new field of the same size."""

    image: Image.Image
    """The values, a Pillow image of mode `F`."""

    @property
    def size(self) -> Size:
        """Width and height in pixels."""
        return self.image.size

    def __add__(self, other: Field | float) -> Field:
        if isinstance(other, Field):
            return _combined(lambda a, b: a + b, self, other)
        return self._scaled(1.0, other)

    def __sub__(self, other: Field | float) -> Field:
        if isinstance(other, Field):
            return _combined(lambda a, b: a - b, self, other)
        return self._scaled(1.0, -other)

    def __rsub__(self, other: float) -> Field:
        return self._scaled(-1.0, other)

    def __mul__(self, other: Field | float) -> Field:
        if isinstance(other, Field):
            return _combined(lambda a, b: a * b, self, other)
        return self._scaled(other, 0.0)

    def __truediv__(self, other: Field | float) -> Field:
        if isinstance(other, Field):
            return _combined(lambda a, b: a / b, self, other)
        return self._scaled(1.0 / other, 0.0)

    def __pow__(self, exponent: float) -> Field:
        return _changed(lambda a: a ** float(exponent), self)

    def __neg__(self) -> Field:
        return self._scaled(-1.0, 0.0)

    def __abs__(self) -> Field:
        return _changed(abs, self)

    def _scaled(self, factor: float, offset: float) -> Field:
        # Pillow runs a linear function of exactly this form over a float image in C.
        return Field(self.image.point(lambda value: value * float(factor) + float(offset)))

    def exp(self) -> Field:
        """Return e to the power of each value."""
        return _changed(lambda a: math.e**a, self)

    def clamp(self, low: float, high: float) -> Field:
        """Return each value, moved to the nearer bound if it lies outside.

        Args:
            low: The smallest value that stays.
            high: The largest value that stays.
        """
        image = ImageMath.lambda_eval(lambda _: _["min"](_["max"](_["a"], float(low)), float(high)), a=self.image)
        return Field(cast("Image.Image", image))

    def step(self, low: float, high: float) -> Field:
        """Return 0 below `low`, 1 above `high`, and between them a smooth S-shaped rise.

        Args:
            low: Where the rise begins.
            high: Where the rise ends.
        """
        part = ((self - low) / (high - low)).clamp(0.0, 1.0)
        return part * part * (part * -2.0 + 3.0)

    def stretched(self) -> Field:
        """Return the values moved and scaled so that they reach from 0 to 1."""
        low, high = cast("tuple[float, float]", self.image.getextrema())
        return (self - low) / ((high - low) or 1.0)

    def at(self, x: int, y: int) -> float:
        """Return one value.

        Args:
            x: Pixels from the left edge.
            y: Pixels from the upper edge.
        """
        return cast("float", self.image.getpixel((x, y)))

    def resized(self, size: Size) -> Field:
        """Return the field smoothly enlarged or reduced.

        Args:
            size: The new width and height in pixels.
        """
        return self if size == self.size else Field(self.image.resize(size, Image.Resampling.BICUBIC))

    def blurred(self, radius: int) -> Field:
        """Return the field without its details.

        Args:
            radius: About how many pixels a detail spreads over.
        """
        width, height = self.size
        small = (max(2, width // radius), max(2, height // radius))
        return Field(self.image.resize(small, Image.Resampling.BOX)).resized(self.size)

    def zoomed(self, factor: float, centre: Place) -> Field:
        """Return the field enlarged about a place; what comes from outside is 0.

        Args:
            factor: More than 1 moves everything away from the centre, less than 1 towards it.
            centre: The place that stays where it is.
        """
        x, y = centre[0] * self.size[0], centre[1] * self.size[1]
        matrix = (1 / factor, 0.0, x - x / factor, 0.0, 1 / factor, y - y / factor)
        moved = self.image.transform(self.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        return Field(moved)


Light = tuple[Field, Field, Field]
"""How much red, green and blue light comes from each place; 0 is none, there is no upper bound."""


def _combined(operation: Callable[[Any, Any], Any], first: Field, second: Field) -> Field:
    # Any: the operands of ImageMath have no public type.
    image = ImageMath.lambda_eval(lambda _: operation(_["a"], _["b"]), a=first.image, b=second.image)
    return Field(cast("Image.Image", image))


def _changed(operation: Callable[[Any], Any], field: Field) -> Field:
    # Any: as above.
    return Field(cast("Image.Image", ImageMath.lambda_eval(lambda _: operation(_["a"]), a=field.image)))


def across(size: Size) -> Field:
    """Return the distance of each pixel from the left edge, in pixels.

    Args:
        size: Width and height in pixels.
    """
    line = Image.new("F", (size[0], 1))
    line.putdata(range(size[0]))
    return Field(line.resize(size, Image.Resampling.NEAREST))


def down(size: Size) -> Field:
    """Return the distance of each pixel from the upper edge, in pixels.

    Args:
        size: Width and height in pixels.
    """
    line = Image.new("F", (1, size[1]))
    line.putdata(range(size[1]))
    return Field(line.resize(size, Image.Resampling.NEAREST))


def ellipse(size: Size, centre: Place, radii: Place, *, turn_degrees: float = 0.0) -> Field:
    """Return the squared distance from a place, measured in radii: 0 in the middle, 1 on the ellipse.

    Args:
        size: Width and height in pixels.
        centre: The middle of the ellipse.
        radii: Half its length and half its breadth, both as fractions of the picture's height.
        turn_degrees: How far the ellipse is turned, clockwise.
    """
    x, y = across(size) - centre[0] * size[0], down(size) - centre[1] * size[1]
    cosine, sine = math.cos(math.radians(turn_degrees)), math.sin(math.radians(turn_degrees))
    along = (x * cosine + y * sine) / (radii[0] * size[1])
    aside = (y * cosine - x * sine) / (radii[1] * size[1])
    return along * along + aside * aside


def shining(sources: Sequence[tuple[Field, Colour]], *, night: Colour = (0.0, 0.0, 0.0)) -> Light:
    """Return the light of several sources together.

    Args:
        sources: How strongly each shines from each place, and its colour; at least one.
        night: The light that comes from everywhere.
    """
    red, green, blue = (
        sum((field * colour[i] for field, colour in sources[1:]), sources[0][0] * sources[0][1][i]) + night[i]
        for i in range(3)
    )
    return red, green, blue


def developed(light: Light) -> Image.Image:
    """Return the picture that light leaves on film: the brighter a place, the less more light adds.

    Args:
        light: What falls on the film.
    """
    return merged(*(1.0 - (-channel).exp() for channel in light))


def merged(red: Field, green: Field, blue: Field) -> Image.Image:
    """Return the picture with these channels; what is outside 0..1 is cut off.

    Args:
        red: From 0, black, to 1.
        green: The same.
        blue: The same.
    """
    return Image.merge("RGB", [mask(channel) for channel in (red, green, blue)])


def mask(field: Field) -> Image.Image:
    """Return a grey picture; what is outside 0..1 is cut off.

    Args:
        field: From 0, black, to 1, white.
    """
    return (field * 255.0).image.convert("L")
