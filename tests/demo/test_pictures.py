"""The pictures: real files of the promised kind and size, the same ones every time."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tui_downloader.demo import dunes, moon, nebula
from tui_downloader.demo.field import Size
from tui_downloader.demo.pictures import PICTURES, WALLPAPER


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def test_the_wallpaper_is_a_large_progressive_jpeg(drawn_directory: Path) -> None:
    content = (drawn_directory / WALLPAPER).read_bytes()
    assert 4_000_000 <= len(content) <= 6_000_000
    image = opened(content)
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (2560, 1024))
    assert "progressive" in image.info


def test_the_wallpaper_still_has_light_night_and_colours_on_a_small_screen(drawn_directory: Path) -> None:
    small = opened((drawn_directory / WALLPAPER).read_bytes()).resize((110, 44), Image.Resampling.BOX)
    for channel in small.split():
        low, high = channel.getextrema()
        assert isinstance(low, (int, float))
        assert isinstance(high, (int, float))
        assert low < 25
        assert high > 200
    hues = small.convert("HSV").getchannel("H").histogram()
    assert sum(count > 0 for count in hues) > 100


def test_a_name_tells_the_size_and_the_media_type_the_format(drawn_directory: Path) -> None:
    for name, picture in PICTURES.items():
        image = opened((drawn_directory / name).read_bytes())
        assert name == picture.name
        assert re.fullmatch(r"[a-z]+-(\d+)x(\d+)\.(jpg|png)", name)
        assert f"-{image.width}x{image.height}." in name
        assert Image.MIME[image.format or ""] == picture.media_type


def test_one_jpeg_is_baseline(drawn_directory: Path) -> None:
    image = opened((drawn_directory / "dunes-1600x900.jpg").read_bytes())
    assert image.format == "JPEG"
    assert "progressive" not in image.info


@pytest.mark.parametrize(
    ("paint", "size"),
    [(nebula.paint, (320, 128)), (nebula.paint, (321, 129)), (moon.paint, (150, 150)), (dunes.paint, (160, 90))],
)
def test_every_run_paints_the_same(paint: Callable[[Size], Image.Image], size: Size) -> None:
    first, again = paint(size), paint(size)
    assert first.size == size
    assert first.mode == "RGB"
    assert first.tobytes() == again.tobytes()


def test_who_only_wants_a_name_or_a_server_loads_no_drawing() -> None:
    code = (
        "import sys, tui_downloader.demo.pictures, tui_downloader.demo.launch;"
        "print([name for name in ('PIL', 'http.server', 'asyncio', 'httpx', 'textual') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
