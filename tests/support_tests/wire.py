"""A client that hides nothing: bytes to a test server and back.

Owns one connection and the reading of one reply by its declared length. Must never interpret more than that.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from tests.support.fault_server import FaultServer

TIMEOUT_SECONDS = 30.0
"""How long any read may take before the test fails."""


@dataclass(frozen=True, slots=True)
class Received:
    """One reply as it came."""

    status: int
    """Status code."""
    fields: dict[str, str]
    """Header fields, names in lower case."""
    body: bytes
    """Everything after the head that was read."""


@contextlib.contextmanager
def connected(server: FaultServer) -> Iterator[socket.socket]:
    """Yield a connection to the server, TLS if it speaks it."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=TIMEOUT_SECONDS) as plain:
        if server.certificates is None:
            yield plain
            return
        context = server.certificates.client_context()
        with context.wrap_socket(plain, server_hostname="127.0.0.1", suppress_ragged_eofs=False) as secured:
            yield secured


def ask(sock: socket.socket, target: str, *fields: str, method: str = "GET") -> None:
    """Send a request; each field is a whole line."""
    lines = (f"{method} {target} HTTP/1.1", "Host: test", *fields, "", "")
    sock.sendall("\r\n".join(lines).encode())


def read_all(sock: socket.socket) -> bytes:
    """Read until the server ends the connection.

    Raises:
        OSError: it was reset, or TLS ended without close_notify.
    """
    received = b""
    while more := sock.recv(65536):
        received += more
    return received


def read_until_error(sock: socket.socket) -> tuple[bytes, type[OSError]]:
    """Read until the connection fails, and return what came before and how it failed."""
    received = b""
    try:
        while more := sock.recv(65536):
            received += more
    except ssl.SSLEOFError:
        return received, ssl.SSLEOFError
    except ConnectionResetError:
        return received, ConnectionResetError
    raise AssertionError("ended in order")


def read_reply(sock: socket.socket, *, method: str = "GET") -> Received:
    """Read one reply by its Content-Length and leave the connection as it is."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(sock)
    head, _, body = received.partition(b"\r\n\r\n")
    reply = parsed(head, body)
    wanted = 0 if method == "HEAD" else int(reply.fields["content-length"])
    while len(body) < wanted:
        body += _more(sock)
    return Received(reply.status, reply.fields, body)


def parsed(head: bytes, body: bytes) -> Received:
    """Return head and body as a reply."""
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    return Received(int(first.split(" ")[1]), {name.lower(): value for name, value in pairs}, body)


def fetch(server: FaultServer, target: str, *fields: str, method: str = "GET") -> Received:
    """Ask on a connection of its own and read one reply by its length."""
    with connected(server) as sock:
        ask(sock, target, *fields, method=method)
        return read_reply(sock, method=method)


def fetch_all(server: FaultServer, target: str, *fields: str) -> Received:
    """Ask on a connection of its own and read until the server ends it."""
    with connected(server) as sock:
        ask(sock, target, *fields)
        head, _, body = read_all(sock).partition(b"\r\n\r\n")
        return parsed(head, body)


def _more(sock: socket.socket) -> bytes:
    more = sock.recv(65536)
    assert more, "the server ended the connection early"
    return more
