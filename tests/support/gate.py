"""Where faulty replies wait: for the gate, for a pace, and never longer than server and client are there.

Owns the waiting of connection threads. Must never touch a socket except to see whether its client left.
"""

from __future__ import annotations

import select
import socket
import time
from threading import Event

_LOOK_SECONDS = 0.02
"""How often a waiting thread looks whether its client left."""


class LeftError(Exception):
    """The client or the server is gone; the reply is over."""


class Gate:
    """A gate that tests open, and the end of the server, which ends every wait."""

    def __init__(self) -> None:
        self._open = Event()
        self._closing = Event()

    def release(self) -> None:
        """Let go what waits now and what would wait later."""
        self._open.set()

    def hold(self) -> None:
        """Make what comes later wait again."""
        self._open.clear()

    def close(self) -> None:
        """End all waiting for good."""
        self._closing.set()
        self._open.set()

    @property
    def is_open(self) -> bool:
        """Whether nothing has to wait."""
        return self._open.is_set()

    @property
    def closing(self) -> bool:
        """Whether the server ends."""
        return self._closing.is_set()

    def wait_open(self, sock: socket.socket) -> None:
        """Wait for the gate.

        Raises:
            LeftError: client or server is gone.
        """
        while not self._open.wait(_LOOK_SECONDS):
            if has_left(sock):
                raise LeftError
        self._check()

    def wait(self, sock: socket.socket, seconds: float) -> None:
        """Wait for a time.

        Raises:
            LeftError: client or server is gone.
        """
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._closing.wait(min(left, _LOOK_SECONDS))
            self._check()
            if has_left(sock):
                raise LeftError

    def _check(self) -> None:
        if self.closing:
            raise LeftError


def has_left(sock: socket.socket) -> bool:
    """Return whether the other end closed or reset the connection; looks below TLS, takes nothing."""
    try:
        readable, _, _ = select.select([sock], [], [], 0)
        return bool(readable) and socket.socket.recv(sock, 1, socket.MSG_PEEK) == b""
    except (OSError, ValueError):
        return True
