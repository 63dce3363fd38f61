"""What is kept of an exchange, read from what went over the wire.

Owns the way from raw header bytes to text. Must never keep anything that was not masked.
"""

from __future__ import annotations

import functools

from tui_downloader.engine.address import Address
from tui_downloader.engine.reply import Fields, Reply
from tui_downloader.model.recorded_exchange import RecordedExchange


def recorded(address: Address, fields: Fields, reply: Reply, *, at: float) -> RecordedExchange:
    """Returns what is kept of a request and the header of its response.

    Args:
        address: What was asked for.
        fields: The request's, as they were sent.
        reply: Its body need not be read.
        at: The present, Unix seconds.
    """
    return RecordedExchange.of(
        at=at,
        url=address.bare,
        target=address.target,
        version=reply.version,
        status=f"{reply.status} {reply.phrase.decode('ascii', 'replace')}".rstrip(),
        request=_text(fields),
        response=_text(reply.fields),
    )


def _text(raw: Fields) -> list[tuple[str, str]]:
    """Decodes fields."""
    return [(_name(name), decoded(value)) for name, value in raw]


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
