"""The lines of the detail pane: which facts stand where for each state of a download (SCREEN sections 1 and 2).

Owns their order and roles. Must never read a clock or a file: what was found on disk is an argument.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event
from tui_downloader.model.lifecycle import Resumable, State
from tui_downloader.preview import media_type
from tui_downloader.preview.facts import FileFacts
from tui_downloader.preview.picture import Picture
from tui_downloader.tui import detail_words as words
from tui_downloader.tui.event_words import event_moment, event_words, newest_first
from tui_downloader.tui.explanation import explain
from tui_downloader.tui.hints import hints
from tui_downloader.tui.limit_words import limit_words
from tui_downloader.tui.styled_line import BLANK, Line, Part, Role, bar, clip_end, line, wrap
from tui_downloader.tui.widgets.row import clipped
from tui_downloader.tui.words import GLYPHS, PLAIN_GLYPHS, asked_for
from tui_downloader.units import format_bytes, format_moment, format_percent

EVENTS_MAX = 50
"""Most lines of history."""

_LABEL_CELLS = 11
_PERCENT_CELLS = 5
_KEY_GAP = "   "
_ELSEWHERE = frozenset({"add", "view", "back"})
"""Actions of the footer that do not help a download that stands still."""

_STATE_ROLES = {State.WAITING: Role.WAIT, State.FAILED: Role.BAD}


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the finished file brought."""

    facts: FileFacts | None = None
    """Size and kind of the file on disk; `None` before the first look."""
    picture: Picture | None = None
    """The picture that is shown; `None` if there is none."""
    problem: str | None = None
    """Why a picture is not shown; `None` if there is no reason to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Everything the lines depend on."""

    download: Download
    """The snapshot."""
    events: Sequence[Event] = ()
    """Its history, in any order."""
    found: Found = Found()
    """What lies on disk, for a finished download."""
    place: int | None = None
    """Its place in the queue; `None` if it is not in line."""
    plain: bool = False
    """Whether the font has ASCII only."""


def detail_lines(subject: Subject, *, width: int, now: float) -> list[Line]:
    """Composes the pane for one download.

    Args:
        subject: The download and what is known about it.
        width: Cells of a line.
        now: The present, Unix seconds.
    """
    download = subject.download
    if download.state is State.COMPLETED:
        top = _finished(subject, width=width, now=now)
    elif explain(download, now=now) is not None:
        top = _still(subject, width=width, now=now)
    else:
        top = _moving(subject, width=width)
    facts = [_fact(label, value, role, width=width) for label, value, role in _facts(download, now=now) if value]
    return [*top, BLANK, *facts, *_history(subject, width=width, now=now)]


def _finished(subject: Subject, *, width: int, now: float) -> list[Line]:
    """Composes the top for a finished download: name, what it is, where it lies."""
    download, found = subject.download, subject.found
    lines = [_name(subject, width=width)]
    if found.facts is not None and found.facts.size is None:
        gone = f"{words.sentence(found.facts.words)} It was moved, deleted or locked since it finished."
        lines += [line(text, Role.WAIT) for text in wrap(gone, width)]
    lines.append(line(clip_end(_kind(download, found, now=now), width)))
    lines.append(line(clipped(words.tilde(download.path or download.directory), width).rstrip(), Role.QUIET))
    if found.problem is not None:
        lines += [line(text, Role.QUIET) for text in wrap(f"No preview: {found.problem}.", width)]
    return lines


def _kind(download: Download, found: Found, *, now: float) -> str:
    """Words what a file is: `JPEG · 2560 × 1024 · 4.6 MB · finished 14:02`."""
    if found.picture is not None:
        kind = found.picture.format
    elif found.facts is not None and found.facts.size is not None:
        kind = found.facts.words
    else:
        kind = media_type.describe(download.media_type) if download.media_type else ""
    size = found.facts.size if found.facts is not None else None
    parts = [
        kind,
        *_dimensions(found.picture),
        format_bytes(size if size is not None else download.bytes_received),
        f"finished {format_moment(download.finished_at, now=now)}" if download.finished_at is not None else "",
    ]
    return " · ".join(part for part in parts if part)


def _dimensions(picture: Picture | None) -> list[str]:
    """Words a picture's size and, of an animation, its length: `2560 × 1024`, `48 frames`."""
    if picture is None:
        return []
    size = f"{picture.natural_width} × {picture.natural_height}"
    frames = picture.frames or 1
    return [size, words.counted(frames, "frame")] if frames > 1 else [size]


