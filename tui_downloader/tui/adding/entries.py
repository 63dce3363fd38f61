"""What stands in the Add form: words become URLs, or reasons why not.

Owns the reading of the text. Must never do I/O: it runs in a thread and in tests alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tui_downloader.errors import InvalidInputError
from tui_downloader.model.display_text import safe
from tui_downloader.model.request import checked_url
from tui_downloader.tui.adding.curl import Command, RefusedCommandError
from tui_downloader.tui.adding.links import trimmed
from tui_downloader.tui.adding.lists import UrlList
from tui_downloader.tui.adding.pasted import Meaning, parts_of
from tui_downloader.tui.adding.ranges import expanded
from tui_downloader.tui.detail_words import counted
from tui_downloader.tui.styled_line import clip_end

_UNPRINTABLE = "\ufffd"
_QUOTED_CELLS = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """One download that the text asks for, or one thing in it that is none."""

    word: str = field(repr=False)
    """As it was typed; may hold secrets."""
    url: str | None = field(repr=False)
    """The URL it stands for; `None` if it cannot be downloaded."""
    reason: str | None = None
    """Why it cannot be downloaded, one sentence; `None` if it can."""
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Request fields that a command gave for it; may hold secrets."""
    left_out: tuple[str, ...] = ()
    """Options of the command that are not followed."""


@dataclass(frozen=True, slots=True)
class Entries:
    """All that the text asks for, in its order, each once."""

    text: str = field(default="", repr=False)
    """What was read."""
    meanings: Mapping[str, Meaning] = field(default_factory=dict, repr=False)
    """What stood behind its lines."""
    entries: tuple[Entry, ...] = ()
    """One for each download."""
    repeated: int = 0
    """How many stood there before."""
    sources: tuple[str, ...] = ()
    """Ranges and lists that stand for several: `img[001-120].jpg`, `urls.txt`; safe to print."""

    @property
    def fine(self) -> list[Entry]:
        """Those that can be downloaded."""
        return [entry for entry in self.entries if entry.url is not None]

    @property
    def urls(self) -> list[str]:
        """The URLs that can be downloaded."""
        return [entry.url for entry in self.entries if entry.url is not None]

    @property
    def wrong(self) -> list[str]:
        """The words that cannot, as they were typed."""
        return list(dict.fromkeys(entry.word for entry in self.entries if entry.url is None))


def parse_entries(
    text: str,
    meanings: Mapping[str, Meaning] | None = None,
    lists: Mapping[str, UrlList] | None = None,
    known: Entries | None = None,
) -> Entries:
    """Reads the text: blanks and line ends separate URLs, no scheme means https.

    Args:
        text: What stands in the form.
        meanings: What commands said that were pasted, by the line that stands for them.
        lists: Files that lines name, already read.
        known: What stood there before: words that are still there are not checked again.
    """
    before = known.entries if known is not None else ()
    checked = {each.word: each for each in before if each.url is not None and not each.fields}
    reader = _Reader(meanings or {}, lists or {}, checked)
    once: dict[str, Entry] = {}
    repeated = 0
    for entry in reader.read(text):
        key = entry.url or entry.word
        repeated += key in once
        once.setdefault(key, entry)
    sources = tuple(dict.fromkeys(reader.sources))
    return Entries(text, meanings or {}, tuple(once.values()), repeated, sources)


class _Reader:
    """Reads one text."""

    def __init__(
        self, meanings: Mapping[str, Meaning], lists: Mapping[str, UrlList], checked: Mapping[str, Entry]
    ) -> None:
        self._meanings = meanings
        self._lists = lists
        self._checked = checked
        self.sources: list[str] = []

    def read(self, text: str) -> Iterator[Entry]:
        """Yields an entry for each download, and for each thing that is none."""
        stand_ins = [line for line, meaning in self._meanings.items() if meaning.reason is not None]
        for line in stand_ins:
            if line in text:
                text = "\n".join(self._without(text, line))
                yield Entry(line, None, self._meanings[line].reason)
        for part in parts_of(text):
            if isinstance(part, Command):
                for url in part.urls:
                    yield from self._word(url, Meaning(part.fields, part.left_out))
            elif isinstance(part, RefusedCommandError):
                yield Entry(part.stand_in, None, str(part))
            else:
                for line in part.splitlines():
                    yield from self._line(line.strip())

    @staticmethod
    def _without(text: str, line: str) -> Iterator[str]:
        return (each for each in text.splitlines() if each.strip() != line)

    def _line(self, line: str) -> Iterator[Entry]:
        """Reads one line: the path of a list, or words."""
        listed = self._lists.get(line)
        if listed is None:
            for word in line.split():
                meaning, checked = self._meanings.get(word), self._checked.get(word)
                if checked is not None and meaning is None:
                    yield checked
                else:
                    yield from self._word(trimmed(word), meaning)
        elif listed.problem is not None:
            yield Entry(line, None, listed.problem)
        else:
            self.sources.append(listed.name)
            for number, row in listed.rows:
                yield _entry(row, None, place=f"{listed.name}, line {number}: ")

    def _word(self, word: str, meaning: Meaning | None) -> Iterator[Entry]:
        """Reads one word, which may stand for several URLs."""
        urls = None
        if "[" in word or "{" in word:
            try:
                urls = expanded(word)
            except InvalidInputError as error:
                yield Entry(word, None, f"“{clip_end(safe(word), _QUOTED_CELLS)}” {error}")
                return
        if urls is None:
            yield _entry(word, meaning)
            return
        first = _entry(urls[0], meaning)
        if first.url is None:
            yield _entry(word, meaning)
            return
        self.sources.append(safe(word.partition("?")[0].rpartition("/")[2] or word))
        for url in urls:
            yield _entry(url, meaning)


def _entry(word: str, meaning: Meaning | None, *, place: str = "") -> Entry:
    """Checks one word."""
    if _UNPRINTABLE in word:
        shown = clip_end(safe(word), _QUOTED_CELLS)
        return Entry(word, None, f"{place}“{shown}” contains characters that cannot be printed.")
    try:
        url = checked_url(word)
    except InvalidInputError as error:
        return Entry(word, None, f"{place}{error}")
    if meaning is None:
        return Entry(word, url)
    return Entry(word, url, fields=meaning.fields, left_out=meaning.left_out)


def count_words(entries: Entries) -> str:
    """Words how many downloads the text makes: `1 of 2 downloads`, `120 downloads from urls.txt`."""
    fine, every = len(entries.urls), len(entries.entries)
    words = counted(every, "download")
    shown = words if fine == every else f"{fine:,} of {words}"
    if len(entries.sources) == 1:
        shown = f"{shown} from {clip_end(entries.sources[0], 30)}"
    return f"{shown}, {entries.repeated:,} repeated" if entries.repeated else shown


def add_words(entries: Entries) -> str:
    """Words the button: `Add 2`, `Add 1 of 2`, `Add` while there is nothing."""
    fine, every = len(entries.urls), len(entries.entries)
    if not every:
        return "Add"
    return f"Add {fine:,}" if fine == every else f"Add {fine:,} of {every:,}"
