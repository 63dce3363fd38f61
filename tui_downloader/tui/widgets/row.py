"""One row of the list: a download and a width become segments.

Owns which columns a width has room for, how names are clipped and how bars are drawn (SCREEN section 1). Must
never read a clock, a style sheet or a widget; text from outside goes into segments as it is, never as markup.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.tui import words
from tui_downloader.tui.steady_text import steady
from tui_downloader.tui.widgets.line import cut
from tui_downloader.units import format_bytes, format_percent, format_rate

NAME_WANTED = 24
"""Cells a name should have before another column leaves."""
ENDING_MAX = 13
"""Longest ending, with its dot, that a clipped name keeps."""

_LEAD = 4
_PERCENT = 5
_SIZE = 8
_SPEED = 10
_TIME = 7
_EIGHTHS = " ▏▎▍▌▋▊▉"
_RUNNER = 3
_RUNNER_BYTES = 500_000
_TEXT_KEPT = 600
_PLAIN_BAR = "="
_PLAIN = Style()


class Columns(NamedTuple):
    """Widths of a row's columns in cells; 0 is a column that left."""

    name: int
    """The name, clipped or padded."""
    gap: int
    """Blanks after the name."""
    bar: int
    """The bar."""
    percent: int
    """The percentage, right-aligned."""
    size: int
    """The size, right-aligned."""
    speed: int
    """The speed, right-aligned."""
    time: int
    """The time left, right-aligned."""

    @property
    def rest(self) -> int:
        """Cells after the name and its gap."""
        return self.bar + self.percent + self.size + self.end

    @property
    def end(self) -> int:
        """Cells at the right end that speed and time left share with words like `paused`."""
        return self.speed + self.time


class Paint(NamedTuple):
    """Styles by role (SCREEN section 10) and the signs that the terminal can show."""

    quiet: Style = _PLAIN
    """Done rows' size and time, paused and cancelled."""
    active: Style = _PLAIN
    """What moves: glyph and bar."""
    good: Style = _PLAIN
    """Finished."""
    wait: Style = _PLAIN
    """Waiting: glyph and phrase."""
    bad: Style = _PLAIN
    """Failed: glyph and phrase."""
    trough: Style = _PLAIN
    """The empty part of a bar; a background."""
    mark: Style = _PLAIN
    """The marks of cursor and selection."""
    plain: bool = False
    """Whether only ASCII can be shown."""

    def of(self, state: State) -> Style:
        """Returns the style of a state's glyph, bar and phrase."""
        match state:
            case State.COMPLETED:
                return self.good
            case State.WAITING:
                return self.wait
            case State.FAILED:
                return self.bad
            case State.PAUSED | State.CANCELLED | State.QUEUED:
                return self.quiet
            case _:
                return self.active


@functools.lru_cache(maxsize=16)
def columns_for(width: int) -> Columns:
    """Returns the columns a row has room for.

    They leave in the order size, speed, time left, bar (10, 8, 6 cells, then none); the name and the percentage
    (or the phrase) stay.

    Args:
        width: Of the whole row, in cells.
    """
    choices = (
        (2, 10, _PERCENT, _SIZE, _SPEED, _TIME),
        (1, 10, _PERCENT, 0, _SPEED, _TIME),
        (1, 8, _PERCENT, 0, _SPEED, _TIME),
        (1, 8, _PERCENT, 0, 0, _TIME),
        (1, 8, _PERCENT, 0, 0, 0),
        (1, 6, _PERCENT, 0, 0, 0),
        (1, 0, _PERCENT + _PERCENT, 0, 0, 0),
    )
    for gap, *rest in choices:
        name = width - _LEAD - gap - sum(rest)
        if name >= NAME_WANTED:
            break
    return Columns(max(1, name), gap, *rest)


def row_segments(
    download: Download,
    *,
    width: int,
    now: float,
    place: int | None = None,
    cursor: bool = False,
    selected: bool = False,
    paint: Paint,
) -> list[Segment]:
    """Draws one row.

    Args:
        download: What to draw.
        width: Of the row, in cells.
        now: The present, Unix seconds.
        place: Its place in the queue; `None` if it is not in line.
        cursor: Whether the cursor is on it.
        selected: Whether it is selected.
        paint: How to draw.

    Returns:
        Segments that are exactly `width` cells wide.
    """
    columns = columns_for(width)
    glyphs = words.PLAIN_GLYPHS if paint.plain else words.GLYPHS
    signs = ">*" if paint.plain else "▌●"
    marks = f"{signs[0] * cursor}{signs[1] * selected}"
    lead = [
        Segment(f"{marks:2}", paint.mark),
        Segment(glyphs[download.state], paint.of(download.state)),
        Segment(" "),
    ]
    return fitted([*lead, *_body(download, columns, now=now, place=place, paint=paint)], width)


