"""Fitting text into cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_downloader.tui.styled_line import Role, bar, clip_end, joined, spread, wrap

TEXT = st.text(alphabet=st.sampled_from("ab c写真.é"), max_size=60)


@given(text=TEXT, width=st.integers(min_value=0, max_value=40))
def test_a_clipped_text_fits(text: str, width: int) -> None:
    clipped = clip_end(text, width)
    assert cell_len(clipped) <= width
    assert clipped == text or clipped.endswith("…") or not width


def test_parts_that_do_not_fit_are_left_out_whole() -> None:
    parts = ["3 connections", "", "resume proven", "attempt 1"]
    assert joined(parts, 41) == "3 connections · resume proven · attempt 1"
    assert joined(parts, 40) == "3 connections · resume proven"
    assert joined(parts, 12) == "3 connectio…"


@given(text=TEXT, width=st.integers(min_value=8, max_value=40))
def test_wrapping_loses_no_letter(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(line) <= width for line in lines)


@given(fraction=st.floats(min_value=-1, max_value=2), width=st.integers(min_value=1, max_value=90))
def test_a_bar_is_as_wide_as_it_should_be(fraction: float, width: int) -> None:
    assert cell_len(bar(fraction, width)[0]) == width
    assert len(bar(fraction, width, plain=True)[0]) == width


def test_a_bar_counts_in_eighths() -> None:
    assert bar(0.5625, 2) == ("█▏", Role.BAR)


def test_the_right_part_stands_at_the_end_or_not_at_all() -> None:
    left, right = [("name", Role.PLAIN)], ("host", Role.QUIET)
    assert "".join(text for text, _ in spread(left, right, width=12)) == "name    host"
    assert spread(left, right, width=9) == (("name", Role.PLAIN),)
