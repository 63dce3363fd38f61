"""A loopback server that connects its clients onward: what HTTP and SOCKS proxies have in common.

Owns the listening socket, all threads and both ends of every connection. Must never know what is asked for, which
is for `http_proxy` and `socks_proxy`, nor import the package under test.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

_JOIN_SECONDS = 60.0
"""How long a thread may take to end before the server counts as broken."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing a client asked for."""

    what: str
    """`GET`, `CONNECT` …"""
    where: str
    """The target, as the client named it."""
    login: str | None = field(default=None)
    """What it gave to be let in; None if nothing."""


class Relay(ABC):
    """Serves from its construction until `close`."""

    def __init__(self, *, context: ssl.SSLContext | None = None) -> None:
        """Listen on 127.0.0.1 at a free port.

        Args:
            context: speak TLS with clients; None speaks as it is.
        """
        self.hang = False
        """Whether clients are accepted and then left alone."""
        self.names: dict[str, str] = {}
        """Addresses of names that only this server knows."""
        self._context = context
        self._lock = Lock()
        self._asked: list[Asked] = []
        self._cuts: list[int] = []
        self._sockets: list[socket.socket] = []
        self._threads: list[Thread] = []
        self._closing = Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._acceptor = Thread(target=self._accept, name="relay", daemon=True)
        self._acceptor.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def port(self) -> int:
        """The port it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def asked(self) -> list[Asked]:
        """What clients asked for so far, in order."""
        with self._lock:
            return list(self._asked)

    def cut_after(self, count: int) -> None:
        """Die once, when so many bytes of one connection have gone to its client."""
        with self._lock:
            self._cuts.append(count)

    def close(self) -> None:
        """Cut every connection and end every thread; again is harmless."""
        if self._closing.is_set():
            return
        self._closing.set()
        with contextlib.suppress(OSError):
            socket.create_connection(self._listener.getsockname(), timeout=_JOIN_SECONDS).close()
        self._acceptor.join(_JOIN_SECONDS)
        self._listener.close()
        with self._lock:
            sockets = list(self._sockets)
        for each in sockets:
            _shut_down(each)
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)
            assert not thread.is_alive(), f"{thread.name} does not end"

    @abstractmethod
    def admit(self, client: socket.socket) -> tuple[socket.socket, bytes] | None:
        """Hear what a client wants and connect to it.

        Returns:
            The connection, and what to send over it first; None if the client was turned away.
        """

    def note(self, asked: Asked) -> None:
        """Keep what a client asked for."""
        with self._lock:
            self._asked.append(asked)

    def connect(self, host: str, port: int) -> socket.socket:
        """Connect to where a client wants to go.

        Raises:
            OSError: nothing is there.
        """
        return self._keep(socket.create_connection((self.names.get(host, host), port), timeout=_JOIN_SECONDS))

    def _keep(self, sock: socket.socket) -> socket.socket:
        """Take care that a socket ends with the server."""
        sock.settimeout(None)
        with self._lock:
            self._sockets.append(sock)
        if self._closing.is_set():
            _shut_down(sock)
        return sock

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            if self._closing.is_set():
                client.close()
                return
            thread = Thread(target=self._serve, args=(self._keep(client),), name="relay-connection", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, plain: socket.socket) -> None:
        """Serve one client to its end."""
        client, onward = plain, None
        try:
            if self._context is not None:
                client = self._keep(self._context.wrap_socket(plain, server_side=True))
            if self.hang:
                self._closing.wait()
                return
            admitted = self.admit(client)
            if admitted is None:
                return
            onward, first = admitted
            onward.sendall(first)
            with self._lock:
                cut = self._cuts.pop(0) if self._cuts else None
            _pump(client, onward, cut)
        except (OSError, ValueError):
            pass  # one of both ends left, or talks nonsense
        finally:
            for each in (client, onward):
                if each is not None:
                    _shut_down(each)
                    each.close()


def receive_exactly(sock: socket.socket, count: int) -> bytes:
    """Return so many bytes.

    Raises:
        OSError: the other end left before.
    """
    data = b""
    while len(data) < count:
        more = sock.recv(count - len(data))
        if not more:
            raise OSError("left")
        data += more
    return data


def _pump(client: socket.socket, onward: socket.socket, cut: int | None) -> None:
    """Copy bytes both ways until one end leaves, or so many went to the client."""
    while cut is None or cut > 0:
        waiting = isinstance(client, ssl.SSLSocket) and client.pending()
        for source in [client] if waiting else select.select([client, onward], [], [])[0]:
            data = source.recv(65536 if cut is None or source is client else min(65536, cut))
            if not data:
                return
            (onward if source is client else client).sendall(data)
            if cut is not None and source is onward:
                cut -= len(data)


def _shut_down(sock: socket.socket) -> None:
    """End a connection for whoever waits on it; the method of the base class, since TLS has its own idea of it."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
