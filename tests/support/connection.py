"""One accepted connection of the test server, on its own thread.

Owns the socket from accept to close and every way of closing it. Must never decide what is answered.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import sys
import time
from collections.abc import Callable
from threading import Thread

from tests.support.delivery import End
from tests.support.gate import Gate, LeftError
from tests.support.request import Request, parse_head

_HEAD_BYTES = 1 << 18
"""Longest request head that is read."""
_FLUSH_SECONDS = 2.0
"""How long a closing connection waits for its bytes to arrive, or for the client to close too."""


class Connection:
    """Reads requests one after the other and lets `answer` reply to each."""

    def __init__(
        self,
        sock: socket.socket,
        number: int,
        *,
        gate: Gate,
        context: ssl.SSLContext | None,
        answer: Callable[[Request, socket.socket], End] | None,
    ) -> None:
        """Take over an accepted socket.

        Args:
            sock: closed when the connection ends.
            number: which connection of the server it is, from 1.
            gate: tells when the server ends.
            context: speak TLS with it; None speaks plain HTTP.
            answer: replies to a request on the socket; None closes at once, before any TLS.
        """
        self._sock = sock
        self._number = number
        self._gate = gate
        self._context = context
        self._answer = answer
        self._thread = Thread(target=self._run, name=f"fault-server-connection-{number}", daemon=True)

    def start(self) -> None:
        """Serve on an own thread."""
        self._thread.start()

    @property
    def is_open(self) -> bool:
        """Whether it serves, or waits for a request."""
        return self._answer is not None and self._thread.is_alive()

    def stop(self) -> None:
        """Wake the thread up whatever it waits for; `join` follows."""
        # The method of the base class: SSLSocket's drops TLS and lets the thread go on in plain text.
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)

    def join(self, timeout_seconds: float) -> None:
        """Wait for the end of the thread.

        Raises:
            AssertionError: it did not end; the server has a fault of its own.
        """
        self._thread.join(timeout_seconds)
        assert not self._thread.is_alive(), f"{self._thread.name} does not end"

    def _run(self) -> None:
        end = End.CLOSE
        try:
            if self._answer is not None:
                self._shake_hands()
                end = self._serve(self._answer)
        except (OSError, LeftError):
            end = End.FIN
        finally:
            self._close(end)

    def _shake_hands(self) -> None:
        if self._context is None:
            return
        sock = self._context.wrap_socket(self._sock, server_side=True, do_handshake_on_connect=False)
        self._sock = sock
        # A stop() during the exchange met neither socket; the gate was closed before it.
        if self._gate.closing:
            raise LeftError
        sock.do_handshake()

    def _serve(self, answer: Callable[[Request, socket.socket], End]) -> End:
        buffered = b""
        while not self._gate.closing:
            head, buffered = self._read_head(buffered)
            if head is None:
                return End.CLOSE
            request = parse_head(head, connection_number=self._number)
            if request is None:
                self._sock.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return End.CLOSE
            end = answer(request, self._sock)
            if end is not End.KEEP or not request.keep_alive:
                return End.CLOSE if end is End.KEEP else end
        return End.CLOSE

    def _read_head(self, buffered: bytes) -> tuple[bytes | None, bytes]:
        """Return the next head and what came after it; None at the end of the connection."""
        while b"\r\n\r\n" not in buffered:
            more = self._sock.recv(65536)
            if not more or len(buffered) > _HEAD_BYTES:
                return None, b""
            buffered += more
        head, _, rest = buffered.partition(b"\r\n\r\n")
        return head, rest

    def _close(self, end: End) -> None:
        try:
            if self._gate.closing:
                return
            if end is End.RESET:
                self._wait_delivered()
                self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            if end is End.CLOSE and isinstance(self._sock, ssl.SSLSocket):
                self._send_close_notify(self._sock)
            self._linger()
        except OSError:
            pass  # the client was faster
        finally:
            self._sock.close()

    def _send_close_notify(self, sock: ssl.SSLSocket) -> None:
        # Without blocking, unwrap sends its own notice and does not wait for the client's.
        sock.settimeout(0)
        with contextlib.suppress(OSError):
            sock.unwrap()

    def _linger(self) -> None:
        """Send FIN and wait for the client's, since closing over unread bytes would send RST instead."""
        socket.socket.shutdown(self._sock, socket.SHUT_WR)
        socket.socket.settimeout(self._sock, _FLUSH_SECONDS)
        while socket.socket.recv(self._sock, 65536):
            pass

    def _wait_delivered(self) -> None:
        """Wait until the client's system has all bytes, since RST discards what is still queued here."""
        if not sys.platform.startswith("linux"):
            return
        import fcntl
        import termios

        until = time.monotonic() + _FLUSH_SECONDS
        while time.monotonic() < until and not self._gate.closing:
            queued = fcntl.ioctl(self._sock.fileno(), termios.TIOCOUTQ, bytes(4))
            if not any(queued):
                return
            time.sleep(0.001)
