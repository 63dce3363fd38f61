"""The base of all faults of the test server, and predicates for `when`.

Owns where a fault may interfere: with the object served, with what the server hears, with what it answers.
The faults themselves are in `faults` and the modules it collects. Must never do I/O.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.reply import Reply
from tests.support.request import Request
from tests.support.resource import Resource


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, the object it met, and the answer so far."""

    request: Request
    """The request, as really sent."""
    resource: Resource
    """The object that is served."""
    reply: Reply
    """The answer, after the faults before this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing a server does wrong; several on one path act in the order given."""

    times: int | None = None
    """It acts on the first so many requests that `when` lets through; None acts on all."""
    when: Callable[[Request], bool] | None = None
    """Which requests it is for; None is for all, `HEAD` included."""
    turns_away: bool = False
    """The requests it acts on are not in flight for those that come later: the server does not serve them."""

    def object_for(self, resource: Resource, request: Request) -> Resource:  # noqa: ARG002  # a fault may look
        """Return the object that is served to this request."""
        return resource

    def hear(self, request: Request) -> Request:
        """Return the request as the faulty server understands it."""
        return request

    def answer(self, exchange: Exchange) -> Reply:
        """Return the answer to send instead of `exchange.reply`."""
        return exchange.reply


def is_get(request: Request) -> bool:
    """Whether the request asks for a body."""
    return request.method == "GET"


def is_ranged(request: Request) -> bool:
    """Whether the request asks for a single range."""
    return request.asked_range is not None


def is_whole(request: Request) -> bool:
    """Whether the request asks for the whole body."""
    return is_get(request) and not is_ranged(request)


def starts_after_zero(request: Request) -> bool:
    """Whether the request asks for a range that leaves out the first byte."""
    return request.asked_range is not None and request.asked_range[0] != 0


def has_if_range(request: Request) -> bool:
    """Whether the request carries `If-Range`."""
    return request.field("If-Range") is not None
