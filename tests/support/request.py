"""A request as the test server read it.

Owns reading a request head from bytes, and the range asked. Must never import the package under test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

_SINGLE_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Request:
    """One request and where it stands among the others."""

    method: str
    """The method, as sent."""
    target: str
    """The request target, as sent (origin form, or absolute form when the server plays a proxy)."""
    fields: tuple[tuple[str, str], ...]
    """Header fields in order, names as sent, values as Latin-1 text without outer blanks."""
    keep_alive: bool
    """Whether the client allows another request on this connection."""
    connection_number: int
    """Which connection of the server it came on, from 1."""
    number: int = 0
    """Which request to this path it is, from 1; 0 before the path is known."""
    in_flight: int = 0
    """How many requests to this path are being answered, this one included."""

    @property
    def origin_form(self) -> str:
        """Path and query, also of an absolute-form target."""
        if self.target.startswith("/"):
            return self.target
        parts = urlsplit(self.target)
        return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.origin_form.partition("?")[0]

    def field(self, name: str) -> str | None:
        """Return the first value of a field, names compared without case; None if absent."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def without(self, name: str) -> Request:
        """Return the request as a server sees it that does not know this field."""
        return replace(self, fields=tuple(pair for pair in self.fields if pair[0].lower() != name.lower()))

    @property
    def asked_range(self) -> tuple[int, int | None] | None:
        """The single range asked, half-open.

        `bytes=5-9` is (5, 10), `bytes=5-` is (5, None), the suffix `bytes=-5` is (-5, None). None without
        a `Range`, or with one that is malformed or has several parts.
        """
        match = _SINGLE_RANGE.fullmatch(self.field("Range") or "")
        if match is None or not any(match.groups()):
            return None
        first, last = match.groups()
        if not first:
            return (-int(last), None) if int(last) else None
        stop = int(last) + 1 if last else None
        return None if stop is not None and stop <= int(first) else (int(first), stop)


def parse_head(head: bytes, *, connection_number: int) -> Request | None:
    """Read a request head (without the final blank line); None if it is none."""
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    pairs = (line.partition(":") for line in lines)
    fields = tuple((name, value.strip()) for name, _, value in pairs)
    tokens = {value.lower() for name, value in fields if name.lower() == "connection"}
    return Request(
        words[0],
        words[1],
        fields,
        keep_alive=words[2] == "HTTP/1.1" and "close" not in tokens,
        connection_number=connection_number,
    )
