"""The graph of a download's speed: bars in eighths of a cell over the last minute, with axes.

Owns the scale and the drawing. Must never read a clock: the right end is an argument.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_downloader.tui.styled_line import Line, Role
from tui_downloader.tui.watched import SPEED_SECONDS, Sample
from tui_downloader.units import rate_unit

GRAPH_ROWS_MIN = 4
"""Fewest lines of a graph: two of bars, the axis and its words."""

_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_BEGIN = f"{SPEED_SECONDS:.0f} s ago"


def round_maximum(peak: float) -> float:
    """Returns a round number, at least the peak, whose half is round as well; 1 for nothing.

    Args:
        peak: Bytes a second.
    """
    power = 1.0
    while power * 10 < peak:
        power *= 10
    return next(step * power for step in _STEPS if step * power >= peak)


def columns(samples: Sequence[Sample], *, count: int, until: float) -> list[float | None]:
    """Averages samples over equal spans of the last minute.

    The spans begin at fixed moments, so that a graph moves to the left as a whole and does not flicker.

    Args:
        samples: Oldest first.
        count: How many spans.
        until: The right end, monotonic seconds.

    Returns:
        Bytes a second from left to right; `None` where there is no sample.
    """
    span = SPEED_SECONDS / count
    last = int(until // span)
    sums: list[list[float]] = [[] for _ in range(count)]
    for each in samples:
        at = count - 1 - (last - int(each.at // span))
        if 0 <= at < count:
            sums[at].append(each.bytes_per_second)
    return [sum(each) / len(each) if each else None for each in _filled(sums)]


def _filled(sums: list[list[float]]) -> list[list[float]]:
    """Carries a speed over single empty spans: where these are shorter than the samples are apart."""
    for at in range(1, len(sums) - 1):
        if not sums[at] and sums[at - 1] and sums[at + 1]:
            sums[at] = [sums[at - 1][-1]]
    return sums


def graph_lines(
    samples: Sequence[Sample], *, width: int, height: int, until: float, end: str = "now", plain: bool = False
) -> list[Line]:
    """Draws the graph.

    Args:
        samples: Oldest first; at least one.
        width: Cells of a line.
        height: Lines; at least `GRAPH_ROWS_MIN`; an odd one is left over, so that the middle has a label.
        until: The right end, monotonic seconds.
        end: What the right end is called.
        plain: Whether the font has ASCII only.
    """
    rows = (max(GRAPH_ROWS_MIN, height) - 2) // 2 * 2
    maximum = round_maximum(max((each.bytes_per_second for each in samples), default=0.0))
    size, unit = rate_unit(maximum)
    labels = {0: f"{maximum / size:g} {unit}", rows // 2: f"{maximum / 2 / size:g}"}
    label_cells = len(labels[0]) + 1
    count = max(1, width - label_cells - 1)
    values = columns(samples, count=count, until=until)
    levels = [_level(each, maximum, rows) for each in values]
    axis, corner, rule = ("|", "+", "-") if plain else ("┤", "┼", "─")
    lines: list[Line] = [
        (
            (f"{labels.get(row, '').ljust(label_cells)}{axis}", Role.QUIET),
            ("".join(_glyph(level - 8 * (rows - 1 - row), plain=plain) for level in levels), Role.ACTIVE),
        )
        for row in range(rows)
    ]
    lines.append(((f"{'0'.ljust(label_cells)}{corner}{rule * count}", Role.QUIET),))
    words = f"{_BEGIN}{end.rjust(count - len(_BEGIN))}" if count > len(_BEGIN) + len(end) else end.rjust(count)
    lines.append(((" " * (label_cells + 1) + words, Role.QUIET),))
    return lines


def _level(value: float | None, maximum: float, rows: int) -> int:
    """Returns how high a bar is, in eighths of a line; what moves at all is seen."""
    if not value:
        return 0
    return max(1, round(min(1.0, value / maximum) * rows * 8))


def _glyph(eighths: int, *, plain: bool) -> str:
    """Returns the sign for what of a bar lies in one line."""
    part = min(8, max(0, eighths))
    if plain:
        return "#" if part >= 4 else " "
    return _EIGHTHS[part]
