"""Range and If-Range, on the server's side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.demo.byte_range import Selection, holds, select

ENTIRE = Selection(0, 100, partial=False)


@pytest.mark.parametrize(
    ("field", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=0-", 0, 100),
        ("bytes=10-19", 10, 20),
        ("bytes=90-1000", 90, 100),
        ("bytes=99-", 99, 100),
        ("bytes=-1", 99, 100),
        ("bytes=-100", 0, 100),
        ("bytes=-1000", 0, 100),
        ("Bytes= 5-6 ", 5, 7),
    ],
)
def test_a_range_that_can_be_satisfied(field: str, start: int, stop: int) -> None:
    assert select(field, 100) == Selection(start, stop, partial=True)


@pytest.mark.parametrize("field", ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=999999999999999999-"])
def test_a_range_that_cannot_be_satisfied(field: str) -> None:
    assert select(field, 100) is None


@pytest.mark.parametrize(
    "field",
    [
        None,
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=0-1,3-4",
        "bytes=0-1-2",
        "bytes=+1-2",
        "bytes=1--2",
        "bytes=٣-٤",
        "lines=0-1",
        "bytes=1-2\n",
        "bytes=" + "9" * 5000 + "-",
    ],
)
def test_a_field_that_asks_for_nothing_usable_gets_everything(field: str | None) -> None:
    assert select(field, 100) == ENTIRE


@given(st.text(max_size=40) | st.from_regex(r"bytes=[0-9]{0,4}-[0-9]{0,4}", fullmatch=True), st.integers(1, 500))
def test_a_selection_never_leaves_the_file(field: str, complete_length: int) -> None:
    selection = select(field, complete_length)
    if selection is not None:
        assert 0 <= selection.start < selection.stop <= complete_length


@pytest.mark.parametrize(
    ("field", "same"),
    [
        (None, True),
        ('"abc"', True),
        (' "abc" ', True),
        ("Sun, 22 Nov 2026 18:00:00 GMT", True),
        ('"abd"', False),
        ('W/"abc"', False),
        ("abc", False),
        ("", False),
        ("Sun, 22 Nov 2026 18:00:01 GMT", False),
        ("Sunday, 22-Nov-26 18:00:00 GMT", False),
    ],
)
def test_if_range(field: str | None, same: bool) -> None:
    assert holds(field, etag='"abc"', last_modified="Sun, 22 Nov 2026 18:00:00 GMT") is same
