"""A response whose header has come, and who is told on the way to it.

Owns what an exchange may do with a response, however it was sent. Must never know what was asked for.
"""

from __future__ import annotations

import functools
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

Fields = Sequence[tuple[bytes, bytes]]
"""Names and values as they went over the wire, in order."""
TextFields = Sequence[tuple[str, str]]
"""The same as text."""


class Channel(Protocol):
    """What a connection carries, without TLS."""

    def settimeout(self, seconds: float, /) -> None:
        """Limits each read and write."""

    def sendall(self, data: bytes, /) -> None:
        """Sends all of the bytes."""

    def recv(self, count: int, /) -> bytes:
        """Reads no more than so many bytes; none at the end."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """Reads into a buffer; returns how many bytes came, 0 at the end."""


class Hearer(Protocol):
    """Hears how far a request is, in the thread that sends it; what it raises ends the request."""

    def connected(self, sock: socket.socket, *, reused: bool) -> None:
        """Over this connection it goes; nothing was written to it yet.

        Args:
            sock: Connected by TCP, TLS not begun if it is new.
            reused: Whether it carried other requests before.
        """

    def sending(self) -> None:
        """The connection stands: the header is written now."""


@dataclass(slots=True)
class Straight:
    """A body that is nothing but so many bytes of a connection."""

    channel: Channel
    """Where they come."""
    begin: bytes
    """What came together with the header; never more than the body."""
    length: int
    """Bytes of the body."""


@dataclass(slots=True)
class Reply:
    """A response; somebody must call `close`."""

    version: str
    """As in `HTTP/1.1`."""
    status: int
    """Status code."""
    phrase: bytes
    """Reason phrase; often empty."""
    fields: Fields = field(repr=False)
    """The header's."""
    body: Straight | Iterator[bytes] = field(repr=False)
    """Where to read the body, or the body itself, without its framing."""
    close: Callable[[], None] = field(repr=False)
    """Ends it. The connection is used again if `finished` was called, else closed; a second call does nothing."""
    finished: Callable[[], None] = field(repr=False)
    """Hears that a body that was read straight is complete: the connection may be used again at once."""
    _text: TextFields | None = field(default=None, init=False, repr=False)

    @property
    def text(self) -> TextFields:
        """The fields as text, which is asked for more than once."""
        if self._text is None:
            self._text = text_of(self.fields)
        return self._text

    def field(self, name: bytes) -> bytes | None:
        """Returns the first field of a name, as received: servers send file names in all sorts of encodings.

        Args:
            name: In lower case.
        """
        return next((value for each, value in self.fields if each.lower() == name), None)


def text_of(fields: Fields) -> TextFields:
    """Decodes fields."""
    return [(_name(name), decoded(value)) for name, value in fields]


@functools.lru_cache(maxsize=512)
def _name(name: bytes) -> str:
    """Decodes a field's name; every file of a server has the same few."""
    return decoded(name)


def decoded(part: bytes) -> str:
    """Returns a field's name or value as text: UTF-8 where it is, else byte by byte."""
    try:
        return part.decode()
    except UnicodeDecodeError:
        return part.decode("latin-1")
