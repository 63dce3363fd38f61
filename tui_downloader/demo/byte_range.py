"""Which bytes of a file a request asks for (RFC 9110 section 14).

Owns the fields Range and If-Range on the server's side. Must never touch a socket or a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPEC = re.compile(r"[ \t]*bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.ASCII | re.IGNORECASE)
"""One range; 18 digits are enough for every file, and no number grows without bound."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The bytes that answer a request."""

    start: int
    """The first byte."""
    stop: int
    """The byte after the last one."""
    partial: bool
    """Whether the answer is 206 and names its range; else it is 200 with the entire file."""


def select(range_field: str | None, complete_length: int) -> Selection | None:
    """Return which bytes a request gets, or None if the range cannot be satisfied (416).

    A field that is not understood, and one that asks for several ranges, is as good as none: a server
    may ignore any Range (RFC 9110 section 14.2).

    Args:
        range_field: The value of the field Range, None without one.
        complete_length: The size of the file in bytes.
    """
    everything = Selection(0, complete_length, partial=False)
    match = _SPEC.fullmatch(range_field) if range_field is not None else None
    if match is None or match.group(1, 2) == ("", ""):
        return everything
    first, last = match.group(1, 2)
    if first == "":
        start, stop = max(0, complete_length - int(last)), complete_length
    else:
        start, stop = int(first), complete_length
        if last != "":
            if int(last) < start:
                return everything
            stop = min(stop, int(last) + 1)
    return Selection(start, stop, partial=True) if start < stop else None


def holds(if_range_field: str | None, *, etag: str, last_modified: str) -> bool:
    """Return whether the file is still the one that the client has a part of (RFC 9110 section 13.1.5).

    Args:
        if_range_field: The value of the field If-Range; None, without one, makes no condition.
        etag: The file's strong entity tag; a weak one in the field never equals it.
        last_modified: The file's Last-Modified, which must be met exactly.
    """
    return if_range_field is None or if_range_field.strip() in {etag, last_modified}
