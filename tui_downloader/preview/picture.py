"""The value that decoding ends in.

Owns `Picture`. Must never hold anything that needs Pillow.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture small enough to be drawn, and facts about the file it came from."""

    width: int
    """Width of the raster in pixels."""
    height: int
    """Height of the raster in pixels."""
    rgb: bytes
    """The pixels from the top left, row by row, three bytes each, in sRGB."""
    natural_width: int
    """Width of the picture in the file, in pixels, turned upright."""
    natural_height: int
    """Height of the picture in the file, in pixels, turned upright."""
    format: str
    """Short word for the kind of file, for people: "JPEG", "WebP"."""
    frames: int | None
    """How many frames or pages the file has; None when they were not counted."""
    media_type: str
    """Media type by content: "image/jpeg"."""
