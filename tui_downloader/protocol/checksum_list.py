"""Lists of digests as `sha256sum` and its kin write them: text to lines, and the line that a file is meant by.

Owns the forms `HEX  name`, `HEX *name`, `SHA256 (name) = HEX` and a digest alone. Must never raise on a list's
text: a line that is in no such form (a comment, a signature) is left out. Must never read a file or ask a server.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes, urlsplit

from tui_downloader.model.checksum import DIGEST_BYTES, STRENGTH, algorithm_name
from tui_downloader.protocol.field_text import text_of

LIST_BYTES_MAX = 4 * 1024 * 1024
"""A longer list is not read, in bytes; nobody publishes one, and one who sends it means no good."""

_HEX = "([0-9A-Fa-f]{32,128})"
_PLAIN = re.compile(rf"{_HEX}(?: \*|  |[ \t]+)(.+)", re.DOTALL)
_TAGGED = re.compile(rf"([A-Za-z0-9-]{{2,16}}) ?\((.+)\) ?= ?{_HEX}", re.DOTALL)
_ALONE = re.compile(rf"{_HEX}[ \t]*")
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)
_ESCAPED = {"\\": "\\", "n": "\n", "r": "\r"}
_NAMELESS = frozenset({"", "-"})
_FOLDERS_MAX = 8


@dataclass(frozen=True, slots=True)
class ChecksumLine:
    """One digest of a list."""

    algorithm: str
    """Usual name, as in `sha-256`."""
    value: str
    """Lower-case hexadecimal."""
    name: str | None
    """The name beside it, escapes undone, not safe to print; `None` for a digest that stands alone."""


def parse(text: str) -> list[ChecksumLine]:
    """Reads a list.

    Args:
        text: All of it; `field_text.text_of` makes it of bytes.

    Returns:
        A line for each digest of an algorithm that is checked, in order. Where no algorithm is written, the
        digest's length tells it.
    """
    lines = (_line(each.lstrip(" \t").removesuffix("\r")) for each in text.removeprefix("\ufeff").split("\n"))
    return [each for each in lines if each is not None]


def names_for(url: str, *, requested: str | None = None) -> list[str]:
    """Returns what a list may call the file behind a URL, the likeliest first.

    Args:
        url: The URL as added.
        requested: The name the user asked for; `None` if none.

    Returns:
        The requested name, then the end of the URL's path, percent-decoded, with ever fewer folders.
    """
    try:
        segments = [text_of(unquote_to_bytes(each)) for each in urlsplit(url).path.split("/")]
    except ValueError:
        segments = []  # an impossible host, a lone surrogate
    path = "/".join(segments).strip("/").split("/")[-_FOLDERS_MAX:] if segments and segments[-1] else []
    ends = ["/".join(path[begin:]) for begin in range(len(path))]
    return [each for each in (requested, *ends) if each]


def find(lines: Sequence[ChecksumLine], names: Sequence[str]) -> tuple[str, str] | None:
    """Finds the digest of a file.

    Args:
        lines: The list.
        names: What it may call the file, the likeliest first, as from `names_for`.

    Returns:
        Algorithm and value, of the strongest algorithm listed; `None` if no line is meant, or lines that are meant
        alike disagree. A list that is one digest without a name means any file.
    """
    if len(lines) == 1 and lines[0].name is None:
        return lines[0].algorithm, lines[0].value
    for key in (_path_key, _last_key):
        for name in names:
            found = [each for each in lines if each.name is not None and key(each.name) == _path_key(name)]
            if found:
                return _strongest(found)
    return None


def _line(line: str) -> ChecksumLine | None:
    """Reads one line; `None` if it is in no known form."""
    # A backslash before all of it says that the name has escapes.
    unescaped: Callable[[str], str | None] = _unescaped if line.startswith("\\") else str
    line = line.removeprefix("\\")
    if tagged := _TAGGED.fullmatch(line):
        algorithm = algorithm_name(tagged[1].lower().replace("sha2-", "sha-"))
        value, name = tagged[3].lower(), unescaped(tagged[2])
    elif match := _PLAIN.fullmatch(line) or _ALONE.fullmatch(line):
        value = match[1].lower()
        algorithm = next((each for each, size in DIGEST_BYTES.items() if 2 * size == len(value)), None)
        name = unescaped(match[2]) if match.re is _PLAIN else ""
    else:
        return None
    if algorithm is None or name is None or len(value) != 2 * DIGEST_BYTES[algorithm]:
        return None
    return ChecksumLine(algorithm, value, None if name.strip(" \t") in _NAMELESS else name)


def _unescaped(name: str) -> str | None:
    """Undoes the escapes of a name; `None` if it holds one that does not exist."""
    if any(each not in _ESCAPED for each in _ESCAPE.findall(name)):
        return None
    return _ESCAPE.sub(lambda match: _ESCAPED[match[1]], name)


def _path_key(name: str) -> str:
    """Returns what is equal for names that mean the same path."""
    return unicodedata.normalize("NFC", name).strip(" ").removeprefix("./")


def _last_key(name: str) -> str:
    """Returns what is equal for names of files that are called the same, whatever their folders."""
    return _path_key(name).rpartition("/")[2]


def _strongest(lines: Sequence[ChecksumLine]) -> tuple[str, str] | None:
    """Returns the digest of the strongest algorithm; `None` if there are two of it."""
    algorithm = min((each.algorithm for each in lines), key=STRENGTH.index)
    values = {each.value for each in lines if each.algorithm == algorithm}
    return (algorithm, values.pop()) if len(values) == 1 else None
