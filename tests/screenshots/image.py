"""A drawing as a small PNG file.

Owns the browser that draws it, if there is one, and the palette. Must never leave a file of the browser behind.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

COLOURS = 256
"""Colours of a PNG file: few enough for a small file, more than text and a picture in cells need."""

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_BROWSER_SECONDS = 120.0


def drawing_size(drawing: str) -> tuple[float, float]:
    """Return width and height of an SVG drawing, as its view box has them."""
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    assert found is not None, "a drawing has a view box"
    return float(found[1]), float(found[2])


def without_ligatures(drawing: str) -> str:
    """Return an SVG drawing with each character as it is: the font would draw the x of 640x480 as a sign."""
    head, end, rest = drawing.partition(">")
    return f"{head}{end}<style>text {{ font-variant-ligatures: none; }}</style>{rest}"


def write_png(drawing: str, path: Path) -> bool:
    """Write an SVG drawing as a PNG file of the same size.

    Args:
        drawing: The SVG text.
        path: The file to write.

    Returns:
        Whether there is a browser to do it.
    """
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return False
    width, height = (math.ceil(each) for each in drawing_size(drawing))
    with tempfile.TemporaryDirectory(prefix="tuidl-browser-", ignore_cleanup_errors=True) as directory:
        source, shot = Path(directory, "drawing.svg"), Path(directory, "shot.png")
        source.write_text(drawing)
        subprocess.run(
            [
                browser,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                "--default-background-color=00000000",
                f"--user-data-dir={directory}/profile",
                f"--screenshot={shot}",
                f"--window-size={width},{height}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=_BROWSER_SECONDS,
        )
        with Image.open(shot) as image:
            image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
                path, optimize=True
            )
    return True
