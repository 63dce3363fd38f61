"""Pictures of growing files: what is there shows, what is missing is striped, what lies behind is never read."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.preview.pictures import four_corners, is_near, pixel
from tests.preview.png_writer import write_png
from tui_downloader.errors import PreviewError
from tui_downloader.preview.cells import Colour
from tui_downloader.preview.decode import Decoder
from tui_downloader.preview.picture import Picture

Image.init()

_STRIPES = {(0x3C, 0x3C, 0x3C), (0x46, 0x46, 0x46)}
_SIZE = (320, 240)
_BOX = (80, 60)


def scene() -> Image.Image:
    """A blue ramp with some noise in it, so that every part of it takes about as many bytes."""
    noise = Image.effect_noise(_SIZE, 40)
    ramp = Image.linear_gradient("L").resize(_SIZE).rotate(180)
    return Image.merge("RGB", (ramp, noise, Image.new("L", _SIZE, 230)))


def stored(format_name: str, mode: str = "RGB", **options: object) -> bytes:
    target = io.BytesIO()
    scene().convert(mode).save(target, format_name, **options)
    return target.getvalue()


def interlaced_png() -> bytes:
    picture = scene()
    return write_png(
        _SIZE, lambda column, row: rgb_at(picture, column, row), colour_type=2, depth=8, interlaced=True
    )


def rgb_at(picture: Image.Image, column: int, row: int) -> tuple[int, ...]:
    value = picture.getpixel((column, row))
    assert isinstance(value, tuple)
    return tuple(int(channel) for channel in value)


FROM_THE_TOP: dict[str, Callable[[], bytes]] = {
    "baseline JPEG": lambda: stored("JPEG"),
    "grey JPEG": lambda: stored("JPEG", "L"),
    "CMYK JPEG": lambda: stored("JPEG", "CMYK"),
    "PNG": lambda: stored("PNG"),
    "palette PNG": lambda: stored("PNG", "P"),
    "PNG with alpha": lambda: stored("PNG", "RGBA"),
    "GIF": lambda: stored("GIF", interlace=0),
    "PPM": lambda: stored("PPM"),
}
FROM_BELOW: dict[str, Callable[[], bytes]] = {"BMP": lambda: stored("BMP"), "TGA": lambda: stored("TGA")}


def shown(decoder: Decoder, folder: Path, whole: bytes, percent: float) -> Picture:
    """The picture of a sparse part file, behind whose prefix lies what nobody may read."""
    prefix = int(len(whole) * percent / 100)
    (folder / "a.part").write_bytes(whole[:prefix] + b"\xaa" * (len(whole) - prefix))
    return decoder.decode(
        folder / "a.part",
        width_pixels=_BOX[0],
        height_pixels=_BOX[1],
        prefix_bytes=prefix,
        deadline_seconds=60.0,
    )


def striped_rows(picture: Picture) -> list[int]:
    rows = [set(row_of(picture, y)) for y in range(picture.height)]
    return [y for y, colours in enumerate(rows) if colours <= _STRIPES]


def row_of(picture: Picture, y: int) -> list[Colour]:
    row = picture.rgb[y * picture.width * 3 : (y + 1) * picture.width * 3]
    return list(zip(row[0::3], row[1::3], row[2::3], strict=True))


@pytest.mark.parametrize("name", FROM_THE_TOP)
def test_rows_come_from_the_top(decoder: Decoder, tmp_path: Path, name: str) -> None:
    whole = FROM_THE_TOP[name]()
    for percent in (10, 25, 50, 75):
        picture = shown(decoder, tmp_path, whole, percent)
        assert (picture.width, picture.height) == _BOX
        striped = striped_rows(picture)
        assert striped == list(range(striped[0], 60)), percent
        assert abs(striped[0] / 60 - percent / 100) < 0.15, percent
    assert not striped_rows(shown(decoder, tmp_path, whole, 100))


@pytest.mark.parametrize("name", FROM_BELOW)
def test_rows_come_from_below(decoder: Decoder, tmp_path: Path, name: str) -> None:
    whole = FROM_BELOW[name]()
    for percent in (10, 25, 50, 75):
        striped = striped_rows(shown(decoder, tmp_path, whole, percent))
        assert striped == list(range(len(striped)))
        assert abs(len(striped) / 60 - (1 - percent / 100)) < 0.1, percent
    assert not striped_rows(shown(decoder, tmp_path, whole, 100))


@pytest.mark.parametrize("name", [*FROM_THE_TOP, *FROM_BELOW])
def test_what_shows_is_the_picture_and_nothing_of_the_ground(decoder: Decoder, tmp_path: Path, name: str) -> None:
    whole = (FROM_THE_TOP | FROM_BELOW)[name]()
    half, full = shown(decoder, tmp_path, whole, 50), shown(decoder, tmp_path, whole, 100)
    striped = set(striped_rows(half))
    for y in set(range(60)) - striped:
        for here, there in zip(row_of(half, y)[:60], row_of(full, y)[:60], strict=True):
            # A block of a JPEG takes in its neighbours, and the last ones are still to come.
            assert is_near(here, there, 70), (y, here, there)


def test_a_progressive_jpeg_is_whole_early_and_sharpens(decoder: Decoder, tmp_path: Path) -> None:
    whole = stored("JPEG", progressive=True, quality=95)
    full = shown(decoder, tmp_path, whole, 100)
    errors = []
    for percent in (25, 50, 75):
        picture = shown(decoder, tmp_path, whole, percent)
        assert not striped_rows(picture)
        errors.append(sum(abs(a - b) for a, b in zip(picture.rgb, full.rgb, strict=True)))
    assert errors[0] >= errors[1] >= errors[2]
    first_scan = whole.index(b"\xff\xda")
    second_scan = whole.index(b"\xff\xda", first_scan + 2)
    early = striped_rows(shown(decoder, tmp_path, whole, 50 * (first_scan + second_scan) / len(whole)))
    assert early == list(range(early[0], 60))


@pytest.mark.parametrize("make", [interlaced_png, lambda: stored("GIF", interlace=1)], ids=["PNG", "GIF"])
def test_an_interlaced_picture_is_whole_but_coarse(
    decoder: Decoder, tmp_path: Path, make: Callable[[], bytes]
) -> None:
    whole = make()
    full = shown(decoder, tmp_path, whole, 100)
    assert not striped_rows(full)
    for percent in (25, 50, 75):
        picture = shown(decoder, tmp_path, whole, percent)
        assert (picture.width, picture.height) == _BOX
        assert not striped_rows(picture)
        for y in (0.1, 0.5, 0.9):
            (red, _green, blue), (red_then, _, _) = pixel(picture, 0.5, y), pixel(full, 0.5, y)
            assert abs(red - red_then) < 50
            assert blue > 180
    assert striped_rows(shown(decoder, tmp_path, whole, 2))


def test_the_stripes_are_turned_with_the_picture(decoder: Decoder, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # its top is at the right
    picture = shown(decoder, tmp_path, stored("JPEG", exif=exif.tobytes()), 50)
    assert (picture.natural_width, picture.natural_height) == (240, 320)
    assert pixel(picture, 0.05, 0.5) in _STRIPES
    assert pixel(picture, 0.95, 0.5) not in _STRIPES


@pytest.mark.parametrize(
    ("format_name", "words"),
    [
        ("WEBP", "WebP, 320 × 240; it shows once it is complete"),
        ("AVIF", "AVIF, 320 × 240; it shows once it is complete"),
        ("TIFF", "TIFF; it shows once it is complete"),
        ("PNG", "PNG, 320 × 240; it shows as more of it comes"),
        ("JPEG", "JPEG, 320 × 240; it shows as more of it comes"),
    ],
)
def test_what_shows_nothing_yet_says_so(decoder: Decoder, tmp_path: Path, format_name: str, words: str) -> None:
    if format_name not in Image.SAVE:
        pytest.skip("this Pillow cannot write it")
    whole = stored(format_name, **({"compression": "tiff_lzw"} if format_name == "TIFF" else {}))
    header = {"PNG": 60, "JPEG": whole.find(b"\xff\xda") + 20}.get(format_name, len(whole) // 2)
    (tmp_path / "a.part").write_bytes(whole[:header] + bytes(len(whole) - header))
    with pytest.raises(PreviewError) as caught:
        decoder.decode(tmp_path / "a.part", width_pixels=80, height_pixels=60, prefix_bytes=header)
    assert str(caught.value) == words


def test_any_prefix_of_any_format_shows_or_says_why(decoder: Decoder, tmp_path: Path) -> None:
    for format_name in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "QOI"):
        if format_name not in Image.SAVE:
            continue
        target = io.BytesIO()
        four_corners((64, 64)).save(target, format_name)
        whole = target.getvalue()
        for twelfth in range(1, 13):
            outcome = shown_or_said(decoder, tmp_path, whole, 100 * twelfth // 12)
            if isinstance(outcome, str):
                assert "; it shows " in outcome or "not a picture" in outcome, (format_name, twelfth, outcome)
            else:
                assert (outcome.natural_width, outcome.natural_height) == (64, 64)
        assert not striped_rows(shown(decoder, tmp_path, whole, 100))


def shown_or_said(decoder: Decoder, folder: Path, whole: bytes, percent: int) -> Picture | str:
    try:
        return shown(decoder, folder, whole, percent)
    except PreviewError as error:
        return str(error)
