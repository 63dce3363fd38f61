"""Seeded noise: the irregularity of clouds, dust, sand and film.

Owns how random bytes become fields. Must never draw from any generator but the one it is given: the
same seed paints the same picture, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from PIL import Image, ImageChops

from tui_downloader.demo.field import Field, Size

_Quad = tuple[float, float, float, float, float, float, float, float]
"""Four corners from the upper left one on, counter-clockwise, as Pillow's mesh wants them."""


def clouds(size: Size, generator: Random, *, cells: float, octaves: int, gain: float) -> Field:
    """Return soft noise in which each octave is twice as fine as the one before, stretched to 0..1.

    Args:
        size: Width and height in pixels.
        generator: Where the randomness comes from.
        cells: How many lumps of the coarsest octave fit into the height.
        octaves: How many octaves are summed.
        gain: How strong each octave is compared with the one before.
    """
    return _summed(_octaves(size, generator, cells, octaves), gain)


def ridges(size: Size, generator: Random, *, cells: float, octaves: int, gain: float) -> Field:
    """Return noise whose bright parts are thin winding strands, stretched to 0..1.

    Args:
        size: Width and height in pixels.
        generator: Where the randomness comes from.
        cells: How many lumps of the coarsest octave fit into the height.
        octaves: How many octaves are summed.
        gain: How strong each octave is compared with the one before.
    """
    folded = (1.0 - abs(layer * 2.0 - 1.0) for layer in _octaves(size, generator, cells, octaves))
    return _summed(folded, gain)


def stirred(field: Field, generator: Random, *, cells: float, reach: float) -> Field:
    """Return the field with its parts pushed aside at random, which turns lumps into wisps.

    Args:
        field: What is stirred; its outermost parts fray.
        generator: Where the randomness comes from.
        cells: How many eddies fit into the height.
        reach: How far a part moves at most, as a fraction of the height.
    """
    width, height = field.size
    columns, rows = max(2, round(cells * 6 * width / height)), max(2, round(cells * 6))
    corners = _pushed_corners(field.size, (columns, rows), generator, (cells, reach))
    mesh: list[tuple[tuple[int, int, int, int], _Quad]] = []
    for row in range(rows):
        upper, lower = height * row // rows, height * (row + 1) // rows
        for column in range(columns):
            box = (width * column // columns, upper, width * (column + 1) // columns, lower)
            first, second = corners[row], corners[row + 1]
            mesh.append((box, (*first[column], *second[column], *second[column + 1], *first[column + 1])))
    return Field(field.image.transform(field.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR))


def grain(size: Size, generator: Random, *, strength: float) -> Image.Image:
    """Return coloured film grain: around the middle grey, small deviations of either sign.

    Args:
        size: Width and height in pixels.
        generator: Where the randomness comes from.
        strength: The standard deviation of each colour, in grey levels.
    """
    count = 3 * size[0] * size[1]
    first, second = (Image.frombytes("RGB", size, generator.randbytes(count)) for _ in range(2))
    # The mean of two even distributions over 256 levels deviates by this much.
    factor = strength / (256 / 24**0.5)
    levels = [round(128 + (level - 127.5) * factor) for level in range(256)]
    return ImageChops.add(first, second, 2.0).point(levels * 3)


def with_grain(picture: Image.Image, generator: Random, *, strength: float) -> Image.Image:
    """Return the picture with film grain, which also hides the steps of eight bits in soft skies.

    Args:
        picture: What gets the grain.
        generator: Where the randomness comes from.
        strength: The standard deviation of each colour, in grey levels.
    """
    return ImageChops.add(picture, grain(picture.size, generator, strength=strength), 1.0, -128)


def _octaves(size: Size, generator: Random, cells: float, octaves: int) -> Iterator[Field]:
    for octave in range(octaves):
        scale = cells * 2**octave / size[1]
        coarse = (max(2, round(size[0] * scale)), max(2, round(size[1] * scale)))
        grid = Image.frombytes("L", coarse, generator.randbytes(coarse[0] * coarse[1]))
        yield (Field(grid.convert("F")) / 255.0).resized(size)


def _summed(layers: Iterator[Field], gain: float) -> Field:
    total = next(layers)
    for octave, layer in enumerate(layers, start=1):
        total += layer * gain**octave
    return total.stretched()


def _pushed_corners(
    size: Size, grid: Size, generator: Random, eddies: tuple[float, float]
) -> list[list[tuple[float, float]]]:
    width, height = size
    columns, rows = grid
    cells, reach = eddies
    points = (columns + 1, rows + 1)
    sideways, along = (
        (clouds(points, generator, cells=cells, octaves=3, gain=0.5) - 0.5) * (2.0 * reach * height)
        for _ in range(2)
    )

    def corner(column: int, row: int) -> tuple[float, float]:
        x = width * column / columns + sideways.at(column, row)
        y = height * row / rows + along.at(column, row)
        return min(max(x, 0.0), width - 1.0), min(max(y, 0.0), height - 1.0)

    return [[corner(column, row) for column in range(columns + 1)] for row in range(rows + 1)]
