"""The cards of the Add form: one for each download that the text asks for, and one line for the rest.

Owns which entries get one, and what stands in it. Must never do I/O nor read a clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from rich.cells import cell_len

from tui_downloader.model.display_text import safe
from tui_downloader.model.request import host_of
from tui_downloader.tui.adding.entries import Entries, Entry
from tui_downloader.tui.adding.findings import Finding, Look, facts, notes
from tui_downloader.tui.adding.kinds import kind_words
from tui_downloader.tui.detail_words import counted
from tui_downloader.tui.styled_line import Line, Part, Role, clip_end, line, spread
from tui_downloader.tui.widgets.row import clipped
from tui_downloader.units import format_bytes

CARDS_MAX = 6
"""Most entries that get a card; the rest is summed up."""

_MARK_CELLS = 2
_GAP = 2
_NAME_CELLS_MIN = 16
_SIZE_CELLS = 8
_KIND_CELLS_MAX = 16


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that is known when the cards are drawn."""

    findings: Mapping[str, Finding]
    """What is known, by URL; one that is missing was not looked at."""
    free_bytes: int | None = None
    """Free space where the files are to be saved; `None` if that is not known."""
    filename: str | None = None
    """The name that the user chose for the one download there is; `None` takes the server's."""


def card_lines(entries: Entries, outlook: Outlook, *, width: int, rows: int) -> list[Line]:
    """Lays out the cards and the line that sums up what has none.

    Wrong entries come first into the choice, so that none hides behind the fine ones; the order stays the text's.

    Args:
        entries: What was read.
        outlook: What is known.
        width: Cells of a line.
        rows: Lines there are, at least 1.
    """
    every = entries.entries
    shown = _chosen(every, outlook, rows=rows)
    kinds = [_kind(every[at], outlook) for at in shown]
    kind_cells = min(_KIND_CELLS_MAX, max(map(cell_len, kinds), default=0)) if width >= 60 else 0
    lines = [
        part
        for at, kind in zip(shown, kinds, strict=True)
        for part in _card(every[at], outlook, kind=kind, kind_cells=kind_cells, width=width)
    ]
    if len(shown) < len(every):
        having = set(shown)
        rest = [entry for at, entry in enumerate(every) if at not in having]
        lines.append(line(clip_end(f"  and {len(rest):,} more ({_summary(rest, outlook)})", width), Role.QUIET))
    return lines


def _chosen(every: Sequence[Entry], outlook: Outlook, *, rows: int) -> list[int]:
    """Chooses the places of the entries that get a card: as many as fit, wrong ones first."""
    heights = [_height(entry, outlook) for entry in every[: CARDS_MAX + 1]]
    if len(every) <= CARDS_MAX and sum(heights) <= rows:
        return list(range(len(every)))
    wrong = [at for at, entry in enumerate(every) if entry.url is None][:CARDS_MAX]
    fine = (at for at, entry in enumerate(every) if entry.url is not None)
    chosen: list[int] = []
    left = max(1, rows - 1)
    for at in (*wrong, *fine):
        height = _height(every[at], outlook)
        if len(chosen) == CARDS_MAX or (height > left and chosen):
            break
        chosen.append(at)
        left -= height
    return sorted(chosen)


def _height(entry: Entry, outlook: Outlook) -> int:
    """Returns the lines of a card: what is looked at has a second one from the start, so that nothing jumps."""
    return 1 + (entry.url is not None and entry.url in outlook.findings)


def _summary(rest: Sequence[Entry], outlook: Outlook) -> str:
    """Words how many of the rest are fine, have notes, are wrong, or are still looked at."""
    wrong = sum(entry.url is None for entry in rest)
    noted = sum(bool(_notes(entry, outlook)) for entry in rest) if outlook.findings else 0
    looking = sum(_is_looking(entry, outlook) for entry in rest) if outlook.findings else 0
    if not wrong and not noted and not looking:
        return "all fine"
    fine = len(rest) - wrong - noted - looking
    parts = [(fine, "fine"), (noted, "with notes"), (wrong, "wrong"), (looking, "looking …")]
    return ", ".join(f"{count:,} {words}" for count, words in parts if count)


def _notes(entry: Entry, outlook: Outlook) -> list[str]:
    """Words what the user should know about an entry; empty if all is well."""
    finding = outlook.findings.get(entry.url) if entry.url is not None else None
    return notes(finding, free_bytes=outlook.free_bytes) if finding else []