def _still(subject: Subject, *, width: int, now: float) -> list[Line]:
    """Composes the top for a download that does not move: why, what was kept, which keys help."""
    download = subject.download
    explanation = explain(download, now=now)
    assert explanation is not None  # the caller asked the same
    role = _STATE_ROLES.get(download.state, Role.PLAIN)
    lines = [_name(subject, width=width)]
    lines += [line(text, role) for text in wrap(words.sentence(explanation.happened), width)]
    rest = " ".join(words.sentence(text) for text in (explanation.kept, explanation.follows) if text)
    lines += [line(text) for text in wrap(rest, width)]
    asked = asked_for(download)
    if asked:
        lines.append(line(words.sentence(asked)))
    actions = [hint.action for hint in hints(download) if hint.action not in _ELSEWHERE]
    return [*lines, BLANK, *_keys(download, actions, width=width)]


def _moving(subject: Subject, *, width: int) -> list[Line]:
    """Composes the top for a download on its way: name, numbers, bar, resume verdict."""
    download = subject.download
    asked = asked_for(download)
    moving = words.moving(download, place=subject.place)
    lines = [
        _name(subject, width=width),
        line(clip_end(words.capital(f"{moving} · {asked}" if asked else moving), width)),
        line(clip_end(words.circumstances(download), width), Role.QUIET),
    ]
    if download.fraction is not None and (download.bytes_received or download.state is State.TRANSFERRING):
        percent = format_percent(download.fraction).rjust(_PERCENT_CELLS)
        lines.append(
            (
                bar(download.fraction, max(1, width - _PERCENT_CELLS), plain=subject.plain),
                (percent, Role.PLAIN),
            )
        )
    return [each for each in lines if each != line("", Role.QUIET)]


def _name(subject: Subject, *, width: int) -> Line:
    """Composes the title: the state's glyph where nothing else tells the state, and the name."""
    download = subject.download
    role = _STATE_ROLES.get(download.state)
    glyphs = PLAIN_GLYPHS if subject.plain else GLYPHS
    lead: Line = ((f"{glyphs[download.state]} ", role),) if role is not None else ()
    return (*lead, (clipped(download.shown_name, width - 2 * len(lead)).rstrip(), Role.STRONG))


def _keys(download: Download, actions: Iterable[str], *, width: int) -> list[Line]:
    """Lays out the keys that help: as many in a line as fit."""
    lines: list[Line] = []
    current: list[Part] = []
    used = 0
    wanted = set(actions)
    for hint in hints(download):
        if hint.action not in wanted:
            continue
        cells = len(hint.key) + 1 + len(hint.label)
        if current and used + cells > width:
            lines.append(tuple(current))
            current, used = [], 0
        current += [(hint.key, Role.KEY), (f" {hint.label}{_KEY_GAP}", Role.PLAIN)]
        used += cells + len(_KEY_GAP)
    return [*lines, tuple(current)] if current else lines


def _facts(download: Download, *, now: float) -> list[tuple[str, str, Role]]:
    """Lists label, value and role of each fact; empty values are left out."""
    finished, limit = download.state is State.COMPLETED, download.bytes_per_second_max
    verdict = words.resume_verdict(download) if download.resumable is not Resumable.UNKNOWN else ""
    good = Role.GOOD if download.resumable is Resumable.PROVEN else Role.PLAIN
    label, digest = words.digest_words(download) or ("", "")
    verified = Role.GOOD if download.digest is not None and download.digest.verified else Role.PLAIN
    return [
        ("From", words.origin(download), Role.PLAIN),
        ("Limit", "" if finished or limit is None else limit_words(limit), Role.PLAIN),
        ("Took", (words.took(download) or "") if finished else "", Role.PLAIN),
        ("Resume", verdict, good),
        (label, digest, verified),
        ("Attempts", words.attempts(download) if download.attempt else "", Role.PLAIN),
        ("Bytes", words.exact_size(download) if finished or download.bytes_received else "", Role.PLAIN),
        ("Save in", "" if finished else words.tilde(download.directory), Role.PLAIN),
        ("Added", words.added(download, now=now), Role.PLAIN),
    ]


def _fact(label: str, value: str, role: Role, *, width: int) -> Line:
    """Lays out one fact."""
    return ((label.ljust(_LABEL_CELLS), Role.QUIET), (clip_end(value, width - _LABEL_CELLS), role))


def _history(subject: Subject, *, width: int, now: float) -> list[Line]:
    """Lays out the events, the newest first, down to when it was added."""
    if not subject.events:
        return []
    download = subject.download
    told = [(each.at, event_words(each, download)) for each in newest_first(subject.events)[:EVENTS_MAX]]
    lines: list[Line] = [BLANK]
    for at, text in [*told, (download.added_at, "added")]:
        moment = event_moment(at, now=now).ljust(_LABEL_CELLS)
        lines.append(((moment, Role.QUIET), (clip_end(text, width - _LABEL_CELLS), Role.PLAIN)))
    return lines
