"""Sends a reply over a socket the way its manner says.

Owns the order of head, body, pauses and cuts. Must never decide what is answered.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from tests.support.gate import Gate
from tests.support.reply import Cut, Framing, Manner, Reply

_SLICE_BYTES = 65536
"""Most body bytes in one write."""


class End(Enum):
    """What is left to do with the connection once a reply is sent."""

    KEEP = auto()
    CLOSE = auto()
    FIN = auto()
    RESET = auto()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One reply on its way."""

    sock: socket.socket
    """The connected socket, plain or TLS."""
    gate: Gate
    """Where to wait."""
    reply: Reply
    """What is sent."""
    on_body: Callable[[int], None]
    """Told before each write how many body bytes it holds."""
    on_last: Callable[[], None]
    """Told before the last write of the reply."""

    def send(self, *, body_wanted: bool) -> End:
        """Send the reply; without its body for HEAD.

        Raises:
            LeftError: client or server is gone.
            OSError: the same, noticed by the socket.
        """
        manner = self.reply.manner
        if manner.wait_seconds is None:
            self.gate.wait_open(self.sock)
        elif manner.wait_seconds:
            self.gate.wait(self.sock, manner.wait_seconds)
        if self.reply.raw is not None:
            return self._send_raw(self.reply.raw)
        body = memoryview(self.reply.body) if body_wanted else memoryview(b"")
        cut_at = _cut_position(manner, len(body)) if body_wanted else None
        if not body:
            self.on_last()
        self._send_head()
        self._send_body(body, 0, len(body) if cut_at is None else cut_at)
        if cut_at is not None:
            if manner.cut is not Cut.STALL:
                return End.RESET if manner.cut is Cut.RESET else End.FIN
            self.gate.wait_open(self.sock)
            self._send_body(body, cut_at, len(body))
        if body_wanted and self.reply.framing is Framing.CHUNKED:
            self.sock.sendall(b"0\r\n\r\n")
        return End.CLOSE if manner.close else End.KEEP

    def _send_raw(self, raw: bytes) -> End:
        self.on_last()
        self.sock.sendall(raw)
        return End.RESET if self.reply.manner.cut is Cut.RESET and not raw else End.CLOSE

    def _send_head(self) -> None:
        head, pause = self.reply.head, self.reply.manner.head_drip_seconds
        step = 1 if pause else len(head)
        for position in range(0, len(head), step):
            self.sock.sendall(head[position : position + step])
            if pause:
                self.gate.wait(self.sock, pause)

    def _send_body(self, body: memoryview, start: int, stop: int) -> None:
        step = _step_bytes(self.reply.manner)
        began = time.monotonic()
        for position in range(start, stop, step):
            end = min(position + step, stop)
            self._pause_until(began + self._due_seconds(position - start))
            if end == stop and (stop == len(body) or self.reply.manner.cut is not Cut.STALL):
                self.on_last()
            self.on_body(end - position)
            self._write(body[position:end])

    def _due_seconds(self, sent_bytes: int) -> float:
        manner = self.reply.manner
        if manner.body_drip_seconds:
            return sent_bytes * manner.body_drip_seconds
        if manner.bytes_per_second is None or (manner.paced_until_release and self.gate.is_open):
            return 0.0
        return sent_bytes / manner.bytes_per_second

    def _pause_until(self, due: float) -> None:
        left = due - time.monotonic()
        if left > 0:
            self.gate.wait(self.sock, left)

    def _write(self, piece: memoryview) -> None:
        if self.reply.framing is Framing.CHUNKED:
            self.sock.sendall(b"%x\r\n%b\r\n" % (len(piece), bytes(piece)))
        else:
            self.sock.sendall(piece)


def _cut_position(manner: Manner, size: int) -> int | None:
    if manner.cut_after is None or manner.cut_after > size:
        return None
    return manner.cut_after


def _step_bytes(manner: Manner) -> int:
    if manner.body_drip_seconds:
        return 1
    if manner.bytes_per_second is None:
        return _SLICE_BYTES
    return max(1, round(manner.bytes_per_second * manner.burst_seconds))
