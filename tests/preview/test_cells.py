"""Pictures as text cells: proportions, glyphs, runs, and their spelling."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.preview.pictures import BLACK, WHITE
from tui_downloader.preview import cells
from tui_downloader.preview.cells import CellRow, CellRun, Colour
from tui_downloader.preview.picture import Picture

_GREY, _RED = (130, 130, 130), (255, 0, 0)


def picture(rows: list[list[Colour]]) -> Picture:
    rgb = bytes(level for row in rows for colour in row for level in colour)
    width, height = len(rows[0]), len(rows)
    return Picture(width, height, rgb, width, height, "PNG", 1, "image/png")


def black_and_white(*rows: str) -> Picture:
    return picture([[WHITE if mark == "#" else BLACK for mark in row] for row in rows])


def text(row: CellRow) -> str:
    return "".join(run.text for run in row)


@pytest.mark.parametrize(
    ("natural", "pane", "wanted"),
    [
        ((2560, 1024), (80, 25), (80, 16)),
        ((1000, 1000), (80, 25), (50, 25)),
        ((600, 1200), (80, 25), (25, 25)),
        ((16, 16), (80, 25), (50, 25)),
        ((10_000, 1), (80, 25), (80, 1)),
        ((1, 10_000), (80, 25), (1, 25)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
def test_fit(natural: tuple[int, int], pane: tuple[int, int], wanted: tuple[int, int]) -> None:
    assert cells.fit(*natural, *pane) == wanted


def test_fit_knows_other_cells() -> None:
    assert cells.fit(100, 100, 80, 25, cell_aspect=1.0) == (25, 25)
    assert cells.raster_size(80, 25) == (160, 100)
    assert cells.raster_size(80, 25, cell_aspect=1.8) == (160, 90)


@settings(deadline=None)
@given(
    st.integers(1, 100_000), st.integers(1, 100_000), st.integers(1, 300), st.integers(1, 100), st.floats(1.0, 3.0)
)
def test_fit_stays_inside_and_fills_one_side(
    width: int, height: int, columns: int, rows: int, aspect: float
) -> None:
    fitted_columns, fitted_rows = cells.fit(width, height, columns, rows, cell_aspect=aspect)
    assert 1 <= fitted_columns <= columns
    assert 1 <= fitted_rows <= rows
    assert fitted_columns == columns or fitted_rows == rows


@pytest.mark.parametrize("quarters", range(16))
def test_each_set_of_quarters_has_its_glyph(quarters: int) -> None:
    marks = ["#" if quarters >> bit & 1 else "." for bit in range(4)]
    ((run,),) = cells.symbols(black_and_white("".join(marks[:2]), "".join(marks[2:])), 1, 1)
    shown = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█".index(run.text)
    drawn = [run.foreground if shown >> bit & 1 else run.background for bit in range(4)]
    assert drawn == [WHITE if mark == "#" else BLACK for mark in marks]


def test_quarters_of_many_colours_take_the_two_that_come_closest() -> None:
    ((run,),) = cells.symbols(picture([[(250, 0, 0), (0, 0, 240)], [(240, 0, 0), (0, 0, 250)]]), 1, 1)
    assert run == CellRun("▌", (247, 0, 0), (0, 0, 247)) or run == CellRun("▐", (0, 0, 247), (247, 0, 0))


@pytest.mark.parametrize(
    ("marks", "wanted"),
    [
        ("...#", CellRun("▂", WHITE, BLACK)),
        ("###.", CellRun("▂", BLACK, WHITE)),
        (".###", CellRun("▆", WHITE, BLACK)),
        ("#...", CellRun("▆", BLACK, WHITE)),
    ],
)
def test_a_quarter_of_the_height_has_its_glyph(marks: str, wanted: CellRun) -> None:
    ((run,),) = cells.symbols(black_and_white(*(2 * mark for mark in marks)), 1, 1)
    assert run == wanted


def test_quarters_of_the_height_join_no_run_that_is_the_other_way_round() -> None:
    (row,) = cells.symbols(black_and_white("..##", "..##", "..##", "##.."), 2, 1)
    assert row == [CellRun("▂", WHITE, BLACK), CellRun("▂", BLACK, WHITE)]
    (row,) = cells.symbols(black_and_white("....", "..##", "..##", "####"), 2, 1)
    assert row == [CellRun("▂▆", WHITE, BLACK)]


def test_a_half_block_cell_shows_both_pixels() -> None:
    ((run,),) = cells.half_blocks(picture([[_RED], [_GREY]]), 1, 1)
    assert run == CellRun("▀", _RED, _GREY)


def test_equal_neighbours_share_a_run() -> None:
    rows = cells.half_blocks(black_and_white("####....", "####...."), 8, 1)
    assert [text(row) for row in rows] == ["        "]
    assert len(rows[0]) == 2
    rows = cells.symbols(black_and_white("..#...###.#.#.", "..#...##.#.#.#"), 7, 1)
    assert rows == [[CellRun(" ▌ █▚▚▚", WHITE, BLACK)]]


@pytest.mark.parametrize("draw", [cells.half_blocks, cells.symbols])
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (7, 2), (80, 25)])
def test_every_size_is_filled(draw: Callable[[Picture, int, int], list[CellRow]], size: tuple[int, int]) -> None:
    columns, rows = size
    drawn = draw(black_and_white("#.#.#", ".#.#.", "##..#"), columns, rows)
    assert [len(text(row)) for row in drawn] == [columns] * rows


def test_shrinking_takes_the_mean() -> None:
    ((run,),) = cells.half_blocks(black_and_white("#.#.", ".#.#", "#.#.", ".#.#"), 1, 1)
    assert run.text == " "
    assert run.background == (125, 125, 125)


def test_black_and_white_stay_pure() -> None:
    ((run,),) = cells.half_blocks(black_and_white("#", "."), 1, 1)
    assert (run.foreground, run.background) == (WHITE, BLACK)


def test_ansi_in_true_colour() -> None:
    row = [
        CellRun("▌▌", _RED, BLACK),
        CellRun("▀", _RED, _GREY),
        CellRun("  ", WHITE, _GREY),
        CellRun("▀", WHITE, _GREY),
    ]
    assert cells.ansi([row], colours="truecolor") == (
        "\x1b[38;2;255;0;0;48;2;0;0;0m▌▌\x1b[48;2;130;130;130m▀  \x1b[38;2;255;255;255m▀\x1b[0m\n"
    )


def test_ansi_starts_each_row_afresh() -> None:
    lines = cells.ansi([[CellRun(" ", _RED, BLACK)]] * 2, colours="256").splitlines()
    assert lines == ["\x1b[48;5;16m \x1b[0m"] * 2


@pytest.mark.parametrize(
    ("colour", "number"),
    [
        (BLACK, 16),
        (WHITE, 231),
        (_RED, 196),
        ((0, 0, 95), 17),
        ((128, 128, 128), 244),
        ((10, 8, 9), 232),
        ((238, 238, 238), 255),
        ((250, 130, 10), 208),
    ],
)
def test_ansi_in_256_colours(colour: Colour, number: int) -> None:
    spelled = cells.ansi([[CellRun(" ", colour, colour)]], colours="256")
    assert spelled == f"\x1b[48;5;{number}m \x1b[0m\n"


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(1, 6), st.integers(1, 9), st.integers(1, 9), st.randoms())
def test_any_picture_spells_only_colours_and_blocks(
    columns: int, rows: int, width: int, height: int, chance: random.Random
) -> None:
    source = Picture(width, height, chance.randbytes(width * height * 3), width, height, "PNG", 1, "image/png")
    for draw in (cells.half_blocks, cells.symbols):
        for colours in ("truecolor", "256"):
            spelled = cells.ansi(draw(source, columns, rows), colours=colours)
            bare = re.sub(r"\x1b\[[0-9;]+m", "", spelled)
            assert [len(line) for line in bare.splitlines()] == [columns] * rows
            assert set(bare) <= set(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█▂▆\n")
