"""Which way to draw is chosen."""

from __future__ import annotations

import pytest

from tui_downloader.errors import InvalidInputError
from tui_downloader.preview.cell_size import USUAL, CellSize, WindowReport, cell_size
from tui_downloader.preview.ways import Way, chosen, told


@pytest.mark.parametrize(
    ("environment", "answers", "expected"),
    [
        ({"TERM": "xterm"}, {"attributes": "64;1;4;22"}, Way.SIXEL),
        ({"TERM": "xterm"}, {"attributes": "4;1;22"}, Way.SYMBOLS),  # the first is the kind of terminal
        ({"TERM": "xterm"}, {"attributes": "62;14;22"}, Way.SYMBOLS),
        ({"TERM": "xterm"}, {"attributes": "62", "kitty": "OK"}, Way.KITTY),
        ({"TERM": "xterm"}, {"attributes": "62;4", "kitty": "ENOTSUPPORTED:no"}, Way.SIXEL),
        ({"TERM": "xterm"}, {"attributes": "62;4", "kitty": "OK", "version": "iTerm2 3.5.0"}, Way.ITERM),
        ({"TERM": "xterm", "TERM_PROGRAM": "kitty"}, {"attributes": "62", "version": "XTerm(379)"}, Way.SYMBOLS),
        ({"TERM": "xterm", "TERM_PROGRAM": "iTerm.app"}, {"attributes": "62"}, Way.ITERM),
        ({"TERM": "xterm-kitty"}, {}, Way.KITTY),
        ({"TERM": "xterm", "TMUX": "/tmp/t"}, {"attributes": "62;4", "kitty": "OK"}, Way.SYMBOLS),
        ({"TERM": "screen-256color"}, {"attributes": "62;4"}, Way.SYMBOLS),
        ({"TERM": "xterm", "NO_COLOR": "1"}, {"attributes": "62;4", "kitty": "OK"}, Way.OFF),
    ],
)
def test_the_best_way_that_a_terminal_told_is_taken(
    environment: dict[str, str], answers: dict[str, str], expected: Way
) -> None:
    assert told(environment, answers) is expected


@pytest.mark.parametrize(
    ("option", "variable", "setting", "expected"),
    [
        (None, "", "auto", None),
        (None, "", "half", Way.HALF),
        (None, "sixel", "half", Way.SIXEL),
        ("off", "sixel", "half", Way.OFF),
        ("auto", "sixel", "half", None),
        (None, "auto", "half", None),
    ],
)
def test_the_nearest_choice_wins(option: str | None, variable: str, setting: str, expected: Way | None) -> None:
    assert chosen(option, {"TUIDL_IMAGES": variable}, setting=setting) is expected


def test_a_wrong_word_is_named() -> None:
    with pytest.raises(InvalidInputError, match="TUIDL_IMAGES is “png”; it can be auto, kitty, iterm, sixel"):
        chosen(None, {"TUIDL_IMAGES": "png"})


@pytest.mark.parametrize(
    ("report", "answer", "environment", "expected"),
    [
        (WindowReport(100, 50, 900, 900), None, {}, CellSize(9, 18)),
        (WindowReport(100, 50, 0, 0), "17;8", {}, CellSize(8, 17)),
        (WindowReport(0, 0, 0, 0), "17;8", {}, CellSize(8, 17)),
        (WindowReport(100, 50, 100, 50), None, {}, USUAL),  # a cell of one pixel
        (WindowReport(100, 50, 0, 0), "0;0", {}, USUAL),
        (WindowReport(100, 50, 0, 0), "x", {}, USUAL),
        (WindowReport(100, 50, 0, 0), "1;2;3", {}, USUAL),
        (WindowReport(100, 50, 1600, 1600), "17;8", {"TMUX": "1"}, USUAL),
    ],
)
def test_only_sizes_that_cells_have_are_believed(
    report: WindowReport, answer: str | None, environment: dict[str, str], expected: CellSize
) -> None:
    assert cell_size(report, environment, answer=answer) == expected
