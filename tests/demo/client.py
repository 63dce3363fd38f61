"""One request to a server on loopback, and its whole answer."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from dataclasses import dataclass

from tui_downloader.demo.rendezvous import HOST

PATIENCE_SECONDS = 60.0
"""How long a test waits for something that should happen at once, before it calls it broken."""


@dataclass(frozen=True)
class Reply:
    """A whole response."""

    status: int
    """The status code."""
    fields: Mapping[str, str]
    """The header fields, names in lower case."""
    content: bytes
    """What followed them."""


def ask(connection: http.client.HTTPConnection, method: str, path: str, fields: Mapping[str, str]) -> Reply:
    """Send a request on an open connection and read its response to the end.

    Args:
        connection: Stays open if the server lets it.
        method: The request's method.
        path: The request's target, sent as it is.
        fields: The request's header fields.
    """
    connection.request(method, path, headers=dict(fields))
    response = connection.getresponse()
    content = response.read()
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


def fetch(port: int, path: str, *, method: str = "GET", fields: Mapping[str, str] | None = None) -> Reply:
    """Send one request on a connection of its own.

    Args:
        port: The server's port.
        path: The request's target, sent as it is.
        method: The request's method.
        fields: The request's header fields.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
    try:
        return ask(connection, method, path, fields or {})
    finally:
        connection.close()
