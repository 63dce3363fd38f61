"""Connections through one proxy.

Owns the way from a request to a reply by httpcore, and what is said of a proxy that fails. Must never follow a
redirect or read a body. Loaded where there is a proxy: `direct` goes without.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterator, Mapping
from typing import Any

import httpcore

from tui_downloader.engine.address import Address
from tui_downloader.engine.direct import IDLE_MAX, IDLE_SECONDS
from tui_downloader.engine.failures import (
    BrokenHttpError,
    NoConnectionError,
    TransferError,
    has_route,
    root_cause,
)
from tui_downloader.engine.network import Network, listening
from tui_downloader.engine.reply import Fields, Hearer, Reply
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason

_STATUS = re.compile(r"([1-9]\d\d)( |$)")
_PORTS = {"http": 80, "https": 443, "socks5": 1080}
_SOCKS_FAILURE = "Proxy Server could not connect: "
_SOCKS_RULES = ("not allowed", "not supported")


class Pool:
    """Connections to all origins through one proxy; thread-safe."""

    def __init__(self, context: ssl.SSLContext, proxy: str) -> None:
        """Connects to nothing yet.

        Args:
            context: Whom to trust, origins and proxies alike.
            proxy: URL of the proxy, http, https or socks5, with its login.
        """
        address = Address.of(proxy)
        self._proxy_scheme = address.scheme
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            proxy=_proxy(address, context),
            max_connections=None,
            max_keepalive_connections=IDLE_MAX,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=Network(),
        )

    def ask(
        self, address: Address, fields: Fields, hearer: Hearer, *, connect_seconds: float, wait_seconds: float
    ) -> Reply:
        """Sends a request; returns once the header of its response is there.

        Args:
            address: Where.
            fields: All request fields.
            hearer: Hears how far it is.
            connect_seconds: Limit of connecting, and of each TLS handshake.
            wait_seconds: Limit of each single read and write.

        Raises:
            NoConnectionError: None could be made; its cause says why.
            OSError: It broke, or somebody was silent for too long.
            BrokenHttpError: What came is no HTTP.
            TransferError: The proxy does not let it through, or the header is too large.
        """
        telling = _Telling(hearer, closes_socks=self._proxy_scheme == "socks5")
        wait = {"read": wait_seconds, "write": wait_seconds, "pool": wait_seconds}
        asked = httpcore.Request(
            b"GET",
            httpcore.URL(
                scheme=address.scheme.encode("ascii"),
                host=address.raw_host.encode("ascii"),
                port=address.port,
                target=address.target.encode("ascii"),
            ),
            headers=fields,
            extensions={"trace": telling.trace, "timeout": {"connect": connect_seconds, **wait}},
        )
        with _as_ours(), self._proxy_errors(), listening(telling.about_to_send):
            response = self._pool.handle_request(asked)
        version: bytes = response.extensions.get("http_version", b"HTTP/1.1")
        phrase: bytes = response.extensions.get("reason_phrase", b"")
        body, close = _body(response), response.close
        return Reply(version.decode("ascii"), response.status, phrase, response.headers, body, close, close)

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
            if isinstance(cause, ConnectionRefusedError):
                raise TransferError(Reason.CONNECTION_LOST, "the proxy refused the connection") from error
            if isinstance(cause, socket.gaierror) and has_route():
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


class _Telling:
    """Tells of a request's progress what httpcore traces, and what it does not.

    It leaves a connection open on which the talk with a SOCKS proxy failed; hearing of both, we close it.
    """

    def __init__(self, hearer: Hearer, *, closes_socks: bool) -> None:
        self._hearer = hearer
        self._closes_socks = closes_socks
        self._opened = contextlib.ExitStack()
        self._is_new = False

    def trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Hears from httpcore how far the request is."""
        if name.endswith(".connect_tcp.complete"):  # to a proxy, or to a SOCKS proxy
            self._is_new = True
            stream: httpcore.NetworkStream = info["return_value"]
            if self._closes_socks:
                self._opened.callback(stream.close)
            try:
                self._hearer.connected(stream.get_extra_info("socket"), reused=False)
            except BaseException:
                stream.close()
                raise
        elif name == "socks.setup_socks5_connection.failed":
            self._opened.close()
        elif name == "http11.send_request_headers.started":
            self._hearer.sending()

    def about_to_send(self, stream: httpcore.NetworkStream) -> None:
        """Hears over which connection the request goes; an old one was not heard of before."""
        if not self._is_new:
            self._is_new = True
            self._hearer.connected(stream.get_extra_info("socket"), reused=True)


def _body(response: httpcore.Response) -> Iterator[bytes]:
    """Yields a response's body."""
    with _as_ours():
        yield from response.iter_stream()


def _proxy(address: Address, context: ssl.SSLContext) -> httpcore.Proxy:
    """Describes a proxy as httpcore wants it."""
    url = httpcore.URL(
        scheme=address.scheme.encode("ascii"),
        host=address.raw_host.encode("ascii"),
        port=address.port or _PORTS[address.scheme],
        target=b"/",
    )
    name, password = address.login or ("", "")
    return httpcore.Proxy(
        url,
        auth=(name.encode(), password.encode()) if address.login else None,
        ssl_context=context if address.scheme == "https" else None,
    )


@contextlib.contextmanager
def _as_ours() -> Iterator[None]:
    """Turns errors of httpcore into those that `direct` raises."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise TimeoutError(str(error)) from error
    except httpcore.ConnectError as error:
        raise NoConnectionError(str(error)) from error
    except httpcore.NetworkError as error:
        raise ConnectionError(str(error)) from error
    except httpcore.RemoteProtocolError as error:
        raise BrokenHttpError(str(error)) from error
    except httpcore.LocalProtocolError as error:
        raise TransferError(Reason.BAD_RESPONSE, f"the exchange broke HTTP: {safe(str(error))}") from error
    except httpcore.UnsupportedProtocol as error:
        raise TransferError(Reason.UNSUPPORTED_URL, "the address cannot be downloaded from") from error


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
