"""What is kept of an exchange, read from httpx's values.

Owns the way from raw header bytes to text. Must never keep anything that was not masked.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import httpx

from tui_downloader.model.recorded_exchange import RecordedExchange


def recorded(request: httpx.Request, response: httpx.Response, *, at: float) -> RecordedExchange:
    """Returns what is kept of a request and the header of its response.

    Args:
        request: As it was sent.
        response: Its body need not be read.
        at: The present, Unix seconds.
    """
    return RecordedExchange.of(
        at=at,
        url=str(request.url),
        target=request.url.raw_path.decode("ascii", "replace"),
        version=response.http_version,
        status=f"{response.status_code} {response.reason_phrase}".rstrip(),
        request=_text(request.headers.raw),
        response=_text(response.headers.raw),
    )


def _text(raw: Sequence[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """Decodes fields: UTF-8 where it is, else byte by byte."""
    return [(_name(name), _decoded(value)) for name, value in raw]


@functools.lru_cache(maxsize=512)
def _name(name: bytes) -> str:
    """Decodes a field's name; every file of a server has the same few."""
    return _decoded(name)


def _decoded(part: bytes) -> str:
    try:
        return part.decode()
    except UnicodeDecodeError:
        return part.decode("latin-1")
