"""What is no picture, or a hostile one, gets one plain sentence and leaves the child alive."""

from __future__ import annotations

import contextlib
import os
import random
import struct
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.preview.bombs import flat_png
from tests.preview.pictures import four_corners, noisy_jpeg
from tui_downloader.errors import PreviewError
from tui_downloader.preview.decode import Decoder

Image.init()

_WRITABLE = [
    name for name in ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF", "PPM", "TGA") if name in Image.SAVE
]


def refusal(decoder: Decoder, path: Path) -> str:
    with pytest.raises(PreviewError) as caught:
        decoder.decode(path, width_pixels=60, height_pixels=60, deadline_seconds=60.0)
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is empty"),
        (b"just some words\n", "not a picture (text)"),
        (b"<!DOCTYPE html><title>Sign in</title>", "not a picture (web page)"),
        (b"PK\x03\x04" + bytes(40), "not a picture (ZIP archive)"),
        (bytes(100), "not a picture (data)"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG pictures cannot be shown"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(40), "HEIC pictures cannot be shown"),
        (b"\x89PNG\r\n\x1a\n", "the picture is damaged"),
        (b"\xff\xd8\xff\xe0 no segments", "the picture is damaged"),
        (b"GIF89a", "the picture is damaged"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_contents_that_cannot_be_shown(decoder: Decoder, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    assert refusal(decoder, path) == sentence


def test_a_vanished_file(decoder: Decoder, tmp_path: Path) -> None:
    four_corners().save(tmp_path / "a.png")
    decoder.decode(tmp_path / "a.png", width_pixels=9, height_pixels=9)
    (tmp_path / "a.png").unlink()
    assert refusal(decoder, tmp_path / "a.png") == "the file is gone"
    assert refusal(decoder, Path("a\x00b.png")) == "the file is gone"


def test_what_is_no_file(decoder: Decoder, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert refusal(decoder, tmp_path / "pipe.png") == "this is a named pipe"
    assert refusal(decoder, tmp_path) == "this is a folder"
    assert refusal(decoder, Path(os.devnull)) == "this is a device"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_an_unreadable_file(decoder: Decoder, tmp_path: Path) -> None:
    four_corners().save(tmp_path / "a.png")
    (tmp_path / "a.png").chmod(0)
    assert refusal(decoder, tmp_path / "a.png") == "the file may not be read"


@pytest.mark.parametrize(
    "name", ["a\x1b]0;title\x07.png", "x[/]y", "[link=x]é\u202egnp.png", "\udcff\udcfe.png", "-rf"]
)
def test_strange_names(decoder: Decoder, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        four_corners().save(path, "PNG")
    except OSError:
        pytest.skip("this file system refuses the name")
    assert decoder.decode(path, width_pixels=24, height_pixels=24).natural_width == 96
    path.write_bytes(path.read_bytes()[:60])
    assert refusal(decoder, path) == "the picture is damaged"


def test_a_relative_path_is_the_callers(decoder: Decoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    four_corners().save(tmp_path / "a.png")
    monkeypatch.chdir(tmp_path)
    assert decoder.decode(Path("a.png"), width_pixels=24, height_pixels=24).format == "PNG"


@pytest.mark.parametrize("format_name", _WRITABLE)
def test_a_truncated_picture_is_damaged(decoder: Decoder, tmp_path: Path, format_name: str) -> None:
    Image.open(noisy_jpeg(tmp_path / "a.jpg")).save(tmp_path / "a", format_name)
    whole = (tmp_path / "a").read_bytes()
    for numerator in range(1, 13):
        (tmp_path / "a").write_bytes(whole[: len(whole) * numerator // 13])
        assert refusal(decoder, tmp_path / "a") == "the picture is damaged", numerator


def test_a_picture_with_too_many_pixels(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(flat_png(50_000, 50_000))
    assert refusal(decoder, tmp_path / "bomb.png") == "the picture is too large to show (50000 × 50000)"


def test_a_qoi_that_would_take_too_long(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "a.qoi").write_bytes(struct.pack(">4sIIBB", b"qoif", 2560, 1024, 3, 0) + bytes(100))
    assert refusal(decoder, tmp_path / "a.qoi") == "the picture is too large to show (2560 × 1024)"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces a limit on address space")
def test_a_picture_that_needs_too_much_memory(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(flat_png(14_000, 14_000))
    assert refusal(decoder, tmp_path / "bomb.png") == "the picture is too large to show (14000 × 14000)"
    (tmp_path / "bomb.png").write_bytes(flat_png(2, 1, data=b"\x00\xff\x00\x00\x00\xff\x00"))
    assert (
        decoder.decode(tmp_path / "bomb.png", width_pixels=9, height_pixels=9).rgb == b"\xff\x00\x00\x00\xff\x00"
    )


def test_a_large_icon_inside_a_small_one(decoder: Decoder, tmp_path: Path) -> None:
    inner = flat_png(30_000, 30_000)
    entry = struct.pack("<BBBBHHII", 16, 16, 0, 0, 1, 32, len(inner), 22)
    (tmp_path / "a.ico").write_bytes(struct.pack("<HHH", 0, 1, 1) + entry + inner)
    assert refusal(decoder, tmp_path / "a.ico") == "the picture is too large to show"


def test_ghostscript_never_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "ran"
    (tmp_path / "gs").write_text(f"#!/bin/sh\n: > '{mark}'\n")
    (tmp_path / "gs").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    four_corners().save(tmp_path / "a.eps", "EPS")
    postscript = (tmp_path / "a.eps").read_bytes()
    binary = struct.pack("<4sIIIIIIH", b"\xc5\xd0\xd3\xc6", 30, len(postscript), 0, 0, 0, 0, 0xFFFF) + postscript
    with Decoder() as decoder:
        assert refusal(decoder, tmp_path / "a.eps") == "not a picture (PostScript)"
        (tmp_path / "a.png").write_bytes(binary)
        assert refusal(decoder, tmp_path / "a.png") == "not a picture (PostScript)"
    assert not mark.exists()


@pytest.mark.parametrize("format_name", _WRITABLE)
def test_altered_bytes_never_end_the_child(decoder: Decoder, tmp_path: Path, format_name: str) -> None:
    chance = random.Random(format_name)
    four_corners().save(tmp_path / "a", format_name)
    whole = (tmp_path / "a").read_bytes()
    decoder.decode(tmp_path / "a", width_pixels=60, height_pixels=60)
    child = decoder.child_pid
    for _ in range(40):
        altered = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            altered[chance.randrange(min(len(altered), chance.choice((64, 100_000))))] = chance.randrange(256)
        (tmp_path / "a").write_bytes(altered)
        with contextlib.suppress(PreviewError):
            decoder.decode(tmp_path / "a", width_pixels=60, height_pixels=60, deadline_seconds=60.0)
    assert decoder.child_pid == child


@pytest.mark.parametrize(("width", "height", "prefix"), [(0, 5, None), (5, 4097, None), (5, 5, -1)])
def test_impossible_requests(
    decoder: Decoder, tmp_path: Path, width: int, height: int, prefix: int | None
) -> None:
    with pytest.raises(ValueError, match=r"pixels|prefix"):
        decoder.decode(tmp_path, width_pixels=width, height_pixels=height, prefix_bytes=prefix)
