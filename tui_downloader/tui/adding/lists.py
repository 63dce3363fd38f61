"""Lists of URLs in text files, named by their path in the Add form.

Owns what counts as a path, and reading the file. `read_list` blocks: never call it on the UI thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from tui_downloader.model.display_text import safe

LIST_BYTES_MAX = 8 * 1024 * 1024
"""A larger file is no list of URLs."""

_PATH = re.compile(r"['\"]?(?:/(?!/)|~[\w-]*/|\.\.?/|file:///)")
_NAME = re.compile(r"[^\s/?#]+\.(?:txt|list|lst|urls)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UrlList:
    """What a file says."""

    name: str
    """Its name, safe to print."""
    rows: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    """Line numbers, from 1, with what stands there."""
    problem: str | None = None
    """Why it cannot be read, one sentence; `None` if it was."""


def is_path(line: str) -> bool:
    """Tells whether a line is meant as the path of a file."""
    return _PATH.match(line) is not None


def read_lists(lines: Iterable[str]) -> dict[str, UrlList]:
    """Reads every file that one of these lines names.

    Args:
        lines: Lines of the form; those that are no paths are passed over, as are names of no file.
    """
    found = {}
    for line in lines:
        stripped = line.strip()
        if is_path(stripped) or (_NAME.fullmatch(stripped) and Path(stripped).is_file()):
            found[stripped] = read_list(stripped)
    return found


def read_list(line: str) -> UrlList:
    """Reads a list: one URL a line; empty lines and lines that begin with `#` are passed over."""
    path = _path(line)
    name = safe(path.name) or safe(line)
    try:
        if not path.is_file():
            problem = "is not a file" if path.exists() else "does not exist"
            return UrlList(name, problem=f"The list “{safe(line)}” {problem}.")
        if path.stat().st_size > LIST_BYTES_MAX:
            return UrlList(name, problem=f"“{name}” is too large for a list of URLs.")
        content = path.read_bytes()
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return UrlList(name, problem=f"The list “{safe(line)}” cannot be read: {safe(reason)}.")
    if b"\0" in content:
        return UrlList(name, problem=f"“{name}” is not a text file.")
    text = content.decode("utf-8-sig", "replace")
    numbered = ((number, row.strip()) for number, row in enumerate(text.split("\n"), start=1))
    return UrlList(name, tuple((number, row) for number, row in numbered if row and not row.startswith("#")))


def _path(line: str) -> Path:
    """Returns the path that a line means: as typed, quoted, with escaped blanks, or as a `file:` URL."""
    text = line
    if text[:1] in {"'", '"'} and text[-1:] == text[:1]:
        text = text[1:-1]
    elif text.startswith("file://"):
        text = unquote(text.removeprefix("file://"))
    else:
        text = re.sub(r"\\(.)", r"\1", text)
    try:
        return Path(text).expanduser().absolute()
    except (RuntimeError, ValueError):
        return Path(text)
