"""The scale of the speed graph and where its bars stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui_downloader.tui.detail.speed_graph import columns, graph_lines, round_maximum
from tui_downloader.tui.styled_line import Line
from tui_downloader.tui.watched import SPEED_SECONDS, Sample

MB = 1_000_000.0
UNTIL = 1000.0
SAMPLES = st.lists(
    st.builds(Sample, st.floats(UNTIL - 90, UNTIL), st.floats(0, 1e12)), min_size=1, max_size=300
).map(sorted)


def texts(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize(
    ("peak", "maximum"),
    [(0.0, 1.0), (1.0, 1.0), (8.4 * MB, 10 * MB), (4.1 * MB, 5 * MB), (121_000, 150_000), (10 * MB, 10 * MB)],
)
def test_the_maximum_is_round(peak: float, maximum: float) -> None:
    assert round_maximum(peak) == maximum


@given(st.floats(0, 1e15))
def test_the_maximum_is_never_below_the_peak_nor_far_above(peak: float) -> None:
    maximum = round_maximum(peak)
    assert maximum >= peak
    assert maximum <= max(1.0, 2 * peak)


def test_the_graph_of_the_specification() -> None:
    samples = [Sample(1001.0 - at, 10 * MB if at < 30 else 5 * MB) for at in range(59, -1, -1)]
    assert texts(graph_lines(samples, width=29, height=4, until=1001.0)) == [
        "10 MB/s ┤          ██████████",
        "5       ┤████████████████████",
        "0       ┼────────────────────",
        "         60 s ago         now",
    ]


def test_a_graph_moves_as_a_whole() -> None:
    samples = [Sample(UNTIL - at, float(at % 7)) for at in range(60, 0, -1)]
    step = SPEED_SECONDS / 30
    before = columns(samples, count=30, until=UNTIL)
    after = columns(samples, count=30, until=UNTIL + step)
    assert after[:-1] == before[1:]


def test_a_pause_is_a_gap_and_a_missed_sample_is_none() -> None:
    paused = [Sample(UNTIL - 50, MB), Sample(UNTIL - 1, MB)]
    assert columns(paused, count=60, until=UNTIL).count(None) == 58
    seldom = [Sample(UNTIL - at, MB) for at in range(60, 0, -1)]
    assert columns(seldom, count=90, until=UNTIL)[2:-2].count(None) == 0


@given(SAMPLES, st.integers(20, 90), st.integers(1, 20), st.booleans())
def test_it_fits_whatever_was_measured(samples: list[Sample], width: int, height: int, plain: bool) -> None:
    lines = texts(graph_lines(samples, width=width, height=height, until=UNTIL, plain=plain))
    assert len(lines) <= max(4, height)
    assert len({cell_len(each) for each in lines}) == 1
    assert cell_len(lines[0]) == width
    assert lines[-1].endswith("now")
