"""What the inbox says: one line for each outcome, the newest first, by days.

Owns these lines as pure functions of happenings, width and `now`. Must never read a clock or a style.
"""

from __future__ import annotations

import datetime

from rich.cells import cell_len

from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import LIVE_STATES, State
from tui_downloader.tui.away import hook_words, name_of, reason_words, text_of, wait_words
from tui_downloader.tui.detail_words import amount_of, without_stop
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.inbox_reader import INBOX_OUTCOMES, InboxPage
from tui_downloader.tui.styled_line import Line, Role, clip_end, line
from tui_downloader.tui.widgets.choices import Choice
from tui_downloader.tui.widgets.row import clipped
from tui_downloader.tui.words import GLYPHS, PLAIN_GLYPHS
from tui_downloader.units import format_bytes

NOTHING = "Nothing yet: no download has finished, failed or waited for long."
"""What an empty inbox says."""

_NAME_CELLS_MIN = 16
_WORDS_CELLS_MIN = 12
_LEAD_CELLS = 4
_TIME_CELLS = 7
_SIGNS: dict[EventKind, tuple[State, Role]] = {
    EventKind.FINISHED: (State.COMPLETED, Role.GOOD),
    EventKind.FAILED: (State.FAILED, Role.BAD),
    EventKind.HOOK_FAILED: (State.FAILED, Role.WAIT),
}
_WAITED = (State.WAITING, Role.WAIT)
_RENAMED, _PLAIN_RENAMED = "→", ">"


def inbox_title(unread: int) -> str:
    """Words the title: `Inbox · 4 new`."""
    return f"Inbox · {unread:,} new" if unread else "Inbox"


def inbox_choices(page: InboxPage, *, width: int, now: float, plain: bool = False) -> list[Choice]:
    """Lays the inbox out: a heading for each day but today, and a line for each outcome.

    Args:
        page: The outcomes, newest first; the key of each choice is its sequence number.
        width: Cells of a line.
        now: The present, Unix seconds.
        plain: Whether the font has ASCII only.
    """
    if not page.happenings:
        return [Choice(None, line(clip_end(NOTHING, width), Role.QUIET))]
    choices: list[Choice] = []
    day = _day(now)
    for each in page.happenings:
        if _day(each.event.at) != day and each.event.at < now:
            day = _day(each.event.at)
            choices.append(Choice(None, line(clip_end(_heading(day, today=_day(now)), width), Role.QUIET)))
        unread = each.event.sequence > page.mark
        choices.append(Choice(each.event.sequence, _line(each, unread=unread, width=width, plain=plain)))
    if len(page.happenings) >= INBOX_OUTCOMES:
        choices.append(Choice(None, line(clip_end("Older ones: tuidl events", width), Role.QUIET)))
    return choices


def outcome_words(happening: Happening) -> str:
    """Words what became of a download, without its name: `finished, 4.6 MB, checked`; safe to print."""
    event, download = happening.event, happening.download
    match event.kind:
        case EventKind.FINISHED:
            size = event.fields.get("bytes")
            parts = ["finished", format_bytes(size) if isinstance(size, int) else ""]
            checked = download is not None and download.digest is not None and download.digest.verified
            return ", ".join(each for each in (*parts, "checked" if checked else "") if each)
        case EventKind.FAILED:
            status = event.fields.get("http_status")
            code = f" ({status})" if isinstance(status, int) else ""
            return f"{reason_words(event) or 'failed'}{code}{_kept(happening)}"
        case EventKind.STARTED_OVER:
            why = without_stop(text_of(event, "why"))
            return f"started over: {why}" if why else "started over"
        case EventKind.HOOK_FAILED:
            return hook_words(event)
        case EventKind.RENAMED:
            return f"is now called {text_of(event, 'to')}"
        case _:
            goes_on = download is not None and download.state in LIVE_STATES
            return f"waited {wait_words(event)}, {'goes' if goes_on else 'went'} on"


def _kept(happening: Happening) -> str:
    """Words what was kept when it failed: `, 1.1 of 1.9 GB kept`; empty if nothing was."""
    received, expected = (happening.event.fields.get(each) for each in ("bytes_received", "bytes_expected"))
    if not isinstance(received, int) or not received:
        return ""
    return f", {amount_of(received, expected if isinstance(expected, int) else None)} kept"


def _line(happening: Happening, *, unread: bool, width: int, plain: bool) -> Line:
    """Lays out one outcome: mark, glyph, name, words, time; the words are cut before the name gets too short."""
    event = happening.event
    state, role = _SIGNS.get(event.kind, _WAITED)
    glyph = (PLAIN_GLYPHS if plain else GLYPHS)[state]
    if event.kind is EventKind.RENAMED:
        glyph, role = _PLAIN_RENAMED if plain else _RENAMED, Role.QUIET
    mark = ("*" if plain else "●") if unread else " "
    name = text_of(event, "from") if event.kind is EventKind.RENAMED else ""
    name = name or name_of(happening)
    room = max(0, width - _LEAD_CELLS - _TIME_CELLS)
    name_cells = min(cell_len(name), max(_NAME_CELLS_MIN, room - cell_len(outcome_words(happening)) - 1))
    words = clip_end(outcome_words(happening), max(_WORDS_CELLS_MIN, room - name_cells - 1))
    blanks = " " * max(1, room - name_cells - cell_len(words))
    moment = f"{datetime.datetime.fromtimestamp(event.at).astimezone():%H:%M}"
    return (
        (f"{mark} ", Role.KEY),
        (f"{glyph} ", role),
        (clipped(name, name_cells), Role.PLAIN if happening.download is not None else Role.QUIET),
        (f"{blanks}{words}", Role.QUIET if event.kind is not EventKind.FAILED else Role.BAD),
        (moment.rjust(_TIME_CELLS), Role.QUIET),
    )


def _day(at: float) -> datetime.date:
    """Returns the local day of an instant."""
    return datetime.datetime.fromtimestamp(at).astimezone().date()


def _heading(day: datetime.date, *, today: datetime.date) -> str:
    """Words a day: `Yesterday`, `Monday, 23 November`, with the year if it is another one."""
    if (today - day).days == 1:
        return "Yesterday"
    text = f"{day:%A}, {day.day} {day:%B}"
    return text if day.year == today.year else f"{text} {day.year}"
