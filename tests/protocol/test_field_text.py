"""Bytes and escapes of field values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.protocol.field_text import (
    decode_charset,
    decode_encoded_words,
    decode_extended,
    decode_percent,
    text_of,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("naïve €".encode(), "naïve €"),
        ("naïve €".encode().decode("latin-1"), "naïve €"),
        ("naïve".encode("latin-1"), "naïve"),
        ("naïve", "naïve"),
        ("“a”".encode("cp1252"), "“a”"),
        (b"\x81", "\x81"),
        ("already Ω", "already Ω"),
        (b"", ""),
    ],
)
def test_text_of(value: bytes | str, text: str) -> None:
    assert text_of(value) == text


@pytest.mark.parametrize(
    "charset", ["idna", "utf-7", "unicode_escape", "rot13", "hex", "nonsense", "", "a" * 5000]
)
def test_charsets_that_are_none_of_a_servers_business(charset: str) -> None:
    assert decode_charset(b"x", charset) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=?UTF-8?B?w6kudHh0?=", "é.txt"),
        ("=?utf-8?q?=C3=A9_x.txt?=", "é x.txt"),
        ("=?iso-8859-1?Q?=E9.txt?=", "é.txt"),
        ("=?UTF-8*fr?B?w6k?= =?UTF-8?Q?.txt?=", "=?UTF-8*fr?B?w6k?=.txt"),
        ("=?UTF-8*fr?Q?=C3=A9?= =?UTF-8?Q?.txt?=", "é.txt"),
        ("=?nonsense?B?w6k=?=", "=?nonsense?B?w6k=?="),
        ("a=?b", "a=?b"),
    ],
)
def test_encoded_words(text: str, expected: str) -> None:
    assert decode_encoded_words(text) == expected


def test_percent() -> None:
    assert decode_percent("100%.txt") == "100%.txt"
    assert decode_percent("a%20b%C3%A9") == "a bé"
    assert decode_percent("a%E9") == "a%E9"
    assert decode_percent("é%20") == "é "


def test_extended_values() -> None:
    assert decode_extended("UTF-8''%e2%82%ac%20rates") == "€ rates"
    assert decode_extended("iso-8859-1'en'%A3%20rates") == "£ rates"
    assert decode_extended("''a%20b") == "a b"
    assert decode_extended("plain%20name.txt") == "plain name.txt"
    assert decode_extended("UTF-8''it's") == "it's"
    assert decode_extended("UTF-8''%E9") is None
    assert decode_extended("utf-7''+AGE-") is None


@given(st.text())
def test_never_raise(text: str) -> None:
    assert isinstance(text_of(text), str)
    assert isinstance(decode_percent(text), str)
    assert isinstance(decode_encoded_words(f"=?UTF-8?{text}?="), str)
    decode_extended(text)


@given(st.binary())
def test_any_bytes_are_text(value: bytes) -> None:
    assert isinstance(text_of(value), str)


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_utf_8_is_never_mistaken(text: str) -> None:
    assert text_of(text.encode()) == text
