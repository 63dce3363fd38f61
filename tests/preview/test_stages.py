"""The thresholds at which a growing picture is drawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_downloader.preview.stages import stage


@pytest.mark.parametrize(
    ("prefix", "length", "wanted"),
    [
        (0, 1_000_000, None),
        (0, None, None),
        (511, 1_000_000, None),
        (512, 1_000_000, 0),
        (40_000, 1_000_000, 1),
        (49_999, 1_000_000, 1),
        (50_000, 1_000_000, 2),
        (249_999, 1_000_000, 3),
        (999_999, 1_000_000, 6),
        (1_000_000, 1_000_000, 7),
        (40, 40, 7),
        (40, 80, None),
        (600, None, 10),
        (1024, None, 11),
    ],
)
def test_thresholds(prefix: int, length: int | None, wanted: int | None) -> None:
    assert stage(prefix, length) == wanted


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.none() | st.integers(1, 10**9))
def test_it_never_falls(one: int, other: int, length: int | None) -> None:
    few, many = sorted((one, other))
    before, after = stage(few, length), stage(many, length)
    assert before is None or (after is not None and after >= before)


@given(st.integers(1, 10**9))
def test_a_picture_is_drawn_eight_times_at_most(length: int) -> None:
    assert len({stage(length * part // 400, length) for part in range(401)} - {None}) <= 8
