"""What the test server answers, and what a healthy server answers to a request (RFC 9110).

Owns the reply value, how it is to be sent, and the faultless semantics: validators, `If-Range` by strong
comparison, single ranges, 416. Pure; sending is `delivery`. Must never import the package under test.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from email.utils import formatdate
from enum import Enum, auto
from http import HTTPStatus

from tests.support.request import Request
from tests.support.resource import Fields, Resource


class Framing(Enum):
    """How the client learns where the body ends (RFC 9112, 6)."""

    LENGTH = auto()
    CHUNKED = auto()
    CLOSE = auto()


class Cut(Enum):
    """What happens when `Manner.cut_after` body bytes are sent."""

    FIN = auto()
    RESET = auto()
    STALL = auto()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a reply is sent."""

    wait_seconds: float | None = 0.0
    """Silence before the first byte; None waits for the gate."""
    head_drip_seconds: float = 0.0
    """Pause after each byte of the head; 0 sends it at once."""
    body_drip_seconds: float = 0.0
    """Pause after each byte of the body; 0 sends larger pieces."""
    bytes_per_second: float | None = None
    """Pace of the body; None is as fast as possible."""
    burst_seconds: float = 0.02
    """How much of the pace is sent at once."""
    paced_until_release: bool = False
    """Whether the open gate lifts the pace."""
    cut_after: int | None = None
    """Body bytes after which `cut` happens; not reached, not done. None never cuts."""
    cut: Cut = Cut.FIN
    """What happens there."""
    close: bool = False
    """Close the connection after this reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, complete before its first byte is sent."""

    status: int
    """Status code."""
    fields: Fields
    """All fields except those of the framing."""
    body: bytes | memoryview = b""
    """The bytes after the head."""
    framing: Framing = Framing.LENGTH
    """How its end is marked."""
    declared_length: int | None = None
    """`Content-Length` to claim; None claims the true one."""
    raw: bytes | None = None
    """Sent instead of everything above, then the connection is closed; None for a real reply."""
    manner: Manner = Manner()
    """How it is sent."""

    def sent(self, **manner: object) -> Reply:
        """Return this reply with fields of its manner changed."""
        return replace(self, manner=replace(self.manner, **manner))  # type: ignore[arg-type]  # names are ours

    def field(self, name: str) -> str | bytes | None:
        """Return the first value of a field, None if absent."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    def with_field(self, name: str, value: str | bytes | None) -> Reply:
        """Return this reply with all fields of this name replaced by one; None removes them."""
        kept = tuple(pair for pair in self.fields if pair[0].lower() != name.lower())
        return replace(self, fields=kept if value is None else (*kept, (name, value)))

    @property
    def head(self) -> bytes:
        """Status line, fields and blank line as sent."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {phrase}".encode()]
        for name, value in self.fields + self._framing_fields():
            lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
        return b"\r\n".join([*lines, b"", b""])

    def _framing_fields(self) -> Fields:
        fields: Fields = ()
        if self.framing is Framing.CHUNKED:
            fields = (("Transfer-Encoding", "chunked"),)
        elif self.framing is Framing.LENGTH:
            length = len(self.body) if self.declared_length is None else self.declared_length
            fields = (("Content-Length", str(length)),)
        return (*fields, ("Connection", "close")) if self.manner.close else fields


def plain_reply(status: int, fields: Fields = (), body: bytes = b"") -> Reply:
    """Return a reply that is not about an object: errors, redirects."""
    return Reply(status, (("Date", formatdate(usegmt=True)), *fields), body)


def healthy_reply(request: Request, resource: Resource) -> Reply:
    """Return what a correct server answers to GET and HEAD (RFC 9110, 13.1.5 and 14)."""
    common = (("Date", formatdate(usegmt=True)), ("Accept-Ranges", "bytes"), *resource.content_fields)
    whole = Reply(200, common, resource.content)
    asked = request.asked_range
    if request.method != "GET" or asked is None or not _if_range_holds(request, resource):
        return whole
    size = len(resource.content)
    start, stop = resolve_range(asked, size)
    if start >= stop:
        refused = plain_reply(416, (("Content-Range", f"bytes */{size}"), *resource.validator_fields))
        return replace(refused, body=b"range not satisfiable\n")
    part = Reply(206, common, memoryview(resource.content)[start:stop])
    return part.with_field("Content-Range", f"bytes {start}-{stop - 1}/{size}")


def resolve_range(asked: tuple[int, int | None], size: int) -> tuple[int, int]:
    """Return an asked range within an object of `size` bytes; empty (start >= stop) if unsatisfiable."""
    start, stop = asked
    if start < 0:
        return max(0, size + start), size
    return start, size if stop is None else min(stop, size)


def _if_range_holds(request: Request, resource: Resource) -> bool:
    """Whether the condition is absent or true; weak tags and recent dates never match (RFC 9110, 13.1.5)."""
    wanted = request.field("If-Range")
    if wanted is None:
        return True
    if wanted.startswith('"'):
        return wanted.encode("latin-1") == (resource.etag or "").encode()
    old_enough = resource.last_modified is not None and resource.last_modified <= time.time() - 60
    return old_enough and wanted == resource.last_modified_text
