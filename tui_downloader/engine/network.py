"""Connections to proxies as httpcore wants them.

Owns that no server sends more header through a proxy than `header_guard` allows. Must never know what a request
asks for.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore

from tui_downloader.engine.dialing import Dialer
from tui_downloader.engine.header_guard import HeaderGuard

Hear = Callable[[httpcore.NetworkStream], None]
"""Hears of a connection."""


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
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Returns the connection under TLS."""
        return GuardedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """Returns what the connection below knows: `socket`, `ssl_object`, `server_addr` and more."""
        return self._stream.get_extra_info(info)


class Network(httpcore.NetworkBackend):
    """Makes connections; thread-safe."""

    def __init__(self) -> None:
        """Knows nothing of any address."""
        self._below = httpcore.SyncBackend()
        self._dialer = Dialer()

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

        def make(address: str, seconds: float | None) -> httpcore.NetworkStream:
            try:
                return self._below.connect_tcp(address, port, seconds, local_address, socket_options)
            except httpcore.ConnectTimeout as error:
                raise TimeoutError(str(error)) from error
            except httpcore.ConnectError as error:
                raise OSError(str(error)) from error

        try:
            return GuardedStream(self._dialer.connect(host, port, make, timeout=timeout))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(error) from error
        except OSError as error:
            raise httpcore.ConnectError(error) from error