def clipped(name: str, width: int) -> str:
    """Clips a name in the middle, keeping its ending, and pads it.

    Args:
        name: Safe to print, of any length.
        width: In cells.

    Returns:
        Text of exactly `width` cells: `talk-2026-…-final.mkv`.
    """
    if len(name) > 2 * _TEXT_KEPT:
        name = name[:_TEXT_KEPT] + "…" + name[-_TEXT_KEPT:]
    name = steady(name)
    if cell_len(name) <= width:
        return set_cell_size(name, width)
    room = width - 1
    dot = name.rfind(".")
    ending = name[dot:] if dot > 0 and cell_len(name[dot:]) <= min(ENDING_MAX, room - 2) else ""
    tail = _last_cells(name, max(cell_len(ending), room // 2))
    head = set_cell_size(name, room - cell_len(tail)).rstrip()
    return set_cell_size(f"{head}…{tail}", width)


def bar_segments(fraction: float, width: int, *, full: Style, paint: Paint) -> list[Segment]:
    """Draws a bar in eighths of a cell; its empty part is a background colour.

    Args:
        fraction: 0.0 to 1.0.
        width: In cells.
        full: Style of the full part.
        paint: Style of the empty part, and whether eighths can be shown.
    """
    eighths = int(min(max(fraction, 0.0), 1.0) * width * 8)
    whole, part = divmod(eighths, 8)
    if paint.plain:
        return [Segment(_PLAIN_BAR * whole, full), Segment("-" * (width - whole), paint.quiet)]
    segments = [Segment("█" * whole, full)]
    if part:
        segments.append(Segment(_EIGHTHS[part], full + Style(bgcolor=paint.trough.bgcolor)))
    segments.append(Segment(" " * (width - whole - bool(part)), paint.trough))
    return [each for each in segments if each.text]


def fitted(segments: list[Segment], width: int) -> list[Segment]:
    """Cuts or pads segments to a width in cells."""
    return Segment.adjust_line_length(segments, width, pad=True)


def _body(download: Download, columns: Columns, *, now: float, place: int | None, paint: Paint) -> list[Segment]:
    """Draws a row from its name on."""
    phrases = words.phrases(download, now=now)
    if phrases:
        name = clipped(download.shown_name, columns.name) + " " * columns.gap
        fitting = next((each for each in phrases if cell_len(each) <= columns.rest), phrases[-1])
        return [
            Segment(name),
            Segment(set_cell_size(cut(fitting, columns.rest), columns.rest), paint.of(download.state)),
        ]
    ends = words.end_words(download, now=now, place=place)
    if download.state in {State.COMPLETED, State.CANCELLED} or _knows_nothing(download):
        return _settled(download, columns, ends=ends, paint=paint)
    end = next((each for each in ends if cell_len(each) < columns.end), ends[-1] if ends else None)
    name = clipped(download.shown_name, columns.name) + " " * columns.gap
    if end is not None and cell_len(end) >= columns.end:
        return [Segment(name), Segment(end.rjust(columns.rest), paint.quiet)]
    return [Segment(name), *_numbers(download, columns, end=end, now=now, paint=paint)]


def _knows_nothing(download: Download) -> bool:
    """Tells whether a row at rest has neither bytes nor a length: a bar would say nothing."""
    at_rest = download.state in {State.QUEUED, State.PAUSED}
    return at_rest and not download.bytes_received and download.fraction is None


def _settled(download: Download, columns: Columns, *, ends: Sequence[str], paint: Paint) -> list[Segment]:
    """Draws a row without a bar: the name may use its room."""
    end = next((each for each in ends if cell_len(each) < columns.rest), "")
    size = format_bytes(download.bytes_received) if download.state is State.COMPLETED and columns.size else ""
    tail = end.rjust(max(columns.end, cell_len(end) + 1))
    tail = f" {size.rjust(columns.size - 1)}{tail}" if columns.size else tail
    name = columns.name + columns.gap + columns.rest - cell_len(tail)
    return [Segment(clipped(download.shown_name, name - 1) + " "), Segment(tail, paint.quiet)]


def _numbers(download: Download, columns: Columns, *, end: str | None, now: float, paint: Paint) -> list[Segment]:
    """Draws bar, percentage, size, and speed with time left or the word that stands there."""
    style = paint.of(download.state)
    quiet = paint.quiet if style is paint.quiet else _PLAIN
    fraction = download.fraction
    segments = _bar(download, columns.bar, style=style, paint=paint)
    size = download.bytes_received if download.bytes_expected is None else download.bytes_expected
    known = bool(size) or fraction is not None or end is None
    numbers = (format_percent(fraction) if known else "").rjust(columns.percent)
    if columns.size:
        numbers += (format_bytes(size) if known else "").rjust(columns.size)
    if end is not None:
        return [*segments, Segment(numbers, quiet), Segment(end.rjust(columns.end), paint.quiet)]
    if columns.speed:
        numbers += format_rate(download.bytes_per_second).rjust(columns.speed)
    if columns.time:
        numbers += words.time_left(download, now=now).rjust(columns.time)
    return [*segments, Segment(numbers, quiet)]


def _bar(download: Download, width: int, *, style: Style, paint: Paint) -> list[Segment]:
    """Draws the bar; of an unknown length a short run that goes on as bytes come, so that no end is promised."""
    fraction = download.fraction
    if not width:
        return []
    if fraction is not None:
        return bar_segments(fraction, width, full=style, paint=paint)
    if not download.bytes_received:
        return bar_segments(0.0, width, full=style, paint=paint)
    room = width - _RUNNER
    step = download.bytes_received // _RUNNER_BYTES % (2 * room)
    at = step if step <= room else 2 * room - step
    run = Segment((_PLAIN_BAR if paint.plain else "█") * _RUNNER, style)
    before, after = Segment(" " * at, paint.trough), Segment(" " * (room - at), paint.trough)
    return [each for each in (before, run, after) if each.text]


def _last_cells(text: str, width: int) -> str:
    """Returns the end of a text that is at most that many cells wide."""
    start = len(text)
    while start and cell_len(text[start - 1 :]) <= width:
        start -= 1
    return text[start:]
