"""How much of the side pane a picture may take.

Owns the sizes from which the pane is arranged in another way. Must never know a widget.
"""

from __future__ import annotations

from typing import Final

from textual.geometry import Size

TALL_ROWS: Final = 12
"""From this height on everything stands in one column; below it picture or head stand at the left of the tab."""

WIDE_CELLS: Final = 56
"""A low pane needs this width for two columns; a narrower one has room for the tab alone."""

_PICTURE_ROWS_MIN = 4
_WHOLE_WINDOW_CELLS = 90
"""A wider pane has the window to itself: the picture takes all but a few rows of it."""
_LINES_BELOW = 5


def picture_box(size: Size, *, is_alone: bool) -> Size | None:
    """Returns the largest area for a picture in a pane; `None` where there is no room for one.

    Args:
        size: Of the pane.
        is_alone: Whether the picture is what the pane is open for, so that a whole window is all for it.
    """
    width, height = size
    if height >= TALL_ROWS:
        rows = height - _LINES_BELOW if is_alone and width >= _WHOLE_WINDOW_CELLS else height // 2
        return Size(width - 1, rows)
    if width >= WIDE_CELLS and height >= _PICTURE_ROWS_MIN:
        return Size(width * 2 // 5, height)
    return None
