"""Ranges in a URL: `img[001-120].jpg`, `[a-z]`, `[0-100:10]`, `{a,b}`, as curl writes them.

Owns how many URLs one stands for and which. Must never make a list before it is known how long it is.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence

from tui_downloader.errors import InvalidInputError

URLS_MAX = 10_000
"""Most URLs that one line may stand for."""

_DIGITS_MAX = 12
_RANGE = re.compile(
    rf"\[(?:([0-9]{{1,{_DIGITS_MAX}}})-([0-9]{{1,{_DIGITS_MAX}}})|([a-z])-([a-z])|([A-Z])-([A-Z]))(?::([0-9]{{1,{_DIGITS_MAX}}}))?\]"
    r"|\{([^{}\[\]\s]*,[^{}\[\]\s]*)\}"
)
"""A numeric or alphabetic range with a step, or a list of alternatives; `[::1]` is neither."""
_LOGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*@")

Choices = Sequence[str]
"""What may stand at one place."""


class _Numbers(Sequence[str]):
    """Numbers from one to another, as text; none is made before it is asked for."""

    def __init__(self, numbers: range, width: int) -> None:
        self._numbers = numbers
        self._width = width

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, at: int) -> str:  # type: ignore[override]  # no slices are taken
        return f"{self._numbers[at]:0{self._width}d}"


def expanded(url: str) -> list[str] | None:
    """Returns the URLs that one with ranges stands for, the last range first.

    Args:
        url: As it was typed; a login in it is no range.

    Returns:
        At most `URLS_MAX`; `None` if there is no range in it.

    Raises:
        InvalidInputError: A range runs backwards, or they are too many; the sentence says so without the URL.
    """
    login = _LOGIN.match(url)
    begin = login.end() if login else 0
    texts, choices = [url[:begin]], []
    at = begin
    for match in _RANGE.finditer(url, begin):
        texts[-1] += url[at : match.start()]
        choices.append(_choices(match))
        texts.append("")
        at = match.end()
    if not choices:
        return None
    texts[-1] += url[at:]
    count = math.prod(map(len, choices))
    if count > URLS_MAX:
        raise InvalidInputError(f"makes {count:,} downloads: at most {URLS_MAX:,} at once.")
    return list(_joined(texts, choices))


def _joined(texts: Sequence[str], choices: Sequence[Choices]) -> Iterator[str]:
    for combination in itertools.product(*choices):
        pairs = itertools.zip_longest(texts, combination, fillvalue="")
        yield "".join(text + choice for text, choice in pairs)


def _choices(match: re.Match[str]) -> Choices:
    """Returns what may stand at the place of one range."""
    first, last, lower, lower_last, upper, upper_last, step, alternatives = match.groups()
    if alternatives is not None:
        return list(dict.fromkeys(alternatives.split(",")))
    stride = int(step) if step is not None else 1
    begin, end = (first, last) if first is not None else (lower or upper, lower_last or upper_last)
    numbers = (int(begin), int(end)) if first is not None else (ord(begin), ord(end))
    if numbers[1] < numbers[0] or not stride:
        problem = "has no step" if not stride else "ends before it begins"
        raise InvalidInputError(f"has a range that {problem}: “{match[0]}”; %5B is a plain bracket.")
    counted = range(numbers[0], numbers[1] + 1, stride)
    if first is None:
        return [chr(each) for each in counted]
    return _Numbers(counted, len(first) if first.startswith("0") else 1)
