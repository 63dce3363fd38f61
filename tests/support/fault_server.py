"""A real HTTP/1.1 server on loopback that can be told to do everything wrong.

Owns the listening socket, the table of paths and the end of all threads. Written on sockets, since a server
library could not send garbage. Must never import the package under test.

    with FaultServer() as server:
        server.add("/a.iso", Resource(body(1, 5_000_000)), faults=[DropAfter(2_000_000, times=1)])
        ... fetch server.url("/a.iso") ...
        assert [entry.asked_range for entry in server.requests("/a.iso")] == [None, (2_000_000, None)]
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Sequence
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from tests.support.bodies import body
from tests.support.certificates import Certificates
from tests.support.connection import Connection
from tests.support.delivery import Delivery, End
from tests.support.fault import Fault
from tests.support.gate import Gate
from tests.support.reply import Reply, plain_reply
from tests.support.request import Request
from tests.support.request_log import LoggedRequest, RequestLog
from tests.support.resource import Resource
from tests.support.route import Route

__all__ = ["FaultServer", "LoggedRequest", "Resource", "body"]

_JOIN_SECONDS = 60.0
"""How long a thread may take to end before the server counts as broken."""


class FaultServer:
    """Serves from its construction until `close`."""

    def __init__(
        self,
        certificates: Certificates | None = None,
        *,
        send_buffer_bytes: int = 131_072,
        address: str = "127.0.0.1",
        connections_max: int | None = None,
    ) -> None:
        """Listen on a loopback address at a free port.

        Args:
            certificates: speak TLS with these; None speaks plain HTTP.
            address: `127.0.0.1` or another of that network, or `::1`.
            send_buffer_bytes: how much the kernel may queue per connection; small, so that the log is close
                to what the client has.
            connections_max: close further ones right after accepting them; None takes all.
        """
        self.certificates = certificates
        self._context = certificates.server_context() if certificates else None
        self._gate = Gate()
        self._log = RequestLog()
        self._lock = Lock()
        self._routes: dict[str, Route] = {}
        self._connections: list[Connection] = []
        self._refusals_left: float = 0
        self._connections_max = float("inf") if connections_max is None else connections_max
        self._refused = 0
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.create_server((address, 0), family=family, backlog=256)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer_bytes)
        self._thread = Thread(target=self._accept, name="fault-server", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # What is served

    def add(self, path: str, resource: Resource, *, faults: Sequence[Fault] = ()) -> str:
        """Serve an object at a path and return its URL; a path added again starts counting anew.

        Args:
            path: begins with a slash; with a query it takes only that target, before the bare path.
            resource: the object.
            faults: act in this order on each request.
        """
        with self._lock:
            self._routes[path] = Route(resource, faults)
        return self.url(path)

    def replace(self, path: str, resource: Resource) -> None:
        """Serve another object at a path, its faults and counts unchanged.

        Raises:
            KeyError: the path was never added.
        """
        with self._lock:
            self._routes[path].replace(resource)

    def remove(self, path: str) -> None:
        """Answer 404 for a path from now on."""
        with self._lock:
            del self._routes[path]

    def refuse_connections(self, times: int | None = None) -> None:
        """Close the next `times` connections right after accepting them; None all, 0 none any more."""
        with self._lock:
            self._refusals_left = float("inf") if times is None else times

    # Where it is

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    def url(self, path: str, *, host: str | None = None) -> str:
        """Return the URL of a path; `host` may be another name of the address, such as `localhost`."""
        address: str = self._listener.getsockname()[0]
        there = host or (f"[{address}]" if ":" in address else address)
        return f"{'https' if self._context else 'http'}://{there}:{self.port}{path}"

    # What happened

    def requests(self, path: str | None = None) -> list[LoggedRequest]:
        """Return the requests to a path or target in the order they came; None for all."""
        return self._log.requests(path)

    def wait_for(
        self, predicate: Callable[[Sequence[LoggedRequest]], bool], timeout_seconds: float = 60.0
    ) -> list[LoggedRequest]:
        """Wait until the whole log satisfies `predicate`, and return it.

        Raises:
            TimeoutError: it did not in time; the text holds the log.
        """
        return self._log.wait_for(predicate, timeout_seconds=timeout_seconds)

    @property
    def connection_count(self) -> int:
        """How many connections were accepted so far, refused ones included."""
        with self._lock:
            return len(self._connections)

    @property
    def refused_count(self) -> int:
        """How many connections were closed right after they were accepted."""
        with self._lock:
            return self._refused

    # The gate

    def release(self) -> None:
        """Open the gate: stalled replies go on, later ones do not stall."""
        self._gate.release()

    def hold(self) -> None:
        """Close the gate again for later replies."""
        self._gate.hold()

    # Life

    def close(self) -> None:
        """Cut every connection and end every thread; again is harmless."""
        if self._gate.closing:
            return
        self._gate.close()
        # shutdown() does not end a blocked accept everywhere; a connection does.
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname()[:2], timeout=_JOIN_SECONDS).close()
        self._thread.join(_JOIN_SECONDS)
        self._listener.close()
        for connection in self._connections:
            connection.stop()
        for connection in self._connections:
            connection.join(_JOIN_SECONDS)
        assert not self._thread.is_alive(), "the accepting thread does not end"

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            if self._gate.closing:
                sock.close()
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                refused = self._refusals_left > 0
                self._refusals_left -= refused
                refused = refused or sum(each.is_open for each in self._connections) >= self._connections_max
                self._refused += refused
                connection = Connection(
                    sock,
                    len(self._connections) + 1,
                    gate=self._gate,
                    context=self._context,
                    answer=None if refused else self._answer,
                )
                self._connections.append(connection)
            connection.start()

    # Answers, on the thread of the connection

    def _answer(self, request: Request, sock: socket.socket) -> End:
        with self._lock:
            route = self._routes.get(request.origin_form) or self._routes.get(request.path)
        if route is None or request.method not in {"GET", "HEAD"}:
            reply = plain_reply(404 if route is None else 405, (), b"nothing here\n").sent(close=True)
            return self._deliver(request, reply, sock, leave=lambda: None)
        visit = route.enter(request)
        return self._deliver(visit.request, visit.reply(), sock, leave=lambda: route.leave(visit))

    def _deliver(self, request: Request, reply: Reply, sock: socket.socket, leave: Callable[[], None]) -> End:
        position = self._log.add(request)
        last = contextlib.ExitStack()
        last.callback(leave)
        if reply.raw is None:
            self._log.update(position, status=reply.status)
        delivery = Delivery(
            sock,
            self._gate,
            reply,
            on_body=lambda count: self._log.update(position, more_body_bytes=count),
            on_last=last.close,
        )
        try:
            return delivery.send(body_wanted=request.method != "HEAD")
        finally:
            last.close()
            self._log.update(position, ended=True)
