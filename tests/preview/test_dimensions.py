"""Width and height from the first bytes alone."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tui_downloader.preview.dimensions import dimensions

Image.init()


@pytest.mark.parametrize(
    ("format_name", "mode", "options"),
    [
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {}),
        ("WEBP", "RGB", {"lossless": True}),
        ("AVIF", "RGB", {}),
        ("AVIF", "RGBA", {}),
        ("GIF", "P", {}),
        ("PNG", "RGBA", {}),
    ],
)
def test_a_thirtieth_of_the_file_is_enough(format_name: str, mode: str, options: dict[str, bool]) -> None:
    if format_name not in Image.SAVE:
        pytest.skip("this Pillow cannot write it")
    stored = io.BytesIO()
    picture = Image.effect_noise((300, 170), 60).convert("RGB").convert(mode)
    picture.putpixel((3, 3), (1, 2, 3, 4)[: len(mode)] if mode != "P" else 7)
    picture.save(stored, format_name, **options)
    head = stored.getvalue()[:800]
    assert dimensions(f"image/{format_name.lower()}", head) == (300, 170)


def test_other_formats_are_left_to_pillow() -> None:
    assert dimensions("image/jpeg", b"\xff\xd8\xff" + bytes(40)) is None


@given(
    kind=st.sampled_from(["image/webp", "image/avif", "image/gif", "image/png"]),
    body=st.binary(max_size=80),
    chunk=st.binary(max_size=4),
)
def test_any_bytes_give_a_size_or_none(kind: str, body: bytes, chunk: bytes) -> None:
    for head in (body, b"RIFF....WEBP" + chunk + body, b"RIFF....WEBPVP8 " + body, b"\x00\x00\x00\x14ispe" + body):
        found = dimensions(kind, head)
        assert found is None or min(found) > 0
