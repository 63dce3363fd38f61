"""Pictures for terminals that show pixels, decoded again."""

from __future__ import annotations

import base64
import io
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.support.kitty_decoder import KittyTerminal
from tests.support.sixel_decoder import decode_sixels
from tui_downloader.preview import iterm, kitty, sixel
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.png import as_png


def picture_of(image: Image.Image) -> Picture:
    width, height = image.size
    return Picture(width, height, image.convert("RGB").tobytes(), width, height, "PNG", 1, "image/png")


def noise(width: int, height: int, seed: int = 1) -> Picture:
    rgb = random.Random(seed).randbytes(width * height * 3)
    return Picture(width, height, rgb, width, height, "PNG", 1, "image/png")


def ramp(width: int, height: int) -> Picture:
    grey = Image.linear_gradient("L").resize((width, height))
    return picture_of(Image.merge("RGB", (grey, grey.rotate(180), Image.new("L", (width, height), 90))))


def as_rgb(png: bytes) -> bytes:
    with Image.open(io.BytesIO(png), formats=("PNG",)) as image:
        image.load()
        assert image.mode == "RGB"
        return image.tobytes()


@settings(deadline=None)
@given(width=st.integers(1, 40), height=st.integers(1, 40), seed=st.integers(0, 99))
def test_any_raster_is_a_png_without_loss(width: int, height: int, seed: int) -> None:
    picture = noise(width, height, seed)
    assert as_rgb(as_png(picture)) == picture.rgb


def test_a_picture_is_small_as_a_png() -> None:
    assert len(as_png(ramp(480, 240))) < 480 * 240 * 3 / 50


@pytest.mark.parametrize("size", [(1, 1), (40, 30), (300, 200)])
def test_kitty_gets_a_picture_once_and_places_it_often(size: tuple[int, int]) -> None:
    picture = noise(*size)
    terminal = KittyTerminal()
    assert terminal.feed(kitty.transmit(as_png(picture), image=7)) == b""
    assert as_rgb(terminal.pictures[7]) == picture.rgb
    assert not terminal.placed
    terminal.feed(kitty.place(image=7, columns=20, rows=9))
    assert terminal.placed == {7: (20, 9)}
    terminal.feed(kitty.place(image=7, columns=10, rows=5))
    assert terminal.placed == {7: (10, 5)}
    terminal.feed(kitty.hide(image=7))
    assert not terminal.placed
    assert 7 in terminal.pictures
    terminal.feed(kitty.forget(image=7))
    assert not terminal.pictures


def test_iterm_gets_the_file_and_its_area() -> None:
    picture = noise(30, 20)
    code = re.fullmatch(
        rb"\x1b\]1337;File=([^:]*):([^\x07]*)\x07", iterm.inline(as_png(picture), columns=9, rows=4)
    )
    assert code is not None
    keys = dict(each.split(b"=") for each in code[1].split(b";"))
    png = base64.b64decode(code[2], validate=True)
    assert as_rgb(png) == picture.rgb
    assert (keys[b"inline"], keys[b"width"], keys[b"height"], keys[b"size"]) == (
        b"1",
        b"9",
        b"4",
        b"%d" % len(png),
    )


@settings(deadline=None, max_examples=40)
@given(width=st.integers(1, 40), height=st.integers(1, 30), seed=st.integers(0, 99))
def test_any_raster_is_drawn_whole_as_sixels(width: int, height: int, seed: int) -> None:
    decoded = decode_sixels(sixel.sixels(noise(width, height, seed)))
    assert (decoded.width, decoded.height) == (width, height)
    assert len(decoded.pixels) == width * height
    assert decoded.defined_first


def test_sixels_have_the_colours_of_the_raster() -> None:
    picture = picture_of(Image.linear_gradient("L").resize((96, 60)).convert("RGB"))
    decoded = decode_sixels(sixel.sixels(picture))
    for y in range(60):
        for x in range(96):
            at = (y * 96 + x) * 3
            there, here = picture.rgb[at : at + 3], decoded.pixels[x, y]
            assert all(abs(a - b) <= 2 for a, b in zip(there, here, strict=True)), "per cent are 2.55 apart"


def test_flat_areas_of_sixels_take_few_bytes() -> None:
    flat = picture_of(Image.new("RGB", (600, 300), (255, 0, 0)))
    assert len(sixel.sixels(flat)) < 900
    assert set(decode_sixels(sixel.sixels(flat)).pixels.values()) == {(255, 0, 0)}
