"""`Retry-After`: both forms, never negative, never more than a day."""

from __future__ import annotations

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.protocol.retry_after import parse_retry_after

NOW = 784_111_777.0
"""Sun, 06 Nov 1994 08:49:37 GMT."""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("000120", 120.0),
        (" 5 ", 5.0),
        ("1.5", 1.5),
        ("2.", 2.0),
        ("86400", 86_400.0),
        ("86401", 86_400.0),
        ("9" * 10_000, 86_400.0),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60.0),
        ("Sunday, 06-Nov-94 08:50:37 GMT", 60.0),
        ("Sun Nov  6 08:50:37 1994", 60.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("Sun, 06 Nov 2094 08:00:00 GMT", 86_400.0),
        ("-1", None),
        ("+1", None),
        ("1e3", None),
        ("inf", None),
        ("nan", None),
        ("120s", None),
        ("soon", None),
        ("٣", None),
        ("", None),
    ],
)
def test_examples(text: str, seconds: float | None) -> None:
    assert parse_retry_after(text, now=NOW) == seconds


@given(st.integers(0, 86_400), st.integers(0, 4_000_000_000))
def test_both_forms_agree(seconds: int, now: int) -> None:
    assert parse_retry_after(str(seconds), now=now) == seconds
    assert parse_retry_after(formatdate(now + seconds, usegmt=True), now=now) == seconds


@given(st.text() | st.from_regex(r"\A\d*\.?\d*\Z"), st.floats(0, 1e10))
def test_any_text_is_a_bearable_wait_or_none(text: str, now: float) -> None:
    seconds = parse_retry_after(text, now=now)
    assert seconds is None or 0.0 <= seconds <= 86_400.0
