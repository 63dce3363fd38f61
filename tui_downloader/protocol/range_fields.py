"""`Range` and `Content-Range` (RFC 9110, 14).

Owns the step between inclusive positions on the wire and half-open ranges inside. Must never guess: a
`Content-Range` that is not exactly right places bytes wrongly, so it is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CONTENT_RANGE = re.compile(r"bytes[ \t]+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII | re.IGNORECASE)
_UNSATISFIED_RANGE = re.compile(r"bytes[ \t]+\*/(\d{1,18})", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ContentRange:
    """Where the bytes of a partial response belong, half-open."""

    start: int
    """Offset of the first byte."""
    stop: int
    """Offset after the last byte; above `start`."""
    complete_length: int | None
    """Length of the whole representation, at least `stop`; None if the server does not know it."""


def range_field(first: int, stop: int | None) -> str:
    """Return the field text that asks for the bytes from `first` up to, not including, `stop`.

    Args:
        first: offset of the first byte, from 0.
        stop: offset after the last byte; None asks for everything from `first` on.

    Raises:
        ValueError: the range is empty or negative.
    """
    if first < 0 or (stop is not None and stop <= first):
        raise ValueError(f"no such range: {first} to {stop}")
    return f"bytes={first}-" if stop is None else f"bytes={first}-{stop - 1}"


def parse_content_range(text: str) -> ContentRange | None:
    """Return what a `Content-Range` of a 206 says (RFC 9110, 14.4).

    Returns:
        None if it is malformed, contradicts itself, is in other units or names no bytes.
    """
    match = _CONTENT_RANGE.fullmatch(text.strip(" \t"))
    if match is None:
        return None
    first, last = int(match[1]), int(match[2])
    complete_length = None if match[3] == "*" else int(match[3])
    if last < first or (complete_length is not None and complete_length <= last):
        return None
    return ContentRange(first, last + 1, complete_length)


def parse_unsatisfied_range(text: str) -> int | None:
    """Return the complete length that the `Content-Range` of a 416 tells (`bytes */123`), None if malformed."""
    match = _UNSATISFIED_RANGE.fullmatch(text.strip(" \t"))
    return None if match is None else int(match[1])
