"""The pictures of the demonstration: their names, how each is drawn, and as what kind of file.

Owns the list and the file formats. Must never import Pillow at once: the command line asks for the
names, only the server draws.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture that the demonstration offers."""

    name: str
    """Its file name, made of letters, digits, `-` and `.` alone, as it stands in the URL."""
    draw: Callable[[], bytes]
    """Returns the bytes of its file, the same ones every time."""
    media_type: str
    """For the field Content-Type."""


def _nebula() -> bytes:
    from tui_downloader.demo import nebula

    # Nothing is thrown away, and the scans come one after the other: a large file that shows early.
    return _jpeg(nebula.paint(), quality=100, progressive=True)


def _moon() -> bytes:
    from tui_downloader.demo import moon

    file = io.BytesIO()
    moon.paint().save(file, "PNG")
    return file.getvalue()


def _dunes() -> bytes:
    from tui_downloader.demo import dunes

    return _jpeg(dunes.paint(), quality=93, progressive=False)


def _jpeg(picture: Image.Image, *, quality: int, progressive: bool) -> bytes:
    file = io.BytesIO()
    # Chroma at full resolution (subsampling 0): stars are small and coloured.
    picture.save(file, "JPEG", quality=quality, progressive=progressive, subsampling=0)
    return file.getvalue()


WALLPAPER = "nebula-2560x1024.jpg"
"""The name of the main picture, the only one whose drawing anybody waits for."""

PICTURES: Mapping[str, Picture] = MappingProxyType(
    {
        picture.name: picture
        for picture in (
            Picture(WALLPAPER, _nebula, "image/jpeg"),
            Picture("moon-1200x1200.png", _moon, "image/png"),
            Picture("dunes-1600x900.jpg", _dunes, "image/jpeg"),
        )
    }
)
"""All pictures by name, the wallpaper first."""
