"""A small SOCKS proxy of version 5 on loopback (RFC 1928, RFC 1929).

Owns what it understands of SOCKS: CONNECT to names and addresses, with a login or without. Must never import the
package under test.
"""

from __future__ import annotations

import ipaddress
import socket

from tests.support.relay import Asked, Relay, receive_exactly

_NO_LOGIN, _WITH_LOGIN, _NOTHING_FITS = 0, 2, 255
_IPV4, _NAME, _IPV6 = 1, 3, 4
_SUCCEEDED, _REFUSED = 0, 5


class SocksProxy(Relay):
    """Serves from its construction until `close`."""

    def __init__(self, *, login: str | None = None) -> None:
        """Listen on 127.0.0.1 at a free port.

        Args:
            login: `name:password` that clients must give; None lets everybody in.
        """
        self.login = login
        """`name:password` that clients must give; None lets everybody in."""
        self.garbage: bytes | None = None
        """What is answered instead of SOCKS; None speaks SOCKS."""
        self.reply_code: int | None = None
        """What is answered instead of a connection; None connects."""
        super().__init__()

    def url(self, login: str = "", *, scheme: str = "socks5") -> str:
        """Return the URL for `all_proxy`, with a login as it stands in a URL, `name:password@`."""
        return f"{scheme}://{login}127.0.0.1:{self.port}"

    def admit(self, client: socket.socket) -> tuple[socket.socket, bytes] | None:
        """Do the handshake and connect."""
        _, count = receive_exactly(client, 2)
        methods = receive_exactly(client, count)
        if self.garbage is not None:
            client.sendall(self.garbage)
            return None
        wanted = _NO_LOGIN if self.login is None else _WITH_LOGIN
        client.sendall(bytes([5, wanted if wanted in methods else _NOTHING_FITS]))
        if wanted not in methods:
            return None
        given = None
        if wanted == _WITH_LOGIN:
            given = self._read_login(client)
            client.sendall(bytes([1, 0 if given == self.login else 1]))
            if given != self.login:
                return None
        host, port = self._read_target(client)
        self.note(Asked("CONNECT", f"{host}:{port}", given))
        try:
            onward = None if self.reply_code is not None else self.connect(host, port)
        except OSError:
            onward = None
        code = _SUCCEEDED if onward else self.reply_code or _REFUSED
        client.sendall(bytes([5, code, 0, _IPV4, 0, 0, 0, 0, 0, 0]))
        return None if onward is None else (onward, b"")

    def _read_login(self, client: socket.socket) -> str:
        receive_exactly(client, 1)
        name = receive_exactly(client, receive_exactly(client, 1)[0])
        password = receive_exactly(client, receive_exactly(client, 1)[0])
        return f"{name.decode()}:{password.decode()}"

    def _read_target(self, client: socket.socket) -> tuple[str, int]:
        kind = receive_exactly(client, 4)[3]
        if kind == _NAME:
            host = receive_exactly(client, receive_exactly(client, 1)[0]).decode()
        else:
            assert kind in {_IPV4, _IPV6}
            host = str(ipaddress.ip_address(receive_exactly(client, 4 if kind == _IPV4 else 16)))
        return host, int.from_bytes(receive_exactly(client, 2), "big")
