"""Media types and their extensions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.protocol.media_type import extension_for, parse_media_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text/html; charset=UTF-8", "text/html"),
        ("Image/JPEG", "image/jpeg"),
        (" application/vnd.api+json ;x=1", "application/vnd.api+json"),
        ("text", None),
        ("text/", None),
        ("text/html, text/plain", None),
        ("text/ht ml", None),
        ("text/é", None),
        ("text/html\n", None),
        ("", None),
    ],
)
def test_parse_media_type(text: str, expected: str | None) -> None:
    assert parse_media_type(text) == expected


@pytest.mark.parametrize(
    ("media_type", "extension"),
    [
        ("image/jpeg", ".jpg"),
        ("IMAGE/PNG; q=1", ".png"),
        ("application/pdf", ".pdf"),
        ("application/zip", ".zip"),
        ("application/zstd", ".zst"),
        ("application/x-iso9660-image", ".iso"),
        ("application/octet-stream", ""),
        ("application/x-unheard-of", ""),
        ("nonsense", ""),
        (None, ""),
    ],
)
def test_extension_for(media_type: str | None, extension: str) -> None:
    assert extension_for(media_type) == extension


@given(st.text() | st.from_regex(r"\A[a-z]{1,5}/[a-z]{1,5}\Z"))
def test_an_extension_is_harmless(text: str) -> None:
    extension = extension_for(text)
    assert extension == "" or (extension[0] == "." and extension[1:].isalnum())