def _is_looking(entry: Entry, outlook: Outlook) -> bool:
    """Tells whether nothing is known of an entry yet, but soon may be."""
    finding = outlook.findings.get(entry.url) if entry.url is not None else None
    return finding is not None and finding.look is Look.WAITING and not _notes(entry, outlook)


def _kind(entry: Entry, outlook: Outlook) -> str:
    finding = outlook.findings.get(entry.url or "")
    answer = finding.answer if finding else None
    return kind_words(answer.media_type, answer.filename) if answer and answer.reason is None else ""


def _card(entry: Entry, outlook: Outlook, *, kind: str, kind_cells: int, width: int) -> list[Line]:
    """Lays out one card: name, size and kind, and below what was found."""
    room = width - _MARK_CELLS
    if entry.url is None:
        return [(("✗ ", Role.BAD), (_fitting_reason(entry.reason or "", room), Role.PLAIN))]
    host, noted = host_of(entry.url), _notes(entry, outlook)
    finding = outlook.findings.get(entry.url)
    mark = _mark(finding, noted)
    name = safe(_name(entry.url, finding, outlook))
    if _height(entry, outlook) == 1:
        shown = clip_end(host, max(0, room - _NAME_CELLS_MIN - _GAP))
        fitting = clipped(name, room - cell_len(shown) - _GAP).rstrip()
        return [spread([mark, (fitting, Role.PLAIN)], (shown, Role.QUIET), width=width)]
    right = _size(finding)
    if kind_cells:
        right += "   " + clip_end(kind, kind_cells).ljust(kind_cells)
    fitting = clipped(name, max(_NAME_CELLS_MIN, room - cell_len(right) - _GAP)).rstrip()
    first = spread([mark, (fitting, Role.PLAIN)], (right, Role.PLAIN), width=width)
    second = _second(finding, noted, host=host, chosen=outlook.filename is not None)
    return [first, line(clip_end(f"  {second}", width), Role.QUIET)]


def _mark(finding: Finding | None, noted: Sequence[str]) -> Part:
    """Chooses the mark: a dot while the look runs."""
    if noted:
        return "! ", Role.WAIT
    if finding is not None and finding.look is Look.WAITING:
        return "· ", Role.QUIET
    return "✓ ", Role.GOOD


def _name(url: str, finding: Finding | None, outlook: Outlook) -> str:
    """Chooses the name: the user's, else the server's, else the URL's."""
    answer = finding.answer if finding else None
    return outlook.filename or (answer.filename if answer else None) or name_from_url(url)


def _size(finding: Finding | None) -> str:
    """Words the size, right-aligned; blank while there is no answer."""
    answer = finding.answer if finding else None
    known = answer is not None and answer.reason is None
    return f"{format_bytes(answer.bytes_expected) if answer is not None and known else '':>{_SIZE_CELLS}}"


def _second(finding: Finding | None, noted: Sequence[str], *, host: str, chosen: bool) -> str:
    """Words the second line of a card."""
    if finding is not None and finding.answer is not None and finding.answer.reason is None:
        found = facts(finding.answer, host=host)
        return " · ".join([*noted, *(found[1:] if chosen or noted else found)])
    looks = finding is not None and finding.look is Look.WAITING
    return " · ".join([*noted, host, *(["looking …"] if looks else [])])


def command_words(entries: Entries) -> str:
    """Words what commands said beside their URLs; empty if there was none. No field is shown: it may be secret."""
    left_out = list(dict.fromkeys(each for entry in entries.entries for each in entry.left_out))
    most = max((len(entry.fields) for entry in entries.entries), default=0)
    sent = [f"{counted(most, 'field')} sent along, not shown"] if most else []
    return " · ".join(sent + left_out)


def _fitting_reason(reason: str, room: int) -> str:
    """Shortens the quoted word of a reason, so that the reason itself can be read."""
    quoted, quote, rest = reason.partition("”")
    if cell_len(reason) <= room or not quote:
        return clip_end(reason, room)
    return clip_end(clip_end(quoted, max(8, room - cell_len(rest) - 1)) + quote + rest, room)


def name_from_url(url: str) -> str:
    """Returns the name a URL suggests, safe to print: the last part of its path, else its host."""
    segment = urlsplit(url).path.rstrip("/").rpartition("/")[2]
    return safe(unquote(segment)) or host_of(url)
