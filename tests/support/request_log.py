"""What a test server was asked and what it sent, for tests to read and wait on.

Owns the log and its lock. Must never know how replies are made.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Condition

from tests.support.request import Request


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as of now; a newer copy takes its place while the reply is sent."""

    request: Request
    """Method, target and fields, as read."""
    at_monotonic: float
    """`time.monotonic()` when its head was complete."""
    status: int | None = None
    """Status code sent; None before that, or if no real reply was sent."""
    body_bytes_sent: int = 0
    """Body bytes given to the socket, or about to be: never fewer than the client has."""
    ended: bool = False
    """The reply is over: complete, cut, or the client left."""

    @property
    def method(self) -> str:
        """The method."""
        return self.request.method

    @property
    def target(self) -> str:
        """The request target."""
        return self.request.target

    @property
    def path(self) -> str:
        """The path without the query."""
        return self.request.path

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Header fields in order."""
        return self.request.fields

    @property
    def asked_range(self) -> tuple[int, int | None] | None:
        """The range asked, half-open; see `Request.asked_range`."""
        return self.request.asked_range

    @property
    def connection_number(self) -> int:
        """Which connection of the server it came on, from 1."""
        return self.request.connection_number

    @property
    def number(self) -> int:
        """Which request to its path it is, from 1."""
        return self.request.number

    @property
    def in_flight(self) -> int:
        """How many requests to its path were being answered when it came, itself included."""
        return self.request.in_flight

    def field(self, name: str) -> str | None:
        """Return the first value of a header field, None if absent."""
        return self.request.field(name)


class RequestLog:
    """All requests of one server, in the order they came."""

    def __init__(self) -> None:
        self._entries: list[LoggedRequest] = []
        self._changed = Condition()

    def add(self, request: Request) -> int:
        """Log a request and return its position, for `update`."""
        with self._changed:
            self._entries.append(LoggedRequest(request, time.monotonic()))
            self._changed.notify_all()
            return len(self._entries) - 1

    def update(
        self, position: int, *, status: int | None = None, more_body_bytes: int = 0, ended: bool = False
    ) -> None:
        """Note what was sent since."""
        with self._changed:
            entry = self._entries[position]
            self._entries[position] = replace(
                entry,
                status=entry.status if status is None else status,
                body_bytes_sent=entry.body_bytes_sent + more_body_bytes,
                ended=entry.ended or ended,
            )
            self._changed.notify_all()

    def requests(self, path: str | None = None) -> list[LoggedRequest]:
        """Return the requests to a path (with any query), or to a target with its query; None for all."""
        with self._changed:
            return [entry for entry in self._entries if path in {None, entry.path, entry.request.origin_form}]

    def wait_for(
        self, predicate: Callable[[Sequence[LoggedRequest]], bool], *, timeout_seconds: float = 60.0
    ) -> list[LoggedRequest]:
        """Wait until the whole log satisfies `predicate`, and return it.

        Raises:
            TimeoutError: it did not within `timeout_seconds`; the text holds the log.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: predicate(tuple(self._entries)), timeout_seconds):
                lines = "\n".join(map(repr, self._entries))
                raise TimeoutError(f"not in {timeout_seconds} s; the log is:\n{lines}")
            return list(self._entries)
