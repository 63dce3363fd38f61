"""Which arrangement of panes a terminal's size has room for (SCREEN section 3).

Owns the limits. Must never touch a widget.
"""

from __future__ import annotations

from enum import Enum

SIDE_PANE_PERCENT = 40
"""Share of the width that the side pane takes."""
SIDE_PANE_MAX = 80
"""Widest side pane, in cells."""
DETAIL_ROWS_MIN = 8
"""Fewest rows of the detail below the list."""

_DETAIL_PERCENT = 40
_CHROME_ROWS = 5


class Layout(Enum):
    """An arrangement of panes; the value is the screen's class for it."""

    BESIDE = "-beside"
    STACKED = "-stacked"
    LIST = "-list"
    TINY = "-tiny"


def layout_for(width: int, height: int) -> Layout:
    """Returns the arrangement for a terminal of that size in cells."""
    if width < 40 or height < 10:
        return Layout.TINY
    if height < 20 or width < 70:
        return Layout.LIST
    return Layout.BESIDE if width >= 110 else Layout.STACKED


def side_pane_width(width: int) -> int:
    """Returns the width of the side pane without its rule, in cells."""
    return min(SIDE_PANE_MAX, width * SIDE_PANE_PERCENT // 100)


def detail_rows(height: int) -> int:
    """Returns how many rows the detail below the list gets on a screen of that height."""
    return max(DETAIL_ROWS_MIN, (height - _CHROME_ROWS) * _DETAIL_PERCENT // 100)
