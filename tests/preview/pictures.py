"""Pictures that the tests write, and a look at single pixels of what comes back."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tui_downloader.preview.cells import Colour
from tui_downloader.preview.picture import Picture

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
RED, GREEN, BLUE, YELLOW = (220, 20, 20), (20, 200, 20), (20, 20, 220), (230, 220, 20)


def two_halves(mode: str, size: tuple[int, int] = (64, 32)) -> Image.Image:
    """Left half red, right half blue; black and white in modes without colour."""
    picture = Image.new("RGB", size, BLUE)
    picture.paste(RED, (0, 0, size[0] // 2, size[1]))
    if mode in {"1", "L", "LA", "I", "F", "I;16"}:
        picture = Image.new("L", size, 255)
        picture.paste(0, (0, 0, size[0] // 2, size[1]))
    if mode == "I;16":
        return Image.frombytes("I;16", size, bytes(level for level in picture.tobytes() for _ in range(2)))
    return picture.convert(mode)


def four_corners(size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Red, green, blue and yellow quarters from the upper left."""
    width, height = size
    picture = Image.new("RGB", size, RED)
    picture.paste(GREEN, (width // 2, 0, width, height // 2))
    picture.paste(BLUE, (0, height // 2, width // 2, height))
    picture.paste(YELLOW, (width // 2, height // 2, width, height))
    return picture


def noisy_jpeg(path: Path, size: tuple[int, int] = (640, 480)) -> Path:
    """A JPEG whose content fills its file evenly."""
    Image.effect_noise(size, 60).convert("RGB").save(path, "JPEG", quality=85)
    return path


def pixel(picture: Picture, x: float, y: float) -> Colour:
    """The pixel at fractions of the raster's width and height."""
    at = (int(y * picture.height) * picture.width + int(x * picture.width)) * 3
    red, green, blue = picture.rgb[at : at + 3]
    return red, green, blue


def is_near(colour: Colour, wanted: Colour, tolerance: int = 45) -> bool:
    """Whether no channel is further off than the tolerance, which lossy formats need."""
    return all(abs(is_ - should) <= tolerance for is_, should in zip(colour, wanted, strict=True))
