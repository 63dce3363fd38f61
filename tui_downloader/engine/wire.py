"""One connection to an origin: a request goes out, a reply comes in.

Owns the bytes on the way. A header of the usual form is read here, every other one by h11, and so is a body in
chunks or one that only ends with its connection. Must never choose what is asked for, nor follow a redirect.
"""

from __future__ import annotations

import re
import select
import socket
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tui_downloader.engine.failures import BrokenHttpError, TransferError
from tui_downloader.engine.header_guard import HEADER_BYTES_MAX, HeaderGuard
from tui_downloader.engine.plain_head import PlainHead, plain_head
from tui_downloader.engine.reply import Channel, Fields, Reply, Straight
from tui_downloader.model.lifecycle import Reason

if TYPE_CHECKING:
    import h11

    from tui_downloader.engine.tls import TlsChannel

_READ_BYTES = HEADER_BYTES_MAX
_EVENT_BYTES_MAX = 100 * 1024
"""Most bytes of a header, or of the trailer behind chunks, that h11 keeps while it is not complete."""
_TARGET = re.compile(r"[\x21-\x7e]+")
_SENDABLE = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*\r\n)+")


class Wire:
    """One connection; used by one thread at a time."""

    def __init__(
        self, sock: socket.socket, give_back: Callable[[Wire], None], *, tls: TlsChannel | None = None
    ) -> None:
        """Takes over a connected socket.

        Args:
            sock: It is closed with the connection.
            give_back: Hears when the connection may be used again.
            tls: What it carries, where it speaks TLS.
        """
        self.sock = sock
        self._tls = tls
        self._channel: Channel = tls or sock
        self._give_back = give_back

    @property
    def is_stale(self) -> bool:
        """Whether the server has closed it, or sent what nobody asked for: it cannot be used again."""
        if self._tls is not None and self._tls.has_more:
            return True
        if not hasattr(select, "poll"):
            return bool(select.select([self.sock], [], [], 0)[0])
        poll = select.poll()
        poll.register(self.sock, select.POLLIN)
        return bool(poll.poll(0))

    def ask(self, target: str, fields: Fields, *, timeout_seconds: float) -> Reply:
        """Sends a request; returns once the header of its response is there.

        Args:
            target: Path and query.
            fields: All request fields.
            timeout_seconds: Limit of each single write and read.

        Raises:
            OSError: The connection broke, or nothing came.
            BrokenHttpError: What came is no HTTP, or ended too early.
            TransferError: The header is too large, or the request cannot be sent.
        """
        self._channel.settimeout(timeout_seconds)
        self._channel.sendall(_request(target, fields))
        data = self._channel.recv(_READ_BYTES)
        head = plain_head(data)
        if head is not None:
            return self._straight_reply("HTTP/1.1", head, data[head.end :])
        return self._reply_by_h11(target, fields, data)

    def close(self) -> None:
        """Closes the connection."""
        self.sock.close()

    def _use(self) -> _Use:
        """Begins the time in which one response holds the connection."""
        return _Use(self, self._give_back)

    # -------------------------------------------------------------------------------------- bodies of known length

    def _straight_reply(self, version: str, head: PlainHead, came: bytes) -> Reply:
        """Makes the reply whose body is so many bytes; more than those make the connection useless."""
        straight, use = Straight(self._channel, came[: head.length], head.length), self._use()
        finished = use.release if head.keeps_alive and len(came) <= head.length else use.end
        close = finished if len(straight.begin) == head.length else use.end
        return Reply(version, head.status, head.phrase, head.fields, straight, close, finished)

    # ------------------------------------------------------------------------------------------------------ by h11

    def _reply_by_h11(self, target: str, fields: Fields, data: bytes) -> Reply:
        """Has h11 read a header, and the body too if its framing is not simple."""
        import h11  # most servers' headers need it not

        connection, guard = h11.Connection(h11.CLIENT, max_incomplete_event_size=_EVENT_BYTES_MAX), HeaderGuard()
        try:
            connection.send(h11.Request(method=b"GET", target=target, headers=list(fields)))
            connection.send(h11.EndOfMessage())
            response = self._header_by_h11(connection, guard, data)
        except h11.LocalProtocolError as error:
            raise _unsendable() from error
        except h11.RemoteProtocolError as error:
            raise BrokenHttpError(str(error)) from error
        found, version = response.headers.raw_items(), f"HTTP/{response.http_version.decode('ascii')}"
        length = _simple_length(response)
        if length is not None:
            names = {name.lower() for name, _ in found}
            head = PlainHead(
                response.status_code, response.reason, found, length, 0, keeps_alive=b"connection" not in names
            )
            return self._straight_reply(version, head, bytes(connection.trailing_data[0]))
        use = self._use()
        chunks = self._chunks_by_h11(connection, use)
        return Reply(version, response.status_code, response.reason, found, chunks, use.end, use.end)

    def _header_by_h11(
        self, connection: h11.Connection, guard: HeaderGuard, data: bytes
    ) -> h11.Response | h11.InformationalResponse:
        """Reads on until the final response's header is there; 101 is the last one of its connection."""
        import h11

        while True:
            if not guard.is_body:
                guard.feed(data)
            if not data and connection.their_state is h11.SEND_RESPONSE:
                raise BrokenHttpError("the server disconnected without a response")
            connection.receive_data(data)
            while (event := connection.next_event()) is not h11.NEED_DATA:
                interim = isinstance(event, h11.InformationalResponse) and event.status_code != 101
                if isinstance(event, h11.Response | h11.InformationalResponse) and not interim:
                    return event
            data = self._channel.recv(_READ_BYTES)

    def _chunks_by_h11(self, connection: h11.Connection, use: _Use) -> Iterator[bytes]:
        """Yields a body in chunks, or one that ends with its connection."""
        import h11

        while True:
            try:
                event = connection.next_event()
                if event is h11.NEED_DATA:
                    connection.receive_data(self._channel.recv(_READ_BYTES))
            except h11.RemoteProtocolError as error:
                raise BrokenHttpError(str(error)) from error
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed) or event is h11.PAUSED:
                break
        if (
            connection.their_state is h11.DONE
            and connection.our_state is h11.DONE
            and not connection.trailing_data[0]
        ):
            use.release()


