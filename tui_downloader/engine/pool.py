"""A pool of connections, direct or through one proxy.

Owns the way from an httpx request to an httpx response, and what is said of a proxy that fails. Must never follow
a redirect or read a body.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import httpcore
import httpx

from tui_downloader.engine.failures import TransferError, has_route, root_cause
from tui_downloader.engine.network import Network
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason

_STATUS = re.compile(r"([1-9]\d\d)( |$)")
_PORTS = {"http": 80, "https": 443, "socks5": 1080}
_SOCKS_FAILURE = "Proxy Server could not connect: "
_SOCKS_RULES = ("not allowed", "not supported")


class Pool(httpx.BaseTransport):
    """Connections to all origins, direct or through one proxy; thread-safe."""

    def __init__(self, context: ssl.SSLContext, limits: httpx.Limits, *, proxy: str | None) -> None:
        """Connects to nothing yet.

        Args:
            context: Whom to trust, origins and proxies alike.
            limits: How many connections there may be, and how long idle ones are kept.
            proxy: URL of the proxy, http, https or socks5, with its login; `None` connects directly.

        Raises:
            httpx.InvalidURL: The proxy has no URL.
        """
        url = None if proxy is None else httpx.URL(proxy)
        self._proxy_scheme = None if url is None else url.scheme
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            proxy=None if url is None else _proxy(url, context),
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=Network(),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends a request; returns once the header of its response is there.

        Raises:
            httpx.TransportError: As httpx says it.
            TransferError: The proxy does not let it through, or the header is too large.
        """
        if "%" in request.url.host:
            raise TransferError(
                Reason.UNSUPPORTED_URL,
                "an address with a zone (%…) cannot be downloaded from; use the host’s name",
            )
        assert isinstance(request.stream, httpx.SyncByteStream)
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=self._extensions(request),
        )
        with _as_httpx(), self._proxy_errors():
            response = self._pool.handle_request(asked)
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def _extensions(self, request: httpx.Request) -> dict[str, Any]:
        """Returns what httpcore is told beside the request.

        It leaves a connection open on which the talk with a SOCKS proxy failed; hearing of both, we close it.
        """
        extensions = dict(request.extensions)
        hear, opened = extensions.get("trace"), contextlib.ExitStack()
        if self._proxy_scheme != "socks5" or hear is None:
            return extensions

        def closing(name: str, info: Mapping[str, Any]) -> None:
            if name == "socks.connect_tcp.complete":
                opened.callback(info["return_value"].close)
            elif name == "socks.setup_socks5_connection.failed":
                opened.close()
            hear(name, info)

        extensions["trace"] = closing
        return extensions

    def close(self) -> None:
        """Closes all connections."""
        self._pool.close()

    @contextlib.contextmanager
    def _proxy_errors(self) -> Iterator[None]:
        """Says of a proxy what else would be said of the server.

        Raises:
            TransferError: The proxy stands in the way.
        """
        try:
            yield
        except httpcore.ProxyError as error:
            raise _refusal(str(error)) from error
        except httpcore.ConnectError as error:
            cause = root_cause(error)
            if self._proxy_scheme is not None and isinstance(cause, ConnectionRefusedError):
                raise TransferError(Reason.CONNECTION_LOST, "the proxy refused the connection") from error
            if self._proxy_scheme is not None and isinstance(cause, socket.gaierror) and has_route():
                raise TransferError(Reason.CONNECTION_LOST, "the proxy’s name was not found") from error
            raise
        except (AssertionError, NotImplementedError, OverflowError) as error:
            self._raise_for_socks(error)
            raise
        except Exception as error:
            if type(error).__module__.partition(".")[0] == "socksio":
                self._raise_for_socks(error)
            raise

    def _raise_for_socks(self, error: Exception) -> None:
        """Explains what httpcore lets through where a SOCKS proxy does not speak SOCKS, or takes no such login."""
        if self._proxy_scheme == "socks5":
            raise TransferError(Reason.CONNECTION_LOST, "the SOCKS proxy’s answer makes no sense") from error


class _Body(httpx.SyncByteStream):
    """A response's body as httpx reads it."""

    def __init__(self, response: httpcore.Response) -> None:
        assert isinstance(response.stream, Iterable)
        self._response = response
        self._chunks: Iterable[bytes] = response.stream

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._chunks

    def close(self) -> None:
        """Ends the response, whatever of it was read."""
        self._response.close()


def _proxy(url: httpx.URL, context: ssl.SSLContext) -> httpcore.Proxy:
    """Describes a proxy as httpcore wants it."""
    return httpcore.Proxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port or _PORTS[url.scheme], target=b"/"),
        auth=(url.username.encode(), url.password.encode()) if url.userinfo else None,
        ssl_context=context if url.scheme == "https" else None,
    )


@contextlib.contextmanager
def _as_httpx() -> Iterator[None]:
    """Turns errors of httpcore into those of the same name in httpx."""
    try:
        yield
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError) as error:
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error
    except httpcore.UnsupportedProtocol as error:
        raise httpx.UnsupportedProtocol(str(error)) from error


def _refusal(words: str) -> TransferError:
    """Turns what a proxy answered instead of a connection into a reason.

    Args:
        words: Status code and words of the answer to CONNECT, or httpcore's own words of a SOCKS reply.
    """
    status = _STATUS.match(words)
    if status:
        return _status_refusal(int(status[1]))
    if not words.startswith(_SOCKS_FAILURE):  # the login was asked for, or was wrong
        return TransferError(Reason.NEEDS_CREDENTIALS, "the SOCKS proxy asks for a name and password")
    what = words.removeprefix(_SOCKS_FAILURE).rstrip(".").lower()
    reason = Reason.REFUSED if any(rule in what for rule in _SOCKS_RULES) else Reason.CONNECTION_LOST
    return TransferError(reason, f"the SOCKS proxy made no connection: {safe(what)}")


def _status_refusal(status: int) -> TransferError:
    """Turns the status code of a proxy's answer to CONNECT into a reason (RFC 9110 section 9.3.6)."""
    if status == 407:
        reason, sentence = Reason.NEEDS_CREDENTIALS, "the proxy asks for a name and password"
    elif status >= 500 or status in {408, 429}:
        reason, sentence = Reason.SERVER_ERROR, "the proxy has no connection to the server"
    else:
        reason, sentence = Reason.REFUSED, "the proxy refuses connections to the server"
    return TransferError(reason, f"{sentence} ({status})", http_status=status)
