"""What a paste into the Add form becomes: one URL a line, and what else was said about each.

Owns the choice between a command, a list and prose. Must never leave a secret of a command in the text: its fields
stand beside the text, for its URLs only.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tui_downloader.model.display_text import safe
from tui_downloader.model.request import URL_LENGTH_MAX
from tui_downloader.tui.adding.curl import COMMAND, Command, RefusedCommandError, read_command
from tui_downloader.tui.adding.links import links_in, trimmed
from tui_downloader.tui.adding.lists import is_path

_WORD = re.compile(r"\S*(?:://|\w\.\w)\S*")
"""A word that may be meant as a URL."""
_LINE_MAX = 4096


@dataclass(frozen=True, slots=True)
class Meaning:
    """What stands behind a line that was a command."""

    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Request fields for its URL; may hold secrets."""
    left_out: tuple[str, ...] = ()
    """Options that are not followed."""
    reason: str | None = None
    """Why the command is not taken; `None` if it is."""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A paste, made fit for the text field."""

    text: str = field(repr=False)
    """One word a line, nothing a terminal would act on."""
    meanings: dict[str, Meaning] = field(default_factory=dict, repr=False)
    """What commands said, by the line that stands for them."""
    command: Command | None = None
    """The command, if the paste is one alone."""


def read_paste(text: str) -> Pasted:
    """Reads a paste.

    Args:
        text: What the terminal handed over.
    """
    lines: list[str] = []
    meanings: dict[str, Meaning] = {}
    commands: list[Command] = []
    for part in parts_of(text):
        if isinstance(part, str):
            lines += _lines(part)
        elif isinstance(part, Command):
            commands.append(part)
            for url in part.urls:
                line = safe(url[: URL_LENGTH_MAX + 1])
                lines.append(line)
                meanings[line] = Meaning(part.fields, part.left_out)
        else:
            lines.append(part.stand_in)
            meanings[part.stand_in] = Meaning(reason=str(part))
    alone = commands[0] if len(commands) == 1 and len(lines) == len(commands[0].urls) else None
    return Pasted("\n".join(lines), meanings, alone)


def parts_of(text: str) -> Iterator[str | Command | RefusedCommandError]:
    """Yields a text in parts: commands as they were read, and what stands between them."""
    if "curl" not in text and "CURL" not in text:
        yield text
        return
    at = 0
    while (match := COMMAND.search(text, at)) is not None:
        if text[at : match.start()].strip():
            yield text[at : match.start()]
        begin = match.start() + len(match[0]) - len(match[0].lstrip(" \t$%>#"))
        try:
            command, length = read_command(text[begin:])
            yield command
        except RefusedCommandError as error:
            yield error
            length = _length_of_refused(text[begin:])
        at = begin + max(1, length)
    if text[at:].strip():
        yield text[at:]


def _length_of_refused(text: str) -> int:
    """Returns how far a command goes that was not understood: to where another one begins, or to the end."""
    following = COMMAND.search(text, 4)
    return following.start() if following else len(text)


def _lines(text: str) -> list[str]:
    """Returns the paths of a text as they are, and the words that count of what stands between them."""
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    found: list[str] = []
    for are_paths, group in itertools.groupby(rows, is_path):
        together = list(group)
        found += [safe(row[:_LINE_MAX]) for row in together] if are_paths else _words(together)
    return found


def _words(rows: Sequence[str]) -> list[str]:
    """Chooses the words of a text: all of them if it is a list, the links only if it is prose."""
    text = "\n".join(rows)
    words = text.split()
    links = [] if all(" " not in row and "\t" not in row for row in rows) else links_in(text)
    if not links or ("<" not in text and all(map(_WORD.fullmatch, words))):
        return [safe(trimmed(word[: URL_LENGTH_MAX + 1])) for word in words]
    return links
