"""One request and its response, over redirects, under our own limits.

Owns everything from the URL to the first body byte: scheme and address rules at every hop, credentials and cookies
that stay with their origin, total limits for connecting and for the header. Must never write a file.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore
import httpx

from tui_downloader import __version__
from tui_downloader.engine.addresses import check_address, check_scheme, is_public
from tui_downloader.engine.body import blocks
from tui_downloader.engine.credentials import Netrc, is_same_origin, login_for
from tui_downloader.engine.failures import ObjectChangedError, TransferError, network_errors
from tui_downloader.engine.network import listening
from tui_downloader.engine.pool import Pool
from tui_downloader.engine.recording import recorded
from tui_downloader.engine.response import ResponseHead, read_head
from tui_downloader.engine.stopping import StopCause, Stopped, Stopper
from tui_downloader.engine.throttle import Throttles
from tui_downloader.engine.trail import Trail
from tui_downloader.engine.transport import Transports
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.masking import is_harmless
from tui_downloader.settings import Settings

_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPlan:
    """What to ask for, before any redirect."""

    url: str = field(repr=False)
    """Where; may hold secrets."""
    original_url: str = field(repr=False)
    """The URL as added: credentials are for its origin only, and so are fields that may hold some."""
    fields: Sequence[tuple[str, str]] = field(repr=False)
    """The user's request fields."""
    range_fields: Mapping[str, str]
    """`Range` and `If-Range`; empty for the whole."""
    allow_insecure: bool
    """Whether https may lead to http."""
    allow_private: bool
    """Whether a public address may lead to a private one."""
    is_led: bool = False
    """Whether redirects led to its origin, not the user: the name may have another address by now."""


