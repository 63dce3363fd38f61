"""Which panes a size has room for."""

from __future__ import annotations

import pytest

from tui_downloader.tui.layout import Layout, detail_rows, layout_for, side_pane_width


@pytest.mark.parametrize(
    ("width", "height", "layout"),
    [
        (120, 34, Layout.BESIDE),
        (110, 20, Layout.BESIDE),
        (109, 20, Layout.STACKED),
        (80, 24, Layout.STACKED),
        (70, 20, Layout.STACKED),
        (69, 40, Layout.LIST),
        (200, 19, Layout.LIST),
        (60, 16, Layout.LIST),
        (40, 10, Layout.LIST),
        (39, 50, Layout.TINY),
        (200, 9, Layout.TINY),
    ],
)
def test_the_table_of_the_specification(width: int, height: int, layout: Layout) -> None:
    assert layout_for(width, height) is layout


def test_the_panes_share_the_room() -> None:
    assert side_pane_width(120) == 48
    assert side_pane_width(400) == 80
    assert detail_rows(20) == 8
    assert detail_rows(24) == 8
    assert detail_rows(60) == 22
