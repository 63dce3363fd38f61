"""Every format and pixel layout that is accepted comes back in its colours."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from tests.preview.pictures import (
    BLACK,
    BLUE,
    GREEN,
    RED,
    WHITE,
    four_corners,
    is_near,
    noisy_jpeg,
    pixel,
    two_halves,
)
from tests.preview.png_writer import COLOUR_TYPES, chunk, write_png
from tui_downloader.preview.decode import Decoder

Image.init()

_MODES = {
    "JPEG": ("RGB", "L", "CMYK"),
    "PNG": ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"),
    "GIF": ("RGB", "RGBA", "L", "P", "1"),
    "WEBP": ("RGB", "RGBA", "L"),
    "AVIF": ("RGB", "RGBA", "L"),
    "BMP": ("RGB", "RGBA", "L", "P", "1"),
    "TIFF": ("RGB", "RGBA", "L", "LA", "P", "CMYK", "1", "I;16", "F", "LAB"),
    "ICO": ("RGBA",),
    "QOI": ("RGB", "RGBA"),
    "PPM": ("RGB", "L", "1", "I"),
    "TGA": ("RGB", "RGBA", "L", "P"),
}
_GREY_MODES = {"1", "L", "LA", "I", "F", "I;16"}
_CASES = [(name, mode) for name, modes in _MODES.items() if name in Image.SAVE for mode in modes]
_MEDIA_TYPES = {
    "ICO": "image/x-icon", "QOI": "image/x-qoi", "PPM": "image/x-portable-anymap", "TGA": "image/x-tga",
}  # fmt: skip


@pytest.mark.parametrize(("format_name", "mode"), _CASES)
def test_colours_arrive(decoder: Decoder, tmp_path: Path, format_name: str, mode: str) -> None:
    path = tmp_path / "picture"
    save(two_halves(mode), path, format_name)
    picture = decoder.decode(path, width_pixels=32, height_pixels=32)
    assert (picture.natural_width, picture.natural_height) == (64, 32)
    assert (picture.width, picture.height) == (32, 16)
    assert picture.media_type == _MEDIA_TYPES.get(format_name, f"image/{format_name.lower()}")
    has_colour = mode not in _GREY_MODES
    left, right = (RED, BLUE) if has_colour else (BLACK, WHITE)
    assert is_near(pixel(picture, 0.2, 0.5), left)
    assert is_near(pixel(picture, 0.8, 0.5), right)


def in_mode(picture: Image.Image, mode: str) -> Image.Image:
    """A picture in another pixel layout, through the ones that Pillow has no direct way between."""
    if mode == "I;16":
        grey = picture.convert("L")
        return Image.frombytes("I;16", grey.size, bytes(level for level in grey.tobytes() for _ in range(2)))
    if mode == "LAB":
        lab, srgb = (ImageCms.createProfile(space) for space in ("LAB", "sRGB"))
        changed = ImageCms.profileToProfile(picture.convert("RGB"), srgb, lab, outputMode="LAB")
        assert changed is not None
        return changed
    if mode == "1":
        return picture.convert("1", dither=Image.Dither.NONE)
    return picture.convert("L").convert(mode) if mode in _GREY_MODES else picture.convert(mode)


def grey_corners() -> Image.Image:
    """Black, white, white and black quarters: the same for grey and for one bit."""
    picture = Image.new("RGB", (96, 64), BLACK)
    picture.paste(WHITE, (48, 0, 96, 64))
    picture.paste(WHITE, (0, 32, 48, 64))
    picture.paste((90, 90, 90), (48, 32, 96, 64))
    return picture


def save(image: Image.Image, path: Path, format_name: str) -> None:
    if format_name == "ICO":
        image.save(path, "ICO", sizes=[image.size])
    elif format_name == "PPM" and image.mode == "I":
        image.point(lambda value: value * 257).save(path, "PPM")
    else:
        image.save(path, format_name)


def test_small_pictures_keep_their_size(decoder: Decoder, tmp_path: Path) -> None:
    four_corners((12, 8)).save(tmp_path / "a.png")
    picture = decoder.decode(tmp_path / "a.png", width_pixels=400, height_pixels=400)
    assert (picture.width, picture.height) == (12, 8)
    assert len(picture.rgb) == 12 * 8 * 3


_WITH_EXIF = {"JPEG", "PNG", "WEBP", "TIFF", "AVIF"}


@pytest.mark.parametrize(("format_name", "mode"), [case for case in _CASES if case[0] in _WITH_EXIF])
def test_every_orientation(decoder: Decoder, tmp_path: Path, format_name: str, mode: str) -> None:
    has_colour = mode not in _GREY_MODES
    upright = four_corners() if has_colour else grey_corners()
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        stored = in_mode(lying(upright, orientation), mode)
        stored.save(tmp_path / "a", format_name, exif=exif.tobytes(), quality=95)
        picture = decoder.decode(tmp_path / "a", width_pixels=48, height_pixels=48)
        assert (picture.natural_width, picture.natural_height) == (96, 64)
        assert (picture.width, picture.height) == (48, 32)
        shown = upright if has_colour else in_mode(upright, "1" if mode == "1" else "L").convert("RGB")
        for x in (0.1, 0.9):
            for y in (0.1, 0.9):
                wanted = shown.getpixel((int(x * 96), int(y * 64)))
                assert isinstance(wanted, tuple)
                assert is_near(pixel(picture, x, y), (wanted[0], wanted[1], wanted[2])), (orientation, x, y)


@pytest.mark.parametrize("format_name", [name for name in _MODES if name in Image.SAVE and name not in _WITH_EXIF])
def test_formats_without_an_orientation_stay_upright(decoder: Decoder, tmp_path: Path, format_name: str) -> None:
    four_corners((64, 64)).save(
        tmp_path / "a", format_name, **({"sizes": [(64, 64)]} if format_name == "ICO" else {})
    )
    picture = decoder.decode(tmp_path / "a", width_pixels=48, height_pixels=48)
    assert is_near(pixel(picture, 0.1, 0.1), RED)
    assert is_near(pixel(picture, 0.9, 0.1), GREEN)
    assert is_near(pixel(picture, 0.1, 0.9), BLUE)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("colour_type", "depth"), [(kind, depth) for kind, depths in COLOUR_TYPES.items() for depth in depths]
)
def test_every_depth_of_png_in_every_orientation(
    decoder: Decoder, tmp_path: Path, colour_type: int, depth: int, orientation: int
) -> None:
    most = (1 << depth) - 1
    coloured = {2: (most, 0, 0), 3: (1,), 0: (most,), 4: (most, most), 6: (most, 0, 0, most)}[colour_type]
    dark = {2: (0, 0, 0), 3: (0,), 0: (0,), 4: (0, most), 6: (0, 0, 0, most)}[colour_type]
    mark = lying(corner_mark(), orientation)
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = write_png(
        mark.size,
        lambda column, row: coloured if mark.getpixel((column, row)) else dark,
        colour_type=colour_type,
        depth=depth,
        palette=b"\x00\x00\x00\xff\x00\x00" if colour_type == 3 else b"",
        extra=chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\x00\x00")),
        interlaced=orientation % 2 == 0,
    )
    (tmp_path / "a.png").write_bytes(stored)
    picture = decoder.decode(tmp_path / "a.png", width_pixels=48, height_pixels=32)
    assert (picture.natural_width, picture.natural_height) == (48, 32)
    assert is_near(pixel(picture, 0.1, 0.1), WHITE if colour_type in {0, 4} else (255, 0, 0))
    for x, y in ((0.9, 0.1), (0.1, 0.9), (0.9, 0.9)):
        assert is_near(pixel(picture, x, y), BLACK)


def corner_mark() -> Image.Image:
    """Black, its upper left quarter white."""
    mark = Image.new("L", (48, 32), 0)
    mark.paste(255, (0, 0, 24, 16))
    return mark


@pytest.mark.parametrize("byte_order", ["<", ">"])
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bits_of_tiff(decoder: Decoder, tmp_path: Path, byte_order: str, channels: int) -> None:
    (tmp_path / "a.tif").write_bytes(sixteen_bit_tiff(byte_order, channels))
    picture = decoder.decode(tmp_path / "a.tif", width_pixels=48, height_pixels=48)
    assert is_near(pixel(picture, 0.2, 0.5), (255, 255, 255) if channels == 1 else (255, 0, 0), 2)
    assert is_near(pixel(picture, 0.8, 0.5), BLACK, 2)


def sixteen_bit_tiff(byte_order: str, channels: int) -> bytes:
    """Left half at most, right half at nought, uncompressed (TIFF 6.0, section 8)."""
    most = struct.pack(byte_order + "H", 0xFFFF)
    bright = (most + b"\x00\x00\x00\x00")[: 2 * channels]
    data = (bright * 24 + bytes(2 * channels * 24)) * 32
    tags = {
        256: 48, 257: 32, 258: 16, 259: 1, 262: 1 if channels == 1 else 2, 273: 8, 277: channels, 278: 32,
        279: len(data),
    }  # fmt: skip
    entries = b"".join(
        struct.pack(byte_order + "HHII", tag, 4, 1, value)
        if tag != 258 or channels == 1
        else struct.pack(byte_order + "HHII", 258, 3, channels, 8 + len(data) + 2 + 12 * len(tags) + 4)
        for tag, value in tags.items()
    )
    mark = b"II*\x00" if byte_order == "<" else b"MM\x00*"
    directory = struct.pack(byte_order + "H", len(tags)) + entries + bytes(4)
    depths = struct.pack(byte_order + "H", 16) * channels
    return mark + struct.pack(byte_order + "I", 8 + len(data)) + data + directory + depths


@pytest.mark.parametrize("magic", [b"P5", b"P6"])
def test_sixteen_bits_of_ppm(decoder: Decoder, tmp_path: Path, magic: bytes) -> None:
    bright = b"\xff\xff" if magic == b"P5" else b"\xff\xff\x00\x00\x00\x00"
    rows = (bright * 24 + bytes(len(bright) * 24)) * 32
    (tmp_path / "a.ppm").write_bytes(magic + b"\n48 32\n65535\n" + rows)
    picture = decoder.decode(tmp_path / "a.ppm", width_pixels=48, height_pixels=48)
    assert is_near(pixel(picture, 0.2, 0.5), WHITE if magic == b"P5" else (255, 0, 0), 2)
    assert is_near(pixel(picture, 0.8, 0.5), BLACK, 2)


def lying(upright: Image.Image, orientation: int) -> Image.Image:
    """The picture as a camera stores it that notes this orientation."""
    turns = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    turn = turns[orientation]
    return upright if turn is None else upright.transpose(turn)


def test_a_tall_box_uses_its_height_for_a_turned_photograph(decoder: Decoder, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    four_corners((1600, 1200)).save(tmp_path / "a.jpg", exif=exif.tobytes())
    picture = decoder.decode(tmp_path / "a.jpg", width_pixels=120, height_pixels=160)
    assert (picture.width, picture.height) == (120, 160)


def test_transparency_shows_a_checkerboard(decoder: Decoder, tmp_path: Path) -> None:
    Image.new("RGBA", (48, 48), (255, 0, 0, 0)).save(tmp_path / "a.png")
    picture = decoder.decode(tmp_path / "a.png", width_pixels=48, height_pixels=48)
    assert set(zip(picture.rgb[0::3], picture.rgb[1::3], picture.rgb[2::3], strict=True)) == {
        (0x66, 0x66, 0x66),
        (0x99, 0x99, 0x99),
    }
    assert pixel(picture, 0, 0) == pixel(picture, 4.5 / 48, 4.5 / 48) != pixel(picture, 4.5 / 48, 0)


def test_a_transparent_colour_counts_as_transparency(decoder: Decoder, tmp_path: Path) -> None:
    two_halves("RGB").save(tmp_path / "a.png", transparency=RED)
    picture = decoder.decode(tmp_path / "a.png", width_pixels=64, height_pixels=64)
    assert pixel(picture, 0.1, 0.5)[0] in {0x66, 0x99}
    assert pixel(picture, 0.9, 0.5) == BLUE


def test_frames_are_counted(decoder: Decoder, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (20, 20), (level, 0, 0)) for level in (0, 80, 160)]
    for name, format_name in (("a.gif", "GIF"), ("a.png", "PNG"), ("a.webp", "WEBP"), ("a.tif", "TIFF")):
        frames[0].save(tmp_path / name, format_name, save_all=True, append_images=frames[1:])
        picture = decoder.decode(tmp_path / name, width_pixels=20, height_pixels=20)
        assert picture.frames == 3, name
    assert decoder.decode(tmp_path / "a.png", width_pixels=9, height_pixels=9).media_type == "image/apng"
    four_corners().save(tmp_path / "still.gif")
    assert decoder.decode(tmp_path / "still.gif", width_pixels=9, height_pixels=9).frames == 1


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_a_profile_is_applied_and_a_damaged_one_ignored(decoder: Decoder, tmp_path: Path, mode: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for name, data in (("whole.png", profile), ("damaged.png", profile[:200]), ("nonsense.png", b"x" * 900)):
        two_halves("RGB").convert(mode).save(tmp_path / name, icc_profile=data)
        picture = decoder.decode(tmp_path / name, width_pixels=32, height_pixels=32)
        if mode != "L":
            assert is_near(pixel(picture, 0.2, 0.5), RED, 4), name


def test_a_profile_with_swapped_channels_shows(decoder: Decoder, tmp_path: Path) -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for tag, other in ((b"rXYZ", b"qXYZ"), (b"bXYZ", b"rXYZ"), (b"qXYZ", b"bXYZ")):
        at = profile.index(tag, 128)
        profile[at : at + 4] = other
    two_halves("RGB").save(tmp_path / "a.png", icc_profile=bytes(profile))
    picture = decoder.decode(tmp_path / "a.png", width_pixels=32, height_pixels=32)
    red, _green, blue = pixel(picture, 0.2, 0.5)
    assert blue > 150 > red


def test_edges_stay_in_place_when_a_jpeg_is_decoded_at_a_smaller_scale(decoder: Decoder, tmp_path: Path) -> None:
    image = Image.new("L", (1600, 800), 255)
    image.paste(0, (800, 0, 1600, 800))
    image.save(tmp_path / "a.jpg")
    picture = decoder.decode(tmp_path / "a.jpg", width_pixels=100, height_pixels=50)
    assert (picture.width, picture.height) == (100, 50)
    assert is_near(pixel(picture, 0.48, 0.5), WHITE)
    assert is_near(pixel(picture, 0.52, 0.5), BLACK)


@pytest.mark.parametrize("is_progressive", [False, True])
def test_a_prefix_of_a_jpeg_shows_what_is_there(decoder: Decoder, tmp_path: Path, is_progressive: bool) -> None:
    stored = io.BytesIO()
    four_corners((640, 480)).save(stored, "JPEG", progressive=is_progressive)
    whole = stored.getvalue()
    path = tmp_path / "a.jpg.part"
    path.write_bytes(whole[: len(whole) // 2] + bytes(len(whole)))
    picture = decoder.decode(path, width_pixels=64, height_pixels=48, prefix_bytes=len(whole) // 2)
    assert (picture.natural_width, picture.natural_height) == (640, 480)
    assert picture.frames is None
    assert is_near(pixel(picture, 0.2, 0.1), RED)
    assert is_near(pixel(picture, 0.8, 0.1), (20, 200, 20))


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "GIF", "BMP"])
def test_a_prefix_shows_its_rows(decoder: Decoder, tmp_path: Path, format_name: str) -> None:
    noise = Image.open(noisy_jpeg(tmp_path / "a.jpg"))
    # A BMP begins with its last row.
    first_row = noise.height * 3 // 4 if format_name == "BMP" else 0
    noise.paste(RED, (0, first_row, noise.width, first_row + noise.height // 4))
    noise.save(tmp_path / "a", format_name)
    size = (tmp_path / "a").stat().st_size
    picture = decoder.decode(tmp_path / "a", width_pixels=64, height_pixels=64, prefix_bytes=size * 3 // 4)
    assert is_near(pixel(picture, 0.5, 0.9 if format_name == "BMP" else 0.1), RED)


def test_the_prefix_rule_ends_with_its_request(decoder: Decoder, tmp_path: Path) -> None:
    path = noisy_jpeg(tmp_path / "a.jpg")
    decoder.decode(path, width_pixels=64, height_pixels=64, prefix_bytes=9_000)
    whole = decoder.decode(path, width_pixels=64, height_pixels=64, prefix_bytes=path.stat().st_size)
    assert whole.rgb == decoder.decode(path, width_pixels=64, height_pixels=64).rgb
