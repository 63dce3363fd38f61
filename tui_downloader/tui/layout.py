"""Which arrangement of panes a terminal's size has room for (SCREEN section 3).

Owns the limits. Must never touch a widget.
"""

from __future__ import annotations

from enum import Enum

LIST_CELLS_MIN = 44
"""What a wide side pane leaves of the width for the list."""
LIST_PERCENT = 35
"""Share of the width that it leaves on a wide screen."""
SIDE_PANE_PERCENT = 40
"""Share of the width that the side pane takes."""
SIDE_PANE_MAX = 80
"""Widest side pane, in cells."""
DETAIL_ROWS_MIN = 8
"""Fewest rows of the detail below the list."""

_DETAIL_PERCENT = 40
_WIDE_DETAIL_PERCENT = 65
_CHROME_ROWS = 5


class Layout(Enum):
    """An arrangement of panes; the value is the screen's class for it."""

    BESIDE = "-beside"
    STACKED = "-stacked"
    LIST = "-list"
    TINY = "-tiny"


class PaneSize(Enum):
    """How much room the side pane takes where there is any; the value is how it is remembered and told."""

    BESIDE = "beside"
    WIDE = "wide"
    HIDDEN = "hidden"

    @classmethod
    def of(cls, name: str | None) -> PaneSize:
        """Returns the size of a name; beside if there is none of that name."""
        return next((each for each in cls if each.value == name), cls.BESIDE)

    @property
    def following(self) -> PaneSize:
        """The size that comes next, round and round."""
        sizes = list(PaneSize)
        return sizes[(sizes.index(self) + 1) % len(sizes)]


def layout_for(width: int, height: int, pane: PaneSize = PaneSize.BESIDE) -> Layout:
    """Returns the arrangement for a terminal of that size in cells, and the wanted size of the side pane."""
    if width < 40 or height < 10:
        return Layout.TINY
    if is_small(width, height) or pane is PaneSize.HIDDEN:
        return Layout.LIST
    return Layout.BESIDE if width >= 110 else Layout.STACKED


def is_small(width: int, height: int) -> bool:
    """Tells whether a terminal has no room for a side pane."""
    return height < 20 or width < 70


def side_pane_width(width: int, pane: PaneSize = PaneSize.BESIDE) -> int:
    """Returns the width of the side pane without its rule, in cells."""
    if pane is PaneSize.WIDE:
        return width - max(LIST_CELLS_MIN, width * LIST_PERCENT // 100) - 1
    return min(SIDE_PANE_MAX, width * SIDE_PANE_PERCENT // 100)


def detail_rows(height: int, pane: PaneSize = PaneSize.BESIDE) -> int:
    """Returns how many rows the detail below the list gets on a screen of that height."""
    percent = _WIDE_DETAIL_PERCENT if pane is PaneSize.WIDE else _DETAIL_PERCENT
    return max(DETAIL_ROWS_MIN, (height - _CHROME_ROWS) * percent // 100)
