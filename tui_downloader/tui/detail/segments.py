"""The tab with the map of the file: which bytes are here, which arrive, which are missing.

Owns the words around the map. Must never invent a length: where the server told none, it says so.
"""

from __future__ import annotations

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.tui.detail import speed
from tui_downloader.tui.detail.segment_map import Cell, cells, legend, map_lines
from tui_downloader.tui.detail.speed_graph import GRAPH_ROWS_MIN
from tui_downloader.tui.detail.subject import Room, Subject, Tab
from tui_downloader.tui.detail_words import counted, sentence
from tui_downloader.tui.styled_line import BLANK, Line, Role, clip_end, line, wrap
from tui_downloader.units import format_bytes

MAP_ROWS_MAX = 8
"""Most rows of the map."""

_WORDS_ROWS = 3


def compose(subject: Subject, room: Room) -> list[Line]:
    """Composes the map, its legend and, where there is room, the graph of the speed below."""
    if room.is_split and _has_map(subject):
        return speed.compose(subject, room)
    graph_rows = GRAPH_ROWS_MIN + 3 if speed.has_graph(subject) and room.height >= 12 else 0
    lines = _lines(subject, room, rows=room.height - _WORDS_ROWS - graph_rows)
    if graph_rows and _has_map(subject):
        left = room.height - len(lines) - 1
        lines += [
            BLANK,
            *speed.graph(subject, room, height=min(left - 2, room.height // 2)),
            *speed.figures(subject, room),
        ]
    return lines


def aside(subject: Subject, room: Room) -> list[Line]:
    """Composes the map for the column of the head."""
    return [BLANK, *_lines(subject, room, rows=room.height - 2)] if _has_map(subject) else []


def _lines(subject: Subject, room: Room, *, rows: int) -> list[Line]:
    """Composes map and legend, or the sentence that stands in place of them."""
    download, watched = subject.download, subject.watched
    if not _has_map(subject) or watched is None or download.bytes_expected is None:
        return [line(text) for text in wrap(_nothing(download), room.width)]
    drawn = cells(
        watched.received,
        watched.arriving,
        complete_length=download.bytes_expected,
        count=room.width * max(2, min(MAP_ROWS_MAX, rows)),
    )
    lines = map_lines(drawn, width=room.width, plain=subject.plain)
    lines.append(legend(drawn, width=room.width, plain=subject.plain))
    if rows > 2:
        lines += _figures(watched.received, download.bytes_expected, drawn, width=room.width)
    return lines


def _has_map(subject: Subject) -> bool:
    """Tells whether there is anything to draw."""
    download, watched = subject.download, subject.watched
    return (
        watched is not None
        and bool(download.bytes_expected)
        and download.state is not State.COMPLETED
        and bool(watched.received or download.state in {State.TRANSFERRING, State.VERIFYING})
    )


def _nothing(download: Download) -> str:
    """Says why there is no map."""
    if download.state is State.COMPLETED:
        return f"The file is complete: all {download.bytes_received:,} bytes are here."
    if not download.bytes_received:
        return "Nothing of it is here yet."
    here = f"{format_bytes(download.bytes_received)} are here"
    if download.bytes_expected is None:
        return f"The server did not say how long the file is. {here} so far, in one piece."
    return sentence(here)


def _figures(received: RangeSet, complete_length: int, drawn: list[Cell], *, width: int) -> list[Line]:
    """Words how many pieces there are, and what a cell stands for."""
    missing = received.missing(complete_length)
    parts = [f"{counted(len(received.ranges), 'piece')} here"]
    if missing:
        parts.append(f"{format_bytes(missing.total)} missing in {counted(len(missing.ranges), 'gap')}")
    scale = f"1 cell is {format_bytes(max(1, complete_length // len(drawn)))}"
    return [line(clip_end(text, width), Role.QUIET) for text in (" · ".join(parts), scale)]


TAB = Tab("Segments", compose, aside)
"""The map."""
