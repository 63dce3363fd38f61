"""`Range` and `Content-Range`: half-open inside, inclusive on the wire, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.protocol.range_fields import (
    ContentRange,
    parse_content_range,
    parse_unsatisfied_range,
    range_field,
)

POSITIONS = st.integers(0, 10**17)


def test_range_field() -> None:
    assert range_field(0, None) == "bytes=0-"
    assert range_field(500, 1000) == "bytes=500-999"
    assert range_field(7, 8) == "bytes=7-7"


@pytest.mark.parametrize(("first", "stop"), [(-1, None), (5, 5), (5, 4), (0, 0)])
def test_no_empty_or_negative_range_is_asked(first: int, stop: int | None) -> None:
    with pytest.raises(ValueError, match="no such range"):
        range_field(first, stop)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes 0-499/1234", ContentRange(0, 500, 1234)),
        ("bytes 734-1233/1234", ContentRange(734, 1234, 1234)),
        ("bytes 42-42/*", ContentRange(42, 43, None)),
        ("Bytes  0-0/1", ContentRange(0, 1, 1)),
        (" bytes 0-0/1 ", ContentRange(0, 1, 1)),
        ("bytes 1000-499/1234", None),
        ("bytes 0-1234/1234", None),
        ("bytes */1234", None),
        ("bytes 0-499", None),
        ("bytes=0-499/1234", None),
        ("bytes -5-499/1234", None),
        ("bytes 0-499/1234/5", None),
        ("bytes ٠-٤/٩", None),
        ("bytes 0-99999999999999999999/*", None),
        ("items 0-499/1234", None),
        ("0-499/1234", None),
        ("bytes 0-499/1234\n", None),
        ("", None),
    ],
)
def test_parse_content_range(text: str, expected: ContentRange | None) -> None:
    assert parse_content_range(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bytes */123", 123),
        ("bytes */0", 0),
        ("BYTES */5", 5),
        ("bytes */*", None),
        ("bytes 0-1/123", None),
        ("*/123", None),
        ("", None),
    ],
)
def test_parse_unsatisfied_range(text: str, expected: int | None) -> None:
    assert parse_unsatisfied_range(text) == expected


@given(POSITIONS, st.integers(1, 10**9), st.none() | st.integers(0, 10**9))
def test_what_was_asked_comes_back(first: int, size: int, beyond: int | None) -> None:
    asked = range_field(first, first + size).removeprefix("bytes=")
    total = None if beyond is None else first + size + beyond
    answered = parse_content_range(f"bytes {asked}/{'*' if total is None else total}")
    assert answered == ContentRange(first, first + size, total)


@given(st.text() | st.from_regex(r"bytes [\d*]{0,20}-?\d{0,20}/[\d*]{0,20}"))
def test_any_text_is_a_sound_range_or_none(text: str) -> None:
    parse_unsatisfied_range(text)
    parsed = parse_content_range(text)
    if parsed is not None:
        assert 0 <= parsed.start < parsed.stop
        assert parsed.complete_length is None or parsed.stop <= parsed.complete_length
