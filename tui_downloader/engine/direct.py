"""Connections straight to origins, kept for the next request.

Owns the idle ones, and TLS. Must never hand one to two exchanges, nor one that the server has closed.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable

from tui_downloader.engine.address import Address
from tui_downloader.engine.dialing import Dialer, tcp_connection
from tui_downloader.engine.failures import NoConnectionError
from tui_downloader.engine.reply import Fields, Hearer, Reply
from tui_downloader.engine.tls import TlsChannel
from tui_downloader.engine.wire import Wire

IDLE_SECONDS = 4.0
"""An idle connection is kept a little shorter than common servers keep it (5 s)."""
IDLE_MAX = 32
"""Most idle connections, to all origins together."""

_Origin = tuple[str, str, int]


class Direct:
    """Connections to all origins; thread-safe."""

    def __init__(self, context: Callable[[], ssl.SSLContext]) -> None:
        """Connects to nothing yet.

        Args:
            context: Whom to trust; asked for when the first https origin is connected to.
        """
        self._context = context
        self._dialer = Dialer()
        self._lock = threading.Lock()
        self._idle: list[tuple[_Origin, Wire, float]] = []
        self._closed = False

    def ask(
        self, address: Address, fields: Fields, hearer: Hearer, *, connect_seconds: float, wait_seconds: float
    ) -> Reply:
        """Sends a request; returns once the header of its response is there.

        Args:
            address: Where.
            fields: All request fields.
            hearer: Hears how far it is.
            connect_seconds: Limit of connecting, and of the TLS handshake.
            wait_seconds: Limit of each single read and write.

        Raises:
            NoConnectionError: None could be made; its cause says why.
            OSError: It broke, or somebody was silent for too long.
            BrokenHttpError: What came is no HTTP.
            TransferError: The header is too large.
        """
        wire = self._take(address.origin)
        try:
            if wire is not None:
                hearer.connected(wire.sock, reused=True)
            else:
                wire = self._connect(address, hearer, connect_seconds)
            hearer.sending()
            return wire.ask(address.target, fields, timeout_seconds=wait_seconds)
        except BaseException:
            if wire is not None:
                wire.close()
            raise

    def close(self) -> None:
        """Closes the idle connections; those in use are closed when they are given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for _, wire, _ in idle:
            wire.close()

    def _connect(self, address: Address, hearer: Hearer, seconds: float) -> Wire:
        """Makes a new connection."""
        origin = address.origin
        _, host, port = origin
        opened: socket.socket | None = None
        try:
            opened = self._dialer.connect(
                host, port, lambda found, left: tcp_connection(found, port, left), timeout=seconds
            )
            hearer.connected(opened, reused=False)
            tls: TlsChannel | None = None
            if address.scheme == "https":
                opened.settimeout(seconds)
                tls = TlsChannel(opened, self._context(), host)
                tls.shake_hands()
        except TimeoutError:
            _close(opened)
            raise
        except OSError as error:  # TLS is not trusted: that too
            _close(opened)
            raise NoConnectionError(str(error)) from error
        except BaseException:
            _close(opened)
            raise
        return Wire(opened, lambda wire: self._give_back(origin, wire), tls=tls)

    def _take(self, origin: _Origin) -> Wire | None:
        """Returns the connection to an origin that was used last, if it can be used again."""
        while True:
            with self._lock:
                self._drop_old(time.monotonic())
                found = next((each for each in reversed(self._idle) if each[0] == origin), None)
                if found is None:
                    return None
                self._idle.remove(found)
            if not found[1].is_stale:
                return found[1]
            found[1].close()

    def _give_back(self, origin: _Origin, wire: Wire) -> None:
        """Keeps a connection for the next request."""
        now = time.monotonic()
        with self._lock:
            if not self._closed:
                self._idle.append((origin, wire, now))
                self._drop_old(now)
                return
        wire.close()

    def _drop_old(self, now: float) -> None:
        """Closes connections that are idle for too long, and the oldest where there are too many."""
        while self._idle and (len(self._idle) > IDLE_MAX or now - self._idle[0][2] > IDLE_SECONDS):
            self._idle.pop(0)[1].close()


def _close(opened: socket.socket | None) -> None:
    if opened is not None:
        with contextlib.suppress(OSError):
            opened.close()
