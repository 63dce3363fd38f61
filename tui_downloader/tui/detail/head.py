"""The head of the side pane: which download it is and how it is, whatever tab is open.

Owns the order of its lines for each state: for one that stands still, why, what was kept and the keys that help
come first. Must never read a clock or a file.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.preview import media_type
from tui_downloader.preview.picture import Picture
from tui_downloader.tui import detail_words as words
from tui_downloader.tui.detail.subject import Found, Room, Subject
from tui_downloader.tui.explanation import explain
from tui_downloader.tui.hints import hints
from tui_downloader.tui.styled_line import BLANK, Line, Part, Role, bar, clip_end, joined, line, wrap
from tui_downloader.tui.widgets.row import clipped
from tui_downloader.tui.words import GLYPHS, PLAIN_GLYPHS, asked_for
from tui_downloader.units import format_bytes, format_moment, format_percent

_PERCENT_CELLS = 5
_KEY_GAP = "   "
_ELSEWHERE = frozenset({"add", "view", "back"})
"""Actions of the footer that do not help a download that stands still."""
_STATE_ROLES = {State.WAITING: Role.WAIT, State.FAILED: Role.BAD}


def head_lines(subject: Subject, room: Room) -> list[Line]:
    """Composes the head."""
    download = subject.download
    if download.state is State.COMPLETED:
        return _finished(subject, room)
    if explain(download, now=room.now) is not None:
        return _still(subject, room)
    return _moving(subject, room)


def _finished(subject: Subject, room: Room) -> list[Line]:
    """Composes the head of a finished download: name, what it is, where it lies."""
    download, found, width = subject.download, subject.found, room.width
    lines = [_name(subject, width=width)]
    if found.facts is not None and found.facts.size is None:
        gone = f"{words.sentence(found.facts.words)} It was moved, deleted or locked since it finished."
        lines += [line(text, Role.WAIT) for text in wrap(gone, width)]
    lines.append(line(clip_end(_kind(download, found, now=room.now), width)))
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


def _still(subject: Subject, room: Room) -> list[Line]:
    """Composes the head of a download that does not move: why, what was kept, which keys help."""
    download, width = subject.download, room.width
    explanation = explain(download, now=room.now)
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


def _moving(subject: Subject, room: Room) -> list[Line]:
    """Composes the head of a download on its way: name, numbers, resume verdict, bar."""
    download, width = subject.download, room.width
    asked = asked_for(download)
    moving = words.moving(download, place=subject.place)
    circumstances = words.circumstances(download)
    lines = [_name(subject, width=width)]
    lines.append(line(clip_end(words.capital(f"{moving} · {asked}" if asked else moving), width)))
    if circumstances:
        lines.append(line(joined(circumstances, width), Role.QUIET))
    lines += _coming(subject.found, width=width)
    if download.fraction is not None and (download.bytes_received or download.state is State.TRANSFERRING):
        percent = format_percent(download.fraction).rjust(_PERCENT_CELLS)
        drawn = bar(download.fraction, max(1, width - _PERCENT_CELLS), plain=subject.plain)
        lines.append((drawn, (percent, Role.PLAIN)))
    return lines


def _coming(found: Found, *, width: int) -> list[Line]:
    """Tells what is on its way, as far as its beginning says."""
    if found.picture is not None:
        return [line(clip_end(" · ".join([found.picture.format, *_dimensions(found.picture)]), width), Role.QUIET)]
    return [line(text, Role.QUIET) for text in wrap(words.sentence(found.problem), width)] if found.problem else []


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
