"""Stopping a connection at once, in any phase, without a wrong byte.

Owns the flag and a duplicate of the connection's socket. `SSLSocket.shutdown` would drop the TLS layer and hand
ciphertext to the blocked reader; shutting down the plain duplicate ends its read instead.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from enum import Enum


class StopCause(Enum):
    """Why a connection was stopped."""

    ASKED = "asked"
    """The user's verb, or the worker leaves."""
    CONNECT_LIMIT = "connect-limit"
    """Name look-up, TCP and TLS took too long together."""
    HEADER_LIMIT = "header-limit"
    """The whole header took too long."""
    TOO_SLOW = "too-slow"
    """The body came slower than the minimum speed."""
    DISK = "disk"
    """Something happened to the part file or its directory."""


class Stopped(Exception):  # noqa: N818 -- a control flow signal, not an error
    """Raised in the connection's thread after it was stopped."""

    def __init__(self, cause: StopCause) -> None:
        """Keeps the cause."""
        super().__init__(cause.value)
        self.cause = cause


class Stopper:
    """One connection's stop flag and the duplicate of its socket."""

    def __init__(self) -> None:
        """Begins unstopped, without a socket."""
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._ended = threading.Event()
        self.cause: StopCause | None = None
        """Why it was stopped; `None` while it was not."""

    def guard(self, connected: socket.socket) -> None:
        """Takes a duplicate of a connected socket, to be shut down on stop; stopped already, does so now."""
        with self._lock:
            self._close()
            self._socket = socket.socket(
                connected.family, connected.type, connected.proto, fileno=socket.dup(connected.fileno())
            )
            if self.cause is not None:
                self._shut_down()

    def stop(self, cause: StopCause) -> None:
        """Ends whatever the connection waits for; the first cause counts. Callable from any thread."""
        with self._lock:
            if self.cause is None:
                self.cause = cause
                self._ended.set()
                self._shut_down()

    def wait(self, seconds: float) -> None:
        """Waits for a while, or until a stop, which it raises as `Stopped`."""
        if seconds > 0:
            self._ended.wait(seconds)
        self.check()

    def check(self) -> None:
        """Raises `Stopped` if it was stopped; call after every read and before every write."""
        if self.cause is not None:
            raise Stopped(self.cause)

    def release(self) -> None:
        """Closes the duplicate."""
        with self._lock:
            self._close()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
