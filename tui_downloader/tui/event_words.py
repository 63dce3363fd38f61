"""The history of one download in a few words a line.

Owns the wording of events. Must never read a clock or rely on a field that an event may lack.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import Reason, Resumable
from tui_downloader.model.reason_words import REASON_WORDS
from tui_downloader.tui.detail_words import without_stop
from tui_downloader.units import format_bytes, format_moment, format_percent, format_span

_PLAIN = {
    EventKind.RESPONSE_RECEIVED: "the server answered",
    EventKind.PRUNED: "left the list, long finished",
    EventKind.GAP: "older events are no longer kept",
}
"""Kinds that are always worded alike; the other ones are called by their name."""


def event_words(event: Event, download: Download) -> str:
    """Words one event of the history: `went on at 41%`, `connection lost`.

    Args:
        event: The event; fields it lacks are left out of the sentence.
        download: The download it is about, as it is now.
    """
    match event.kind:
        case EventKind.STARTED | EventKind.RESUMED:
            return _began(event, expected=download.bytes_expected)
        case EventKind.STARTED_OVER:
            return f"started over: {_text(event, 'why') or 'the old bytes are of no use'}"
        case EventKind.RENAMED:
            return f"renamed to {_text(event, 'to') or 'another name'}"
        case EventKind.WAITING:
            wait = event.fields.get("retry_seconds")
            again = f", next try in {format_span(max(1.0, wait))}" if isinstance(wait, (int, float)) else ""
            return f"{_event_reason(event) or 'waiting'}{again}"
        case EventKind.FAILED:
            reason = _event_reason(event)
            return f"failed: {reason}" if reason else "failed"
        case EventKind.FINISHED:
            return "finished and checked" if download.digest and download.digest.verified else "finished"
        case EventKind.HOOK_FAILED:
            return f"{_text(event, 'hook') or 'a hook'} {_text(event, 'error') or 'failed'}"
        case kind:
            return _PLAIN.get(kind, kind.value)


def _began(event: Event, *, expected: int | None) -> str:
    """Words the begin of an attempt: from byte 0, or from where it stopped, and how sure that is."""
    offset = event.fields.get("offset")
    if not isinstance(offset, int) or offset <= 0:
        return "started"
    place = format_percent(offset / expected) if expected else format_bytes(offset)
    proven = _text(event, "verdict") == Resumable.PROVEN
    return f"went on at {place}, unchanged file" if proven else f"went on at {place}"


def _event_reason(event: Event) -> str:
    """Words the reason an event names; a word that is not known is shown as it is."""
    word = _text(event, "reason")
    return REASON_WORDS[Reason(word)].short if word in set(Reason) else word


def _text(event: Event, name: str) -> str:
    """Returns a field of an event as text without a full stop, empty if it is not there."""
    value = event.fields.get(name)
    return without_stop(safe(str(value))) if value is not None else ""


def event_moment(at: float, *, now: float) -> str:
    """Words when an event happened in local time: `14:02:11` today, else as `format_moment`."""
    moment = datetime.datetime.fromtimestamp(at).astimezone()
    today = datetime.datetime.fromtimestamp(now).astimezone().date()
    return f"{moment:%H:%M:%S}" if moment.date() >= today else format_moment(at, now=now)


def newest_first(events: Sequence[Event]) -> list[Event]:
    """Returns the events from the newest to the oldest."""
    return sorted(events, key=lambda event: event.sequence, reverse=True)
