"""`curl …` commands, as browsers' developer tools copy them.

Owns which of curl's options say something about a download, which say nothing, and which ask for something else
than GET. Must never run anything, read a file that an option names, nor let a value of a field into a sentence.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tui_downloader.errors import InvalidInputError
from tui_downloader.model.display_text import safe
from tui_downloader.model.request import checked_field
from tui_downloader.tui.adding import curl_options as options
from tui_downloader.tui.adding.shell_words import ShellSyntaxError, Split, is_for_cmd, split_cmd, split_posix

COMMAND = re.compile(
    r"^[ \t]*(?:[$%>#][ \t]+)?curl(?:\.exe)?"
    r"(?=[ \t]+(?:[-'\"^\\$]|\S*://)|[ \t]*\\?\r?$|[ \t]+\S+[ \t]+-)",
    re.MULTILINE | re.IGNORECASE,
)
"""Where a command begins: in front of an option, a quote or a URL."""

_BRACKETS = {"[": "%5B", "]": "%5D", "{": "%7B", "}": "%7D"}


class RefusedCommandError(InvalidInputError):
    """A command that is not taken; its text is one sentence."""

    def __init__(self, stand_in: str, sentence: str) -> None:
        """Keeps what stands for the command.

        Args:
            stand_in: A short command that is refused for the same reason and holds no secret.
            sentence: Why.
        """
        super().__init__(sentence)
        self.stand_in = stand_in


@dataclass(frozen=True, slots=True)
class Command:
    """What a command asks for."""

    urls: tuple[str, ...] = field(repr=False)
    """Its URLs, not checked."""
    fields: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Request fields; may hold secrets."""
    left_out: tuple[str, ...] = ()
    """Options that are not followed, each with what happens instead."""
    filename: str | None = None
    """The name of `-o`, not checked; `None` if there is none."""
    limit: str | None = None
    """The rate of `--limit-rate`, not checked; `None` if there is none."""


@dataclass(slots=True)
class _Reading:
    """A command while it is read."""

    urls: list[str] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    filename: str | None = None
    limit: str | None = None
    literal: bool = False

    def take(self, option: str, value: str) -> None:
        """Takes an option with its value; raises what refuses it."""
        if option in options.REFUSED:
            raise _refused(f"{option} …", f"{options.REFUSED[option]} ({option})")
        if option in options.LEFT_OUT_WITH_VALUE:
            self.left_out.append(f"{option} left out: {options.LEFT_OUT_WITH_VALUE[option]}")
        elif option in options.FIELDS:
            self.fields.append(checked_field(f"{options.FIELDS[option]}: {value}"))
        else:
            self._take_own(option, value)

    def _take_own(self, option: str, value: str) -> None:
        """Takes an option that is read in its own way; one that says nothing is passed over."""
        match option:
            case "--url" | "":
                self.urls.append(value)
            case "-X" | "--request" if value.strip().upper() != "GET":
                raise _refused(f"-X {_method(value)}", f"asks with {_method(value)}, not with GET")
            case "-H" | "--header":
                self._take_field(value)
            case "-b" | "--cookie":
                self._take_cookie(value)
            case "-u" | "--user":
                login = value if ":" in value else f"{value}:"
                token = base64.b64encode(login.encode()).decode("ascii")
                self.fields.append(("Authorization", f"Basic {token}"))
            case "-o" | "--output":
                self.filename = value if value not in {"-", "/dev/null"} else self.filename
            case "--limit-rate":
                self.limit = value

    def flag(self, option: str) -> None:
        """Takes an option without a value."""
        if option in options.REFUSED_FLAGS:
            raise _refused(option, f"{options.REFUSED_FLAGS[option]} ({option})")
        if option in options.LEFT_OUT:
            self.left_out.append(f"{option} left out: {options.LEFT_OUT[option]}")
        self.literal |= option in {"-g", "--globoff"}

    def _take_field(self, value: str) -> None:
        name, colon, text = value.partition(":")
        if value.startswith("@"):
            self.left_out.append("-H @… left out: no file is read")
        elif colon and text.strip() and name.strip() and name.strip().lower() not in options.OWN:
            self.fields.append(checked_field(value))

    def _take_cookie(self, value: str) -> None:
        if "=" in value:
            self.fields.append(checked_field(f"Cookie: {value}"))
        elif value:
            self.left_out.append("-b left out: no file of cookies is read")


