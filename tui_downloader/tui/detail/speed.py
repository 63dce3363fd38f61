"""The tab with the speed over the last minute.

Owns the words around the graph. Must never show a speed of another time as the present one.
"""

from __future__ import annotations

from tui_downloader.model.lifecycle import RUNNING_STATES, State
from tui_downloader.tui import detail_words as words
from tui_downloader.tui.detail.speed_graph import GRAPH_ROWS_MIN, graph_lines
from tui_downloader.tui.detail.subject import Room, Subject, Tab
from tui_downloader.tui.limit_words import limit_words
from tui_downloader.tui.styled_line import BLANK, SEPARATOR, Line, Role, clip_end, joined, line, wrap
from tui_downloader.units import format_rate

GRAPH_ROWS_MAX = 14
"""Most lines of the graph."""


def compose(subject: Subject, room: Room) -> list[Line]:
    """Composes graph, figures and where the bytes come from."""
    if not has_graph(subject):
        return [line(text) for text in wrap(_nothing(subject), room.width)]
    below = [*figures(subject, room), line(clip_end(_source(subject), room.width), Role.QUIET)]
    below = below[: max(1, room.height - GRAPH_ROWS_MIN)]
    gap: list[Line] = [BLANK] if room.height >= GRAPH_ROWS_MIN + len(below) + 1 else []
    height = min(GRAPH_ROWS_MAX, room.height - len(gap) - len(below))
    return [*graph(subject, room, height=height), *gap, *below]


def has_graph(subject: Subject) -> bool:
    """Tells whether any speed was seen."""
    return subject.watched is not None and bool(subject.watched.speeds)


def graph(subject: Subject, room: Room, *, height: int) -> list[Line]:
    """Draws the graph, up to the present or to when the download stopped."""
    watched = subject.watched
    assert watched is not None  # the caller asked `has_graph`
    moves = subject.download.state in RUNNING_STATES
    until, end = (watched.at, "now") if moves else (watched.speeds[-1].at, "the end")
    samples, plain = watched.speeds, subject.plain
    return graph_lines(samples, width=room.width, height=height, until=until, end=end, plain=plain)


def figures(subject: Subject, room: Room) -> list[Line]:
    """Words present, average and highest speed of the last minute."""
    watched = subject.watched
    assert watched is not None  # the caller asked `has_graph`
    speeds = [each.bytes_per_second for each in watched.speeds]
    rates = {"average": format_rate(sum(speeds) / len(speeds)), "peak": format_rate(max(speeds))}
    if subject.download.state is State.TRANSFERRING:
        rates = {"now": format_rate(subject.download.bytes_per_second), **rates}
    units = {rate.partition(" ")[2] for rate in rates.values()}
    told = [f"{word} {rate.partition(' ')[0] if len(units) == 1 else rate}" for word, rate in rates.items()]
    unit = f" {units.pop()}" if len(units) == 1 else ""
    return [line(joined(told, room.width - len(unit)) + unit)]


def _source(subject: Subject) -> str:
    """Words where the bytes come from, how, and what holds them back: `mirror.example.net · HTTPS · no limit`."""
    download = subject.download
    scheme = subject.watched.exchange.url if subject.watched and subject.watched.exchange else download.url
    limit = download.bytes_per_second_max
    return SEPARATOR.join(
        [
            words.final_host(download),
            scheme.partition(":")[0].upper(),
            "no limit" if limit is None else f"limit {limit_words(limit)}",
        ]
    )


def _nothing(subject: Subject) -> str:
    """Says why there is no graph."""
    download = subject.download
    took = words.took(download) if download.state is State.COMPLETED else None
    if took is not None:
        return f"It took {took}. The graph is drawn while bytes come."
    if download.state in RUNNING_STATES:
        return "The graph begins with the first bytes."
    return "Nothing moves. The graph is drawn while bytes come."


TAB = Tab("Speed", compose)
"""The graph."""
