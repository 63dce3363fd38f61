"""A small HTTP proxy on loopback: forwards plain requests, tunnels with CONNECT, asks for a login if told to.

Owns what it understands of HTTP (RFC 9110 section 9.3.6, RFC 9112 section 3.2.2). Must never import the package
under test.
"""

from __future__ import annotations

import base64
import socket
from urllib.parse import urlsplit

from tests.support.certificates import Certificates
from tests.support.relay import Asked, Relay

_HEAD_BYTES = 65536


class HttpProxy(Relay):
    """Serves from its construction until `close`; every connection brings one response."""

    def __init__(self, *, login: str | None = None, certificates: Certificates | None = None) -> None:
        """Listen on 127.0.0.1 at a free port.

        Args:
            login: `name:password` that clients must give; None lets everybody in.
            certificates: speak TLS with clients; None speaks plain HTTP.
        """
        self.login = login
        """`name:password` that clients must give; None lets everybody in."""
        self.refuse_status: int | None = None
        """Status code that all get instead of a connection; None connects."""
        self._scheme = "https" if certificates else "http"
        super().__init__(context=certificates.server_context() if certificates else None)

    def url(self, login: str = "") -> str:
        """Return the URL for `http_proxy`, with a login as it stands in a URL, `name:password@`."""
        return f"{self._scheme}://{login}127.0.0.1:{self.port}"

    def admit(self, client: socket.socket) -> tuple[socket.socket, bytes] | None:
        """Read one request and connect to its target."""
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(4096)
            if not more or len(head) > _HEAD_BYTES:
                return None
            head += more
        head, _, rest = head.partition(b"\r\n\r\n")
        request_line, *lines = head.decode("latin-1").split("\r\n")
        method, target, version = request_line.split(" ")
        fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        login = next((value for name, value in fields if name.lower() == "proxy-authorization"), None)
        self.note(Asked(method, target, login))
        refusal = self._refusal(login)
        if refusal is not None:
            client.sendall(refusal)
            return None
        try:
            if method == "CONNECT":
                return self._tunnel(client, target), rest
            return self._forward(target, f"{method} {{}} {version}", fields, rest)
        except OSError:
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return None

    def _refusal(self, login: str | None) -> bytes | None:
        """Return the answer for who is not let in."""
        if self.refuse_status is not None:
            return b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % self.refuse_status
        if self.login is None or login == f"Basic {base64.b64encode(self.login.encode()).decode()}":
            return None
        return (
            b"HTTP/1.1 407 Proxy Authentication Required\r\n"
            b'Proxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
        )

    def _tunnel(self, client: socket.socket, target: str) -> socket.socket:
        """Connect, and say that it is done."""
        host, _, port = target.rpartition(":")
        onward = self.connect(host.strip("[]"), int(port))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        return onward

    def _forward(
        self, target: str, request_line: str, fields: list[tuple[str, str]], rest: bytes
    ) -> tuple[socket.socket, bytes]:
        """Connect to the host of an absolute target; the request goes on in origin form, for one response."""
        parts = urlsplit(target)
        assert parts.hostname is not None
        onward = self.connect(parts.hostname, parts.port or 80)
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        kept = [pair for pair in fields if pair[0].lower() not in {"connection", "proxy-authorization"}]
        lines = [request_line.format(path), *(f"{name}: {value}" for name, value in kept), "Connection: close"]
        return onward, "\r\n".join([*lines, "", ""]).encode("latin-1") + rest