def read_command(text: str) -> tuple[Command, int]:
    """Reads one command at the begin of a text.

    Args:
        text: Begins where `COMMAND` found one.

    Returns:
        What it asks for, and how many characters it took.

    Raises:
        RefusedCommandError: It asks for something else than files with GET, or for more than one program could
            be told.
    """
    try:
        split = split_cmd(text) if is_for_cmd(text.partition("\n")[0] + "\n") else split_posix(text)
    except ShellSyntaxError as error:
        raise RefusedCommandError(f"curl {error.sign}", f"This curl command {error}") from error
    return _command(split), split.length


def _command(split: Split) -> Command:
    """Reads the words of one command."""
    reading = _Reading()
    words = split.words[1:] if split.words[0].lower() in {"curl", "curl.exe"} else split.words[2:]
    try:
        for option, value in _options(words):
            if value is None:
                reading.flag(option)
            else:
                reading.take(option, value)
    except RefusedCommandError:
        raise
    except InvalidInputError as error:
        raise RefusedCommandError("curl -H …", f"This curl command cannot be taken: {error}") from error
    if not reading.urls:
        raise RefusedCommandError("curl -", "This curl command names no URL.")
    urls = [_literal(each) for each in reading.urls] if reading.literal else reading.urls
    return Command(
        tuple(urls),
        tuple(dict.fromkeys(reading.fields)),
        tuple(dict.fromkeys(reading.left_out)),
        reading.filename,
        reading.limit,
    )


def _options(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Yields options with their values; a URL comes with an empty option."""
    left = list(reversed(words))
    while left:
        word = left.pop()
        if not word.startswith("-") or word == "-":
            if word != "-":
                yield "", word
            continue
        name, equals, given = word.partition("=") if word.startswith("--") else (word, "", "")
        option, rest = (name, given if equals else None) if name.startswith("--") else (name[:2], name[2:] or None)
        if option in options.WITHOUT_VALUE:
            if rest and not option.startswith("--"):
                left.append(f"-{rest}")  # several short flags in one word
            yield option, None
        elif option in options.WITH_VALUE:
            if rest is None and not left:
                if option in options.REFUSED:
                    raise _refused(f"{option} …", f"{options.REFUSED[option]} ({option})")
                raise _refused(f"{_shown(option)} …", f"ends after {_shown(option)}")
            yield option, left.pop() if rest is None else rest
        else:
            raise _refused(_shown(option), f"has an option that is not known here: {_shown(option)}")


def _refused(stand_in: str, problem: str) -> RefusedCommandError:
    """Builds the refusal: `This curl command asks with POST, not with GET: only plain GET is taken`."""
    return RefusedCommandError(f"curl {stand_in}", f"This curl command {problem}: only plain GET is taken.")


def _method(value: str) -> str:
    return value.strip().upper() if re.fullmatch(r"\s*[A-Za-z]{1,12}\s*", value) else "…"


def _shown(option: str) -> str:
    """Returns an option for a sentence; a long word that only looks like one may be a secret."""
    return safe(option) if re.fullmatch(r"-[A-Za-z0-9#:]|--[a-z0-9.-]{1,24}", option) else "-…"


def _literal(url: str) -> str:
    """Writes brackets so that they are no ranges, for `--globoff`; a host in brackets stays."""
    scheme, separator, rest = url.partition("://")
    host, slash, path = (rest if separator else url).partition("/")
    encoded = "".join(_BRACKETS.get(character, character) for character in path)
    return f"{scheme}{separator}{host}{slash}{encoded}" if separator else f"{host}{slash}{encoded}"
