"""Faults in range handling, each seen at a real server: ignored, shifted, mislabelled, stale ranges.

Must never do I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.support.fault import Exchange, Fault
from tests.support.reply import Reply, plain_reply, resolve_range
from tests.support.request import Request


@dataclass(frozen=True, slots=True)
class IgnoreRange(Fault):
    """Knows no ranges: always 200 and the whole body, no `Accept-Ranges`."""

    announced: bool = False
    """Leave `Accept-Ranges: bytes` in the reply all the same."""

    def hear(self, request: Request) -> Request:
        """Overhear `Range`."""
        return request.without("Range")

    def answer(self, exchange: Exchange) -> Reply:
        """Do not advertise ranges."""
        return exchange.reply if self.announced else exchange.reply.with_field("Accept-Ranges", None)


@dataclass(frozen=True, slots=True)
class IgnoreIfRange(Fault):
    """Answers 206 to a stale `If-Range`, with the present validators."""

    def hear(self, request: Request) -> Request:
        """Overhear `If-Range`."""
        return request.without("If-Range")


@dataclass(frozen=True, slots=True)
class BareRange(Fault):
    """Sends 206 without `ETag` and `Last-Modified`."""

    def answer(self, exchange: Exchange) -> Reply:
        """Remove the validators of a 206."""
        reply = exchange.reply
        return reply.with_field("ETag", None).with_field("Last-Modified", None) if reply.status == 206 else reply


@dataclass(frozen=True, slots=True)
class ShiftedRange(Fault):
    """Sends 206 for another range than the one asked, labelled truthfully."""

    shift: int = 1000
    """By how many bytes; the end of the object limits both ends."""

    def answer(self, exchange: Exchange) -> Reply:
        """Send another part."""
        if exchange.reply.status != 206:
            return exchange.reply
        size = len(exchange.resource.content)
        start, stop = _sent_range(exchange)
        start, stop = max(0, min(start + self.shift, size - 1)), max(1, min(stop + self.shift, size))
        part = replace(exchange.reply, body=memoryview(exchange.resource.content)[start:stop])
        return part.with_field("Content-Range", f"bytes {start}-{stop - 1}/{size}")


@dataclass(frozen=True, slots=True)
class WrongTotal(Fault):
    """Sends the right part with another complete length."""

    difference: int = 4096
    """What is added to the true complete length."""

    def answer(self, exchange: Exchange) -> Reply:
        """Falsify Content-Range."""
        return _with_total(exchange, str(len(exchange.resource.content) + self.difference))


@dataclass(frozen=True, slots=True)
class UnknownTotal(Fault):
    """Sends the right part with `*` as complete length, which is allowed."""

    def answer(self, exchange: Exchange) -> Reply:
        """Hide the complete length."""
        return _with_total(exchange, "*")


@dataclass(frozen=True, slots=True)
class WholeBodyIn206(Fault):
    """Labels the reply as the range asked, but sends the whole object."""

    def answer(self, exchange: Exchange) -> Reply:
        """Send everything."""
        reply = exchange.reply
        return replace(reply, body=exchange.resource.content) if reply.status == 206 else reply


@dataclass(frozen=True, slots=True)
class Unsatisfiable(Fault):
    """Refuses every range with 416, though the object has it."""

    total: int | None = None
    """The complete length it names; None names the true one."""

    def answer(self, exchange: Exchange) -> Reply:
        """Replace the 206."""
        if exchange.reply.status != 206:
            return exchange.reply
        total = len(exchange.resource.content) if self.total is None else self.total
        named = (("Content-Range", f"bytes */{total}"), *exchange.resource.validator_fields)
        return replace(plain_reply(416, named, b"no such range\n"), manner=exchange.reply.manner)


@dataclass(frozen=True, slots=True)
class PartialIn200(Fault):
    """Sends the part asked, with Content-Range, as 200."""

    def answer(self, exchange: Exchange) -> Reply:
        """Falsify the status."""
        reply = exchange.reply
        return replace(reply, status=200) if reply.status == 206 else reply


def _sent_range(exchange: Exchange) -> tuple[int, int]:
    asked = exchange.request.asked_range
    assert asked is not None, "a 206 answers a range"
    return resolve_range(asked, len(exchange.resource.content))


def _with_total(exchange: Exchange, total: str) -> Reply:
    if exchange.reply.status != 206:
        return exchange.reply
    start, stop = _sent_range(exchange)
    return exchange.reply.with_field("Content-Range", f"bytes {start}-{stop - 1}/{total}")
