"""What was typed into the Add form: words become URLs, or reasons why not.

Owns the reading of the text and the choice of the lines that are shown. Must never do I/O: it runs in a thread
and in tests alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from rich.cells import cell_len

from tui_downloader.errors import InvalidUrlError
from tui_downloader.model.display_text import safe
from tui_downloader.model.request import checked_url, host_of
from tui_downloader.tui.detail_words import counted
from tui_downloader.tui.styled_line import Line, Role, clip_end, line, spread
from tui_downloader.tui.widgets.row import clipped

ENTRIES_SHOWN = 6
"""Most entries that get a line; the rest is summed up."""

_UNPRINTABLE = "\ufffd"
_MARK_CELLS = 2
_HOST_GAP = 2
_NAME_CELLS_MIN = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One word of the text."""

    word: str = field(repr=False)
    """As it was typed; may hold secrets."""
    url: str | None = field(repr=False)
    """The URL it stands for; `None` if it cannot be downloaded."""
    reason: str | None = None
    """Why it cannot be downloaded, one sentence; `None` if it can."""


@dataclass(frozen=True, slots=True)
class Entries:
    """All words of the text, in their order, each once."""

    text: str = field(default="", repr=False)
    """What was read."""
    entries: tuple[Entry, ...] = ()
    """The words."""
    repeated: int = 0
    """Words that stood there before."""

    @property
    def urls(self) -> list[str]:
        """The URLs that can be downloaded."""
        return [entry.url for entry in self.entries if entry.url is not None]

    @property
    def wrong(self) -> list[str]:
        """The words that cannot, as they were typed."""
        return [entry.word for entry in self.entries if entry.url is None]


def parse_entries(text: str) -> Entries:
    """Reads the text: blanks and line ends separate URLs, no scheme means https.

    Args:
        text: Whatever the user typed or pasted.
    """
    words = text.split()
    entries = tuple(_entry(word) for word in dict.fromkeys(words))
    return Entries(text, entries, len(words) - len(entries))


def _entry(word: str) -> Entry:
    """Checks one word."""
    if _UNPRINTABLE in word:
        return Entry(word, None, f"“{clip_end(safe(word), 60)}” contains characters that cannot be printed.")
    try:
        return Entry(word, checked_url(word))
    except InvalidUrlError as error:
        return Entry(word, None, str(error))


def count_words(entries: Entries) -> str:
    """Words how many downloads the text makes: `2 downloads`, `1 of 2 downloads`, `2 downloads, 1 repeated`."""
    fine, every = len(entries.urls), len(entries.entries)
    words = counted(every, "download")
    shown = words if fine == every else f"{fine:,} of {words}"
    return f"{shown}, {entries.repeated:,} repeated" if entries.repeated else shown


def add_words(entries: Entries) -> str:
    """Words the button: `Add 2`, `Add 1 of 2`, `Add` while there is nothing."""
    fine, every = len(entries.urls), len(entries.entries)
    if not every:
        return "Add"
    return f"Add {fine:,}" if fine == every else f"Add {fine:,} of {every:,}"


def entry_lines(entries: Entries, *, width: int, most: int = ENTRIES_SHOWN) -> list[Line]:
    """Lays out one line for each entry, and one that sums up those that do not fit.

    Wrong entries come first into the choice, so that none hides behind the fine ones; the order stays the text's.

    Args:
        entries: What was read.
        width: Cells of a line.
        most: Most entries shown, at least 1.
    """
    every = entries.entries
    shown = _chosen(every, max(1, most))
    lines = [_entry_line(every[at], width=width) for at in shown]
    hidden = len(every) - len(shown)
    if hidden:
        wrong = len(entries.wrong) - sum(every[at].url is None for at in shown)
        parts = f"{hidden - wrong:,} fine, {wrong:,} wrong" if wrong else "all fine"
        lines.append(line(clip_end(f"  and {hidden:,} more ({parts})", width), Role.QUIET))
    return lines


def _chosen(every: Sequence[Entry], most: int) -> list[int]:
    """Chooses the places of the entries that are shown."""
    if len(every) <= most:
        return list(range(len(every)))
    wrong = [at for at, entry in enumerate(every) if entry.url is None][:most]
    fine = (at for at, entry in enumerate(every) if entry.url is not None)
    return sorted([*wrong, *(at for at, _ in zip(fine, range(most - len(wrong)), strict=False))])


def _entry_line(entry: Entry, *, width: int) -> Line:
    """Lays out one entry: name and host, or the reason why it cannot be downloaded."""
    room = width - _MARK_CELLS
    if entry.url is None:
        return (("✗ ", Role.BAD), (_fitting_reason(entry.reason or "", room), Role.PLAIN))
    host = clip_end(host_of(entry.url), max(0, room - _NAME_CELLS_MIN - _HOST_GAP))
    name = clipped(name_from_url(entry.url), room - cell_len(host) - _HOST_GAP).rstrip()
    return spread([("✓ ", Role.GOOD), (name, Role.PLAIN)], (host, Role.QUIET), width=width)


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