class Exchange:
    """Makes requests for one transfer, one at a time, and can be stopped from another thread."""

    def __init__(
        self,
        transports: Transports,
        throttles: Throttles,
        settings: Settings,
        *,
        trail: Trail | None = None,
    ) -> None:
        """Connects to nothing yet.

        Args:
            transports: Where connections come from.
            throttles: The speed limits.
            settings: The other limits.
            trail: What requests of the same download left; kept up to date. `None` begins without.
        """
        self._throttles = throttles
        self._trail = Trail() if trail is None else trail
        self._overlap = b""
        self._transports = transports
        self._settings = settings
        self._response: httpx.Response | None = None
        self._deadline: tuple[float, StopCause] | None = None
        self._came_from_public = False
        self._check_private: tuple[bool, bool] = (False, True)
        self._guarded = self._reused = False
        self.stopper = Stopper()
        """Ends whatever the exchange waits for."""

    def open(self, plan: RequestPlan) -> ResponseHead:
        """Sends the request, follows redirects, and returns the final response's header.

        Args:
            plan: What to ask for.

        Returns:
            The header; the body is read with `blocks()`.

        Raises:
            TransferError: No usable response.
            Stopped: It was stopped.
        """
        self.close_response()
        self._came_from_public = plan.is_led and self._trail.was_public
        try:
            with network_errors():
                return self._follow(plan)
        except TransferError as error:
            self._raise_for_stop(error)
            raise
        finally:
            self._deadline = None

    def blocks(self) -> Iterator[memoryview]:
        """Yields the body as it was sent, without decoding; a block is valid until the next one.

        Raises:
            TransferError: The connection was lost.
            Stopped: It was stopped.
        """
        assert self._response is not None, "open() comes first"
        try:
            with network_errors():
                direct, _ = self._check_private
                wait = self._settings.minimum_speed_seconds
                body = blocks(
                    self._response,
                    self.stopper,
                    direct=direct,
                    timeout_seconds=wait,
                    read_bytes=lambda: self._throttles.piece_bytes,
                    sharers=self._throttles.connections + 1,
                )
                for piece in self._throttles.paced(body, self.stopper.wait):
                    fresh = self._behind_overlap(piece)
                    if fresh:
                        yield fresh
        except (TransferError, Stopped) as error:
            self._raise_for_stop(error)
            raise

    def expect_overlap(self, known: bytes) -> None:
        """Makes `blocks` compare the first bytes of the body with known ones, and not yield them.

        Args:
            known: What is on disk; if the body differs, `blocks` raises `ObjectChangedError`.
        """
        self._overlap = known

    def _behind_overlap(self, block: memoryview) -> memoryview:
        """Compares what of a block lies in the overlap; returns the rest."""
        count = min(len(block), len(self._overlap))
        if block[:count] != self._overlap[:count]:
            raise ObjectChangedError("the file changed on the server")
        self._overlap = self._overlap[count:]
        return block[count:]

    def supervise(self, *, now: float) -> None:
        """Ends a connection or header that takes too long; called a few times a second from another thread.

        Args:
            now: Monotonic seconds.
        """
        deadline = self._deadline
        if deadline is not None and now > deadline[0]:
            self.stopper.stop(deadline[1])

    def close_response(self) -> None:
        """Closes the present response; its connection may be used again by others if all of it was read."""
        self.stopper.release()
        if self._response is not None:
            self._response.close()
            self._response = None

    def close(self) -> None:
        """Closes everything."""
        self.close_response()

    def _follow(self, plan: RequestPlan) -> ResponseHead:
        """Sends requests until one is not answered by a redirect."""
        url, scheme = httpx.URL(plan.url), None
        original = url if plan.original_url == plan.url else httpx.URL(plan.original_url)
        for redirects in range(self._settings.redirects_max + 1):
            check_scheme(scheme, url.scheme, allow_insecure=plan.allow_insecure)
            scheme = url.scheme
            response = self._send(url, original, plan)
            location = response.headers.get("location") if response.status_code in _REDIRECTS else None
            if not location:
                now = time.time()
                exchange = recorded(response.request, response, at=now)
                return read_head(response, url=url, redirects=redirects, now=now, exchange=exchange)
            self._trail.cookies.extract_cookies(response)
            self.close_response()
            url = url.join(location)
        raise TransferError(Reason.TOO_MANY_REDIRECTS, f"more than {self._settings.redirects_max} redirects")

    def _send(self, url: httpx.URL, original: httpx.URL, plan: RequestPlan) -> httpx.Response:
        """Sends one request; returns once its header is there."""
        self.stopper.check()
        proxy = self._transports.proxy_for(url)
        self._check_private = (proxy is None, plan.allow_private)
        request = httpx.Request(
            "GET",
            url.copy_with(username="", password="", fragment=None) if url.userinfo or url.fragment else url,
            headers=_request_fields(url, original, plan, self._transports.netrc),
            extensions={"trace": self._trace, "timeout": self._timeouts()},
        )
        if self._trail.cookies:
            self._trail.cookies.set_cookie_header(request)
        self._deadline = (time.monotonic() + self._settings.connect_seconds, StopCause.CONNECT_LIMIT)
        response = self._answer(self._transports.pool(proxy), request)
        response.request = request
        self._deadline = None
        self._response = response
        self.stopper.check()
        return response

    def _answer(self, pool: Pool, request: httpx.Request) -> httpx.Response:
        """Has a request answered; one that met an old connection just when the server closed it is sent again."""
        while True:
            self._guarded = self._reused = False
            try:
                with listening(self._about_to_send):
                    return pool.handle_request(request)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                if not self._reused or self.stopper.cause is not None:
                    raise

    def _about_to_send(self, stream: httpcore.NetworkStream) -> None:
        """Hears over which connection the request goes; an old one was not heard of before."""
        if not self._guarded:
            self._reused = True
            self._connected(stream)

    def _timeouts(self) -> dict[str, float]:
        """Returns httpx's limits, which hold for single reads and writes: a backstop behind our own."""
        wait = self._settings.minimum_speed_seconds
        return {"connect": self._settings.connect_seconds, "read": wait, "write": wait, "pool": wait}

    def _trace(self, name: str, info: Mapping[str, Any]) -> None:
        """Hears from httpcore how far the request is: guards the socket, judges the address, sets limits."""
        if name.endswith(".connect_tcp.complete"):  # the origin's, a proxy's or a SOCKS proxy's
            stream = info["return_value"]
            try:
                self._connected(stream)
            except BaseException:
                stream.close()
                raise
        elif name == "http11.send_request_headers.started":
            self._deadline = (time.monotonic() + self._settings.header_seconds, StopCause.HEADER_LIMIT)

    def _connected(self, stream: Any) -> None:
        """Takes over a TCP connection, just made or used before."""
        self._guarded = True
        self.stopper.guard(stream.get_extra_info("socket"))
        self.stopper.check()
        direct, allow_private = self._check_private
        if direct:
            address = str(stream.get_extra_info("server_addr")[0])
            check_address(address, came_from_public=self._came_from_public, allow_private=allow_private)
            self._came_from_public = self._came_from_public or is_public(address)
        else:
            self._came_from_public = True  # where a proxy leads is not known, and mostly the Internet
        self._trail.was_public = self._trail.was_public or self._came_from_public

    def _raise_for_stop(self, error: TransferError | Stopped) -> None:
        """Explains an error that was the effect of our own stop."""
        cause = self.stopper.cause
        if cause is StopCause.CONNECT_LIMIT:
            raise TransferError(Reason.TIMEOUT, "no connection in time") from error
        if cause is StopCause.HEADER_LIMIT:
            raise TransferError(Reason.TIMEOUT, "no complete answer in time") from error
        if cause is StopCause.TOO_SLOW:
            raise TransferError(Reason.TIMEOUT, "the connection stalled") from error
        if cause is not None:
            raise Stopped(cause) from error


def _request_fields(
    url: httpx.URL, original: httpx.URL, plan: RequestPlan, logins: Netrc
) -> list[tuple[str, str]]:
    """Builds the request fields; credentials stay with the origin they were given for (RFC 9110 section 15.4)."""
    fields = {
        "Host": url.netloc.decode("ascii"),
        "User-Agent": f"tuidl/{__version__}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "keep-alive",
    }
    added = [(name, value) for name, value in plan.fields if is_same_origin(url, original) or _is_for_all(name)]
    replaced = {name.lower() for name, _ in added}
    login = None if "authorization" in replaced else login_for(url, original, logins)
    if login is not None:
        fields["Authorization"] = login.authorization
    kept = [(name, value) for name, value in fields.items() if name.lower() not in replaced]
    return [*kept, *added, *plan.range_fields.items()]


def _is_for_all(name: str) -> bool:
    """Tells whether another origin may hear a field of the user's: an API key may have any name."""
    return is_harmless(name) and name.lower() != "host"
