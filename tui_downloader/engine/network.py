"""TCP and TLS connections as httpcore wants them.

Owns which of a host's addresses is tried when, and that no server sends more header than `header_guard` allows.
Must never know what a request asks for.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore

from tui_downloader.engine.header_guard import HeaderGuard

Hear = Callable[[httpcore.NetworkStream], None]
"""Hears of a connection."""

FIRST_TRY_SECONDS = 2.5
"""How long an address may be silent while the host has others: time for a lost packet to be sent again."""
_SILENT_MAX = 256


class _Listener(threading.local):
    """Who hears of requests that the calling thread sends."""

    hear: Hear | None = None


_listener = _Listener()


@contextlib.contextmanager
def listening(hear: Hear) -> Iterator[None]:
    """Lets somebody hear over which connection the block sends its request; httpcore tells only of new ones.

    Args:
        hear: Called with the connection before anything is written to it; what it raises ends the request.
    """
    _listener.hear = hear
    try:
        yield
    finally:
        _listener.hear = None


class GuardedStream(httpcore.NetworkStream):
    """A connection whose responses have headers of bearable size."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        """Takes over an open connection."""
        self._stream = stream
        self._guard = HeaderGuard()

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads what is there.

        Raises:
            TransferError: It is more header than a server may send.
        """
        data = self._stream.read(max_bytes, timeout)
        if not self._guard.is_body:
            self._guard.feed(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all; a request is on its way now, so a header follows."""
        if buffer:
            self._guard.begin()
            if _listener.hear is not None:
                _listener.hear(self)
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        """Closes the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Returns the connection under TLS."""
        return GuardedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Returns what the connection below knows: `socket`, `ssl_object`, `server_addr` and more."""
        return self._stream.get_extra_info(info)


class Network(httpcore.NetworkBackend):
    """Makes connections; thread-safe.

    A host with several addresses is often one with IPv6 in the name service and none on the way. An address that
    stays silent is left for the next one, and from then on is the last to be tried.
    """

    def __init__(self) -> None:
        """Knows nothing of any address."""
        self._below = httpcore.SyncBackend()
        self._lock = threading.Lock()
        self._silent: dict[str, None] = {}

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connects to the first of a host's addresses that answers.

        Args:
            host: Name or address.
            port: TCP port.
            timeout: Seconds for all addresses together; `None` is no limit.
            local_address: Address to connect from; `None` leaves it to the system.
            socket_options: As for `socket.setsockopt`.

        Raises:
            httpcore.ConnectError: No address could be connected to.
            httpcore.ConnectTimeout: None answered in time.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        addresses = self._in_order(_resolve(host, port))
        for address in addresses[:-1]:
            try:
                short = FIRST_TRY_SECONDS if deadline is None else _share(deadline)
                return self._connect(address, port, short, local_address, socket_options)
            except httpcore.ConnectTimeout:
                self._note_silent(address)
            except httpcore.ConnectError:
                continue  # the last one's error is told
        left = None if deadline is None else max(0.001, deadline - time.monotonic())
        return self._connect(addresses[-1], port, left, local_address, socket_options)

    def _connect(
        self,
        address: str,
        port: int,
        timeout: float | None,
        local_address: str | None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None,
    ) -> httpcore.NetworkStream:
        """Connects to one address."""
        return GuardedStream(self._below.connect_tcp(address, port, timeout, local_address, socket_options))

    def _in_order(self, addresses: list[str]) -> list[str]:
        """Returns the system's order, silent addresses last."""
        with self._lock:
            return sorted(addresses, key=lambda address: address in self._silent)

    def _note_silent(self, address: str) -> None:
        """Remembers an address that did not answer, a bounded number of them."""
        with self._lock:
            self._silent[address] = None
            while len(self._silent) > _SILENT_MAX:
                del self._silent[next(iter(self._silent))]


def _share(deadline: float) -> float:
    """Returns the seconds that an address may take which is not the last one."""
    return max(0.001, min(FIRST_TRY_SECONDS, (deadline - time.monotonic()) / 2))


def _resolve(host: str, port: int) -> list[str]:
    """Returns a host's addresses in the system's order (RFC 6724), each once.

    Raises:
        httpcore.ConnectError: There are none; its cause says why.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(error) from error
    except UnicodeError as error:  # a name with an empty or too long part
        unknown = socket.gaierror(socket.EAI_NONAME, str(error))
        raise httpcore.ConnectError(unknown) from unknown
    return list(dict.fromkeys(str(sockaddr[0]) for _, _, _, _, sockaddr in found))
