"""Kinds of files by their first bytes."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tui_downloader.errors import PreviewError
from tui_downloader.preview import media_type
from tui_downloader.preview.media_type import describe, is_picture, sniff
from tui_downloader.preview.raster import _FORMATS


def zipped() -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("a", "x")
    return stored.getvalue()


def tarred() -> bytes:
    stored = io.BytesIO()
    with tarfile.open(fileobj=stored, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return stored.getvalue()


def box(brand: bytes) -> bytes:
    return b"\x00\x00\x00\x18ftypabcd\x00\x00\x00\x00" + brand + b"zzzz" + b"ignored avif"


_SAMPLES = [
    (zipped(), "application/zip", "ZIP archive"),
    (tarred(), "application/x-tar", "tar archive"),
    (gzip.compress(b"x"), "application/gzip", "gzip archive"),
    (lzma.compress(b"x"), "application/x-xz", "xz archive"),
    (b"\x28\xb5\x2f\xfd\x04\x00", "application/zstd", "Zstandard archive"),
    (b"%PDF-1.7\n", "application/pdf", "PDF"),
    (bytes(32769) + b"CD001", "application/x-iso9660-image", "disk image"),
    (b"\x45\x52\x08\x00" + bytes(32765) + b"CD001", "application/x-iso9660-image", "disk image"),
    (bytes(510) + b"\x55\xaaEFI PART", "application/x-raw-disk-image", "disk image"),
    (box(b"isom"), "video/mp4", "MPEG-4 video"),
    (box(b"avif"), "image/avif", "AVIF"),
    (box(b"heic"), "image/heic", "HEIC"),
    (box(b"M4A "), "audio/mp4", "MPEG-4 audio"),
    (b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm", "video/webm", "WebM video"),
    (b"\x1a\x45\xdf\xa3\x9fB\x82\x88matroska", "video/x-matroska", "Matroska video"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav", "WAV audio"),
    (b"\x7fELF\x02\x01", "application/x-elf", "program"),
    (b"MZ\x90\x00\x03", "application/vnd.microsoft.portable-executable", "Windows program"),
    (b"<!DOCTYPE HTML>\n<html>", "text/html", "web page"),
    (b"\xef\xbb\xbf  <!-- x --><html lang=en>", "text/html", "web page"),
    (b"<?xml version='1.0'?><rss/>", "application/xml", "XML"),
    (b"<?xml version='1.0'?><svg/>", "image/svg+xml", "SVG"),
    (b"import re\nhtml = '<html>'\n", "text/plain", "text"),
    ("Grüße\n".encode(), "text/plain", "text"),
    ("Grüße".encode("utf-16"), "text/plain", "text"),
    (b"\x1b[31mred\x1b[0m log\r\n", "text/plain", "text"),
    (b"P1 is the first point on the agenda", "text/plain", "text"),
    (b"P6 # comment\n# another\n 3 2 255\nabc", "image/x-portable-anymap", "PPM"),
    (b"BMW builds cars, and this is a text", "text/plain", "text"),
    (b"MZ is how this text begins", "text/plain", "text"),
    (b"Good day. " * 60, "text/plain", "text"),
    (b"\x00\x00\x02\x00\x01\x00 cursor", None, "data"),
    ("Grüße aus Köln, schöne Tage und viel Glück\n".encode("latin-1"), "text/plain", "text"),
    (b"\x93caf\xe9\x00\x01", None, "data"),
    (b"", None, "data"),
]


@pytest.mark.parametrize(
    ("head", "kind", "words"), _SAMPLES, ids=lambda value: "" if isinstance(value, bytes) else None
)
def test_kinds(head: bytes, kind: str | None, words: str) -> None:
    assert sniff(head) == kind
    assert describe(kind) == words


def test_text_cut_inside_a_character_is_text() -> None:
    assert sniff("é".encode() * 3000 + b"x") == "text/plain"
    assert sniff(b"x" + "é".encode() * 3000) == "text/plain"


def test_the_child_decodes_what_is_called_showable() -> None:
    assert {kind for kind in _FORMATS if media_type.can_show(kind)} == set(_FORMATS)
    assert not any(media_type.can_show(kind) for kind in (None, "image/heic", "image/svg+xml", "text/plain"))


def test_pictures_are_more_than_what_is_shown() -> None:
    assert is_picture("image/heic")
    assert not is_picture("video/mp4")
    assert not is_picture(None)


def test_words_never_repeat_their_argument() -> None:
    assert describe("image/x-\x1b[2J") == "picture"
    assert describe("audio/[/]") == "audio"
    assert describe("\x1b]0;x\x07") == "data"


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "ICO", "PPM", "TGA"])
def test_pillows_files_are_recognised(format_name: str) -> None:
    stored = io.BytesIO()
    Image.new("RGB", (20, 20)).save(stored, format_name)
    kind = media_type.require_showable(stored.getvalue())
    assert _FORMATS[kind][0] == format_name


@settings(deadline=None)
@given(st.binary(max_size=600))
def test_any_bytes_get_an_answer(head: bytes) -> None:
    kind = sniff(head)
    assert describe(kind).isprintable()
    if media_type.can_show(kind):
        assert media_type.require_showable(head) == kind
    else:
        with pytest.raises(PreviewError):
            media_type.require_showable(head)
