"""The tab with the fields of the last request and its response.

Owns their layout. Their secrets were masked before they were stored; nothing here could show one.
"""

from __future__ import annotations

from tui_downloader.model.lifecycle import State
from tui_downloader.model.masking import Fields
from tui_downloader.model.request import REDACTED
from tui_downloader.tui.detail.subject import Room, Subject, Tab
from tui_downloader.tui.styled_line import BLANK, Line, Role, clip_end, line, wrap
from tui_downloader.units import format_moment

_NAME_MAX = 18


def compose(subject: Subject, room: Room) -> list[Line]:
    """Composes request and response, or why there are none."""
    exchange = subject.watched.exchange if subject.watched is not None else None
    if exchange is None:
        return [line(text) for text in wrap(_nothing(subject), room.width)]
    masked = any(REDACTED in text for pair in (*exchange.request, *exchange.response) for text in pair)
    masked = masked or REDACTED in exchange.request_line + exchange.url
    note = f"Of {format_moment(exchange.at, now=room.now)}."
    if masked:
        note += f" {REDACTED} stands where a secret was; it was not kept."
    names = [len(name) for name, _ in (*exchange.request, *exchange.response)]
    cells = min(_NAME_MAX, room.width // 2, max(names, default=0)) + 1
    return [
        *_titled(exchange.request_line, exchange.request, cells=cells, width=room.width),
        BLANK,
        *_titled(exchange.status_line, exchange.response, cells=cells, width=room.width),
        BLANK,
        *(line(text, Role.QUIET) for text in wrap(note, room.width)),
    ]


def _titled(title: str, fields: Fields, *, cells: int, width: int) -> list[Line]:
    """Lays out one half: its first line, then its fields."""
    lines = [line(text, Role.STRONG) for text in wrap(title, width)]
    for name, value in fields:
        lines += _field(name, value, cells=cells, width=width)
    return lines


def _field(name: str, value: str, *, cells: int, width: int) -> list[Line]:
    """Lays out a field; a long value goes on below itself, a long name has a line of its own."""
    rows = wrap(value, width - cells) or [""]
    role = Role.QUIET if value == REDACTED else Role.PLAIN
    below: list[Line] = [((" " * cells, Role.QUIET), (row, role)) for row in rows]
    if len(name) >= cells:
        return [line(clip_end(name, width), Role.QUIET), *below]
    return [((name.ljust(cells), Role.QUIET), (rows[0], role)), *below[1:]]


def _nothing(subject: Subject) -> str:
    """Says why there are no fields."""
    if subject.download.state is State.CONNECTING:
        return "The server has not answered yet."
    return "No answer of the server is recorded."


TAB = Tab("Fields", compose)
"""Request and response."""
