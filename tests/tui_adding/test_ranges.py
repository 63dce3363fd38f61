"""Ranges in URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.errors import InvalidInputError
from tui_downloader.tui.adding.ranges import URLS_MAX, expanded


@pytest.mark.parametrize(
    ("url", "first", "last", "count"),
    [
        ("https://x/img[001-120].jpg", "https://x/img001.jpg", "https://x/img120.jpg", 120),
        ("https://x/[1-10]", "https://x/1", "https://x/10", 10),
        ("https://x/[0-100:10]", "https://x/0", "https://x/100", 11),
        ("https://x/[a-z].bin", "https://x/a.bin", "https://x/z.bin", 26),
        ("https://x/[A-G:2]", "https://x/A", "https://x/G", 4),
        ("https://x/{one,two}/[1-2]", "https://x/one/1", "https://x/two/2", 4),
        ("https://{a,b}.x/{,c}", "https://a.x/", "https://b.x/c", 4),
        ("http://[::1]/[1-2]", "http://[::1]/1", "http://[::1]/2", 2),
        ("https://me:p[1-2]{a,b}@x/[1-2]", "https://me:p[1-2]{a,b}@x/1", "https://me:p[1-2]{a,b}@x/2", 2),
        ("https://x/[08-11]", "https://x/08", "https://x/11", 4),
    ],
)
def test_a_range_stands_for_several(url: str, first: str, last: str, count: int) -> None:
    urls = expanded(url)
    assert urls is not None
    assert (urls[0], urls[-1], len(urls), len(set(urls))) == (first, last, count, count)


@pytest.mark.parametrize(
    "url",
    ["http://[::1]/a", "http://[fe80::1%25eth0]/", "https://x/a[1].jpg", "https://x/{id}", "https://x/[a-9]",
     "https://x/[1080p][ABCD].mkv", "https://x/[]{}", "https://x/?q[]=1", "https://x/[a-Z]"],
)  # fmt: skip
def test_other_brackets_are_none(url: str) -> None:
    assert expanded(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://x/[3-1]", "ends before it begins"),
        ("https://x/[1-3:0]", "has no step"),
        (f"https://x/[1-{URLS_MAX + 1}]", f"{URLS_MAX + 1:,} downloads"),
        ("https://x/[1-999999999999][1-999999999999]", "at most 10,000"),
    ],
)
def test_a_wrong_range_is_named(url: str, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        expanded(url)


@given(st.text(alphabet="[]{}0123456789abAB,-:/.%"))
def test_any_text_is_read(text: str) -> None:
    try:
        urls = expanded(f"https://x/{text}")
    except InvalidInputError:
        return
    assert urls is None or 1 <= len(urls) <= URLS_MAX


@given(st.integers(0, 500), st.integers(0, 500), st.integers(1, 50), st.integers(1, 6))
def test_numbers_are_counted_as_python_counts(begin: int, more: int, step: int, width: int) -> None:
    text = f"{begin:0{width}d}"
    urls = expanded(f"https://x/[{text}-{begin + more}:{step}]")
    padded = len(text) if text.startswith("0") else 1
    assert urls == [f"https://x/{each:0{padded}d}" for each in range(begin, begin + more + 1, step)]
