"""A raster at another size, by repeating or leaving out pixels.

Owns that alone: rasters come from the decoder at nearly the right size. Must never load Pillow.
"""

from __future__ import annotations

from dataclasses import replace

from tui_downloader.preview.picture import Picture


def stretched(picture: Picture, width: int, height: int) -> Picture:
    """Give a raster another size; each new pixel is the nearest old one.

    Args:
        picture: The raster.
        width: The new width in pixels.
        height: The new height in pixels.
    """
    if (picture.width, picture.height) == (width, height):
        return picture
    columns = [(2 * x + 1) * picture.width // (2 * width) * 3 for x in range(width)]
    lines: dict[int, bytes] = {}
    for at in {(2 * y + 1) * picture.height // (2 * height) for y in range(height)}:
        line = picture.rgb[at * picture.width * 3 : (at + 1) * picture.width * 3]
        lines[at] = b"".join([line[column : column + 3] for column in columns])
    rgb = b"".join(lines[(2 * y + 1) * picture.height // (2 * height)] for y in range(height))
    return replace(picture, width=width, height=height, rgb=rgb)