class _Use:
    """One response's hold on its connection, which ends once: afterwards another response may have it."""

    def __init__(self, wire: Wire, give_back: Callable[[Wire], None]) -> None:
        self._wire = wire
        self._give_back = give_back
        self._is_over = False

    def release(self) -> None:
        """Gives the connection back after a complete response."""
        if not self._is_over:
            self._is_over = True
            self._give_back(self._wire)

    def end(self) -> None:
        """Closes the connection, unless it was given back before."""
        if not self._is_over:
            self._is_over = True
            self._wire.close()


def _request(target: str, fields: Fields) -> bytes:
    """Words a request.

    Raises:
        TransferError: A field would break it.
    """
    block = b"".join([b"%b: %b\r\n" % each for each in fields])
    is_sendable = _TARGET.fullmatch(target) and _SENDABLE.fullmatch(block)
    if not is_sendable or block.count(b"\n") != len(fields):  # a value may be words of a field of its own
        raise _unsendable()
    return b"GET %b HTTP/1.1\r\n%b\r\n" % (target.encode("ascii"), block)


def _unsendable() -> TransferError:
    return TransferError(Reason.BAD_RESPONSE, "the exchange broke HTTP: a request field cannot be sent")


def _simple_length(response: h11.Response | h11.InformationalResponse) -> int | None:
    """Returns the length of a body that has one and no other framing (RFC 9112 section 6.3)."""
    fields = dict(response.headers)
    simple = (
        response.http_version == b"1.1" and response.status_code >= 200 and response.status_code not in {204, 304}
    )
    if not simple or b"transfer-encoding" in fields or b"content-length" not in fields:
        return None
    return int(fields[b"content-length"])
