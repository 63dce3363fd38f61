"""What is read from the terminal: whole, whatever the bytes are and wherever the reads cut them."""

from __future__ import annotations

import itertools
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_downloader.tui.input_guard import InputGuard

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another driver")

BEGIN, END = "\x1b[200~", "\x1b[201~"
KEYS = st.lists(st.sampled_from(["a", "é", "\x1b", "\x1b[A", "\x1b[20", "~", "\x1b[<0;1;1M", "[200", "👍"])).map(
    "".join
)
PASTED = st.lists(st.sampled_from(["b", "ü", "\x1b", "\x1b[2", "01~", "\x1b[200~", "\x1b]0;x\x07", "~"])).map(
    "".join
)


def read(data: bytes, cuts: list[int]) -> str:
    """Read bytes in pieces."""
    guard, places = InputGuard(), sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return "".join(guard.decode(data[start:stop]) for start, stop in itertools.pairwise(places))


@given(KEYS, PASTED, KEYS, st.lists(st.integers(0, 200), max_size=6))
@example("", "\x1bDy", "q", [])
def test_an_escape_within_a_paste_begins_nothing(before: str, pasted: str, after: str, cuts: list[int]) -> None:
    if END in pasted or BEGIN in before or BEGIN in after:
        return
    data = (before + BEGIN + pasted + END + after).encode()
    expected = before + BEGIN + pasted.replace("\x1b", "\ufffd") + END + after
    assert read(data, cuts) == expected


@given(KEYS, st.lists(st.integers(0, 200), max_size=6))
def test_keys_pass_at_once(keys: str, cuts: list[int]) -> None:
    if BEGIN not in keys:
        guard = InputGuard()
        for each in keys:
            assert guard.decode(each.encode()) == each
        assert read(keys.encode(), cuts) == keys


@given(st.binary(), st.lists(st.integers(0, 200), max_size=6))
@example(b"\xff?", [])
def test_any_bytes_are_read(data: bytes, cuts: list[int]) -> None:
    text = read(data + b"q", cuts)
    assert text == (data + b"q").decode("utf-8", "replace") or b"\x1b[200~" in data
