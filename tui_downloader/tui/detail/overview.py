"""The tab with the facts about a download and the newest of its events.

Owns their order. Must never read a clock or a file.
"""

from __future__ import annotations

from collections.abc import Sequence

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import Resumable, State
from tui_downloader.tui import detail_words as words
from tui_downloader.tui.detail.head import head_lines
from tui_downloader.tui.detail.subject import Room, Subject, Tab
from tui_downloader.tui.event_words import event_moment, event_words, newest_first
from tui_downloader.tui.limit_words import limit_words
from tui_downloader.tui.styled_line import BLANK, Line, Role, clip_end, line

EVENTS_MAX = 4
"""Most events here; the tab of events has all."""

_LABEL_CELLS = 11


def compose(subject: Subject, room: Room) -> list[Line]:
    """Composes facts and newest events."""
    facts = [_fact(*each, width=room.width) for each in _facts(subject, now=room.now) if each[1]]
    return [*facts, *_newest(subject, room), *_excerpt(subject, room)]


def compose_with_head(subject: Subject, room: Room) -> list[Line]:
    """Composes the same for a pane that has no room for a head of its own."""
    return [*head_lines(subject, room), BLANK, *compose(subject, room)]


def _facts(subject: Subject, *, now: float) -> list[tuple[str, str, Role]]:
    """Lists label, value and role of each fact; empty values are left out."""
    download = subject.download
    finished, limit = download.state is State.COMPLETED, download.bytes_per_second_max
    good = Role.GOOD if download.resumable is Resumable.PROVEN else Role.PLAIN
    label, digest = words.digest_words(download) or ("", "")
    verified = Role.GOOD if download.digest is not None and download.digest.verified else Role.PLAIN
    return [
        ("From", words.origin(download), Role.PLAIN),
        ("Limit", "" if finished or limit is None else limit_words(limit), Role.PLAIN),
        ("Took", (words.took(download) or "") if finished else "", Role.PLAIN),
        ("Resume", _resume(subject), good),
        (label, digest, verified),
        ("Attempts", _attempts(download, subject.events), Role.PLAIN),
        ("Bytes", words.exact_size(download) if finished or download.bytes_received else "", Role.PLAIN),
        ("Save in", "" if finished else words.tilde(download.directory), Role.PLAIN),
        ("Added", words.added(download, now=now), Role.PLAIN),
    ]


def _resume(subject: Subject) -> str:
    """Words whether it could go on, and what the server has given to prove it: `proven (strong ETag)`."""
    download = subject.download
    if download.resumable is Resumable.UNKNOWN:
        return ""
    exchange = subject.watched.exchange if subject.watched is not None else None
    validator = ""
    if exchange is not None and download.resumable is Resumable.PROVEN:
        tag = exchange.response_field("etag")
        if tag is not None and not tag.startswith("W/"):
            validator = " (strong ETag)"
        elif exchange.response_field("last-modified") is not None:
            validator = " (Last-Modified)"
    return f"{words.resume_verdict(download)}{validator}"


def _attempts(download: Download, events: Sequence[Event]) -> str:
    """Words how often it was tried, and how the try before the last one ended."""
    if not download.attempt:
        return ""
    waits = [each for each in newest_first(events) if each.kind is EventKind.WAITING]
    before = ""
    if download.attempt > 1 and waits:
        which = "the first" if download.attempt == 2 else "the one before"
        before = f"; {which}: {event_words(waits[0], download).partition(',')[0]}"
    return f"{words.attempts(download)}{before}"


def _fact(label: str, value: str, role: Role, *, width: int) -> Line:
    """Lays out one fact."""
    return ((label.ljust(_LABEL_CELLS), Role.QUIET), (clip_end(value, width - _LABEL_CELLS), role))


def _newest(subject: Subject, room: Room) -> list[Line]:
    """Lays out the newest events, down to when it was added, and how many more there are."""
    download = subject.download
    told = newest_first(subject.events)
    if not told:
        return []
    lines: list[Line] = [BLANK]
    shown = [(each.at, event_words(each, download)) for each in told[:EVENTS_MAX]]
    if len(told) <= EVENTS_MAX:
        shown.append((download.added_at, "added"))
    for at, text in shown:
        moment = event_moment(at, now=room.now).ljust(_LABEL_CELLS)
        lines.append(((moment, Role.QUIET), (clip_end(text, room.width - _LABEL_CELLS), Role.PLAIN)))
    if len(told) > EVENTS_MAX:
        more = f"{words.counted(len(told) + 1 - EVENTS_MAX, 'more event')} under Events"
        lines.append(line(clip_end(more, room.width), Role.QUIET))
    return lines


def _excerpt(subject: Subject, room: Room) -> list[Line]:
    """Lays out the first lines of a text, or the first entries of an archive."""
    excerpt, facts = subject.found.excerpt, subject.found.facts
    if excerpt is None or facts is None:
        return []
    title = line(clip_end(f"{words.capital(facts.words)}, {excerpt.note}", room.width), Role.STRONG)
    lines = [line(clip_end(text, room.width)) for text in excerpt.lines]
    more = [] if excerpt.is_whole or not lines else [line("…", Role.QUIET)]
    return [BLANK, title, *lines, *more]


TAB = Tab("Overview", compose)
"""Facts, then the newest events."""
