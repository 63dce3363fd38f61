"""Faults in the reply itself: other statuses, redirects, wrong or missing framing, monstrous heads.

Must never do I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.support.fault import Exchange, Fault
from tests.support.reply import Cut, Framing, Reply, plain_reply
from tests.support.resource import Fields


@dataclass(frozen=True, slots=True)
class Status(Fault):
    """Answers with a status code instead of the object."""

    code: int
    """The status code."""
    fields: Fields = ()
    """Further fields: `Retry-After`, `WWW-Authenticate`, ..."""
    body: bytes = b"no\n"
    """The body of the answer."""

    def answer(self, exchange: Exchange) -> Reply:
        """Replace the reply, keep how it is sent."""
        return replace(plain_reply(self.code, self.fields, self.body), manner=exchange.reply.manner)


@dataclass(frozen=True, slots=True)
class Redirect(Fault):
    """Sends the client elsewhere."""

    location: str | bytes
    """Field value of `Location`, relative or absolute, right or wrong."""
    status: int = 302
    """The status code."""

    def answer(self, exchange: Exchange) -> Reply:
        """Replace the reply, keep how it is sent."""
        return replace(plain_reply(self.status, (("Location", self.location),)), manner=exchange.reply.manner)


@dataclass(frozen=True, slots=True)
class RedirectLoop(Fault):
    """Sends the client back to the same path, each time with another query."""

    status: int = 302
    """The status code."""

    def answer(self, exchange: Exchange) -> Reply:
        """Replace the reply, keep how it is sent."""
        onward = (("Location", f"{exchange.request.path}?hop={exchange.request.number}"),)
        return replace(plain_reply(self.status, onward), manner=exchange.reply.manner)


@dataclass(frozen=True, slots=True)
class LengthPlus(Fault):
    """Claims a longer body than it sends, then FIN."""

    more: int
    """Bytes claimed too many."""

    def answer(self, exchange: Exchange) -> Reply:
        """Falsify Content-Length."""
        size = len(exchange.reply.body)
        return replace(exchange.reply, declared_length=size + self.more).sent(cut_after=size, cut=Cut.FIN)


@dataclass(frozen=True, slots=True)
class LengthMinus(Fault):
    """Claims a shorter body than it sends, then closes."""

    less: int
    """Bytes claimed too few."""

    def answer(self, exchange: Exchange) -> Reply:
        """Falsify Content-Length."""
        claimed = max(0, len(exchange.reply.body) - self.less)
        return replace(exchange.reply, declared_length=claimed).sent(close=True)


@dataclass(frozen=True, slots=True)
class Chunked(Fault):
    """Sends the body in chunks, without Content-Length."""

    cut_after: int | None = None
    """FIN after so many body bytes, the last chunk missing; None sends all."""

    def answer(self, exchange: Exchange) -> Reply:
        """Change the framing."""
        return _framed(exchange.reply, Framing.CHUNKED, self.cut_after)


@dataclass(frozen=True, slots=True)
class NoLength(Fault):
    """Sends the body until FIN, without Content-Length; a cut looks like the end."""

    cut_after: int | None = None
    """FIN after so many body bytes; None sends all."""

    def answer(self, exchange: Exchange) -> Reply:
        """Change the framing."""
        return _framed(exchange.reply, Framing.CLOSE, self.cut_after).sent(close=True)


@dataclass(frozen=True, slots=True)
class NoRangesFor200(Fault):
    """Does not say `Accept-Ranges: bytes`, though ranges work."""

    say_none: bool = False
    """Say `Accept-Ranges: none`, which is untrue here."""

    def answer(self, exchange: Exchange) -> Reply:
        """Remove or falsify the field."""
        return exchange.reply.with_field("Accept-Ranges", "none" if self.say_none else None)


@dataclass(frozen=True, slots=True)
class HeaderBomb(Fault):
    """Adds so many fields that the head becomes at least this long."""

    head_bytes: int = 200_000
    """Size of the added fields."""

    def answer(self, exchange: Exchange) -> Reply:
        """Add the fields."""
        count = -(-self.head_bytes // 1000)
        bomb = tuple((f"X-{n}", "x" * 1000) for n in range(count))
        return replace(exchange.reply, fields=exchange.reply.fields + bomb)


@dataclass(frozen=True, slots=True)
class ManyFields(Fault):
    """Adds so many short fields to the head."""

    count: int
    """How many."""

    def answer(self, exchange: Exchange) -> Reply:
        """Add the fields."""
        more = tuple((f"X-{number}", "y") for number in range(self.count))
        return replace(exchange.reply, fields=exchange.reply.fields + more)


@dataclass(frozen=True, slots=True)
class EndlessHead(Fault):
    """Sends one field line after the other until the client has had enough, or 64 MB are sent; no body follows."""

    line: bytes = b"X-More: and more\r\n"
    """The line; without its end, all is one line."""

    def answer(self, exchange: Exchange) -> Reply:
        """Replace the reply."""
        return replace(exchange.reply, raw=b"HTTP/1.1 200 OK\r\n" + self.line * (64_000_000 // len(self.line)))


@dataclass(frozen=True, slots=True)
class InterimResponses(Fault):
    """Sends so many interim responses before the answer, then closes."""

    count: int
    """How many."""
    status: int = 103
    """Their status code, from 100 to 199."""

    def answer(self, exchange: Exchange) -> Reply:
        """Put them before the head."""
        reply = exchange.reply.sent(close=True)
        interim = b"HTTP/1.1 %d Wait\r\nX-Hint: some\r\n\r\n" % self.status
        return replace(reply, raw=interim * self.count + reply.head + bytes(reply.body))


def _framed(reply: Reply, framing: Framing, cut_after: int | None) -> Reply:
    changed = replace(reply, framing=framing)
    return changed if cut_after is None else changed.sent(cut_after=cut_after, cut=Cut.FIN)
