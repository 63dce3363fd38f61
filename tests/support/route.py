"""One path of the test server: its object, its faults, and how often each has acted.

Owns the counting. Must never do I/O.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock

from tests.support.fault import Exchange, Fault
from tests.support.reply import Reply, healthy_reply
from tests.support.request import Request
from tests.support.resource import Resource


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was counted, the object it met and the faults that act on it."""

    request: Request
    """The request with its number and the number of those in flight."""
    resource: Resource
    """The object, before faults."""
    faults: tuple[Fault, ...]
    """In order."""

    @property
    def is_turned_away(self) -> bool:
        """Whether it is not in flight for others."""
        return any(fault.turns_away for fault in self.faults)

    def reply(self) -> Reply:
        """Return what is answered (pure)."""
        resource, heard = self.resource, self.request
        for fault in self.faults:
            resource = fault.object_for(resource, self.request)
            heard = fault.hear(heard)
        reply = healthy_reply(heard, resource)
        for fault in self.faults:
            reply = fault.answer(Exchange(self.request, resource, reply))
        return reply


class Route:
    """A path and what happens there."""

    def __init__(self, resource: Resource, faults: Sequence[Fault]) -> None:
        self._lock = Lock()
        self._resource = resource
        self._faults = tuple(faults)
        self._acted = [0] * len(self._faults)
        self._requests = 0
        self._in_flight = 0

    def replace(self, resource: Resource) -> None:
        """Serve another object from the next request on."""
        with self._lock:
            self._resource = resource

    def enter(self, request: Request) -> Visit:
        """Count a request and decide which faults act on it; `leave` must follow."""
        with self._lock:
            self._requests += 1
            self._in_flight += 1
            counted = replace(request, number=self._requests, in_flight=self._in_flight)
            acting = []
            for position, fault in enumerate(self._faults):
                if fault.when is not None and not fault.when(counted):
                    continue
                if fault.times is None or self._acted[position] < fault.times:
                    self._acted[position] += 1
                    acting.append(fault)
            visit = Visit(counted, self._resource, tuple(acting))
            self._in_flight -= visit.is_turned_away
            return visit

    def leave(self, visit: Visit) -> None:
        """Note that a request is no longer being answered."""
        with self._lock:
            self._in_flight -= not visit.is_turned_away
