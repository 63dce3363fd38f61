"""Limits as typed and as shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.errors import InvalidInputError
from tui_downloader.tui.limit_words import LIMIT_MAX, limit_in_force, limit_words, parse_limit, typed_limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("off", None),
        (" OFF ", None),
        ("0", None),
        ("500k", 500_000),
        ("2M", 2_000_000),
        ("1.5 MB/s", 1_500_000),
        ("512Ki", 524_288),
    ],
)
def test_what_is_read(text: str, limit: int | None) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "An empty field is not a limit: write off, 500k or 2M."),
        ("fast", "“fast” is not a limit: write off, 500k or 2M."),
        ("-1", "“-1” is not a limit: write off, 500k or 2M."),
        ("x" * 99, f"“{'x' * 23}…” is not a limit: write off, 500k or 2M."),
        ("9\x1b", "“9\\x1b” is not a limit: write off, 500k or 2M."),
        ("9000T", "No line carries that much: write off, 500k or 2M."),
    ],
)
def test_what_is_not(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError) as raised:
        parse_limit(text)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("limit", "typed", "shown"),
    [
        (None, "off", "off"),
        (2_000_000, "2M", "2 MB/s"),
        (1_500_000, "1.5M", "1.5 MB/s"),
        (500_000, "500k", "500 kB/s"),
        (524_288, "512Ki", "524 kB/s"),
        (1_048_576, "1Mi", "1 MB/s"),
        (1_234_567, "1234567", "1.2 MB/s"),
        (10, "10", "10 B/s"),
    ],
)
def test_how_a_limit_reads(limit: int | None, typed: str, shown: str) -> None:
    assert typed_limit(limit) == typed
    assert limit_words(limit) == shown


@given(st.integers(1, LIMIT_MAX))
def test_what_stands_in_the_field_means_the_limit(limit: int) -> None:
    assert parse_limit(typed_limit(limit)) == limit


@pytest.mark.parametrize(
    ("of_all", "setting", "expected"),
    [(None, None, None), (None, 0, None), (None, 5, 5), (0, 5, None), (7, 5, 7), (7, None, 7)],
)
def test_the_sessions_limit_goes_before_the_settings(
    of_all: int | None, setting: int | None, expected: int | None
) -> None:
    assert limit_in_force(of_all, setting=setting) == expected
