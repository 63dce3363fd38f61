"""Faults in how bytes arrive: cuts, resets, stalls, pace, drips, silence, no answer, no place left.

The reply itself stays right. Must never do I/O: `delivery` sends what these ask for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.support.fault import Exchange, Fault
from tests.support.reply import Cut, Reply, plain_reply
from tests.support.resource import Fields


@dataclass(frozen=True, slots=True)
class DropAfter(Fault):
    """Ends the connection with FIN after so many body bytes; on TLS without close_notify."""

    body_bytes: int
    """Bytes of this reply's body that are sent; a shorter body is complete."""

    def answer(self, exchange: Exchange) -> Reply:
        """Cut the delivery."""
        return exchange.reply.sent(cut_after=self.body_bytes, cut=Cut.FIN)


@dataclass(frozen=True, slots=True)
class ResetAfter(Fault):
    """Ends the connection with RST after so many body bytes have reached the client's system."""

    body_bytes: int
    """Bytes of this reply's body that are sent; a shorter body is complete."""

    def answer(self, exchange: Exchange) -> Reply:
        """Cut the delivery."""
        return exchange.reply.sent(cut_after=self.body_bytes, cut=Cut.RESET)


@dataclass(frozen=True, slots=True)
class StallAfter(Fault):
    """Goes silent after so many body bytes until the gate opens; then sends the rest."""

    body_bytes: int
    """Bytes of this reply's body that are sent before the silence; a shorter body is complete."""

    def answer(self, exchange: Exchange) -> Reply:
        """Halt the delivery."""
        return exchange.reply.sent(cut_after=self.body_bytes, cut=Cut.STALL)


@dataclass(frozen=True, slots=True)
class Pace(Fault):
    """Sends the body of each reply no faster than this, each connection by itself."""

    bytes_per_second: float
    """Pace of one reply."""
    burst_seconds: float = 0.02
    """How much is sent at once, as time: 0.5 sends half a second's worth, then pauses."""
    until_release: bool = False
    """Only until the gate opens; then as fast as possible."""

    def answer(self, exchange: Exchange) -> Reply:
        """Slow the delivery."""
        return exchange.reply.sent(
            bytes_per_second=self.bytes_per_second,
            burst_seconds=self.burst_seconds,
            paced_until_release=self.until_release,
        )


@dataclass(frozen=True, slots=True)
class Drip(Fault):
    """Sends the head, the body or both byte by byte, so that a timeout per read never fires."""

    seconds: float
    """Pause after each byte."""
    head: bool = False
    """Drip the head."""
    body: bool = True
    """Drip the body."""

    def answer(self, exchange: Exchange) -> Reply:
        """Slow the delivery."""
        return exchange.reply.sent(
            head_drip_seconds=self.seconds if self.head else 0.0,
            body_drip_seconds=self.seconds if self.body else 0.0,
        )


@dataclass(frozen=True, slots=True)
class SlowHeaders(Fault):
    """Is silent before the first byte of the reply."""

    seconds: float | None = None
    """How long; None until the gate opens."""

    def answer(self, exchange: Exchange) -> Reply:
        """Delay the delivery."""
        return exchange.reply.sent(wait_seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class GarbageReply(Fault):
    """Answers with these bytes, whatever they are, and closes."""

    raw: bytes
    """All that is sent."""

    def answer(self, exchange: Exchange) -> Reply:
        """Replace the reply."""
        return replace(exchange.reply, raw=self.raw)


@dataclass(frozen=True, slots=True)
class Refuse(Fault):
    """Closes the connection unanswered, once the request is read.

    For a server that closes before any request see `FaultServer.refuse_connections`.
    """

    reset: bool = False
    """End with RST instead of FIN."""

    def answer(self, exchange: Exchange) -> Reply:
        """Say nothing."""
        return _no_answer(exchange.reply, Cut.RESET if self.reset else Cut.FIN)


@dataclass(frozen=True, slots=True)
class MaxConnections(Fault):
    """Turns away requests to this path beyond so many answered at once."""

    most: int
    """How many are served at the same time."""
    status: int | None = 503
    """What the others get; None resets their connection."""
    fields: Fields = ()
    """Further fields of that answer, such as `Retry-After`."""

    def answer(self, exchange: Exchange) -> Reply:
        """Turn away what is too much."""
        if exchange.request.in_flight <= self.most:
            return exchange.reply
        if self.status is None:
            return _no_answer(exchange.reply, Cut.RESET)
        return plain_reply(self.status, self.fields, b"too many connections\n")


def _no_answer(reply: Reply, cut: Cut) -> Reply:
    return replace(reply, raw=b"").sent(cut_after=0, cut=cut)
