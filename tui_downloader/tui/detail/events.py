"""The tab with everything that happened to a download, the newest first.

Owns the layout in days. Must never word an event itself.
"""

from __future__ import annotations

import datetime

from tui_downloader.tui.detail.subject import Room, Subject, Tab
from tui_downloader.tui.event_words import event_words, newest_first
from tui_downloader.tui.styled_line import BLANK, Line, Role, line, wrap

_MOMENT_CELLS = 11


def compose(subject: Subject, room: Room) -> list[Line]:
    """Composes the events; a line with the date stands above those of another day."""
    download = subject.download
    told = [(each.at, event_words(each, download)) for each in newest_first(subject.events)]
    lines: list[Line] = []
    day = _local(room.now).date()
    for at, text in [*told, (download.added_at, "added")]:
        moment = _local(at)
        if moment.date() != day:
            day = moment.date()
            lines += [*([BLANK] if lines else []), line(f"{day:%A}, {day.day} {day:%B %Y}", Role.STRONG)]
        rows = wrap(text, room.width - _MOMENT_CELLS)
        for number, row in enumerate(rows):
            lead = "" if number else f"{moment:%H:%M:%S}"
            lines.append(((lead.ljust(_MOMENT_CELLS), Role.QUIET), (row, Role.PLAIN)))
    return lines


def _local(at: float) -> datetime.datetime:
    """Returns an instant in local time."""
    return datetime.datetime.fromtimestamp(at).astimezone()


TAB = Tab("Events", compose)
"""The journal of one download."""
