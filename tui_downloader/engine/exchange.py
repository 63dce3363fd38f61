"""One request and its response, over redirects, under our own limits.

Owns everything from the URL to the first body byte: scheme and address rules at every hop, credentials and cookies
that stay with their origin, total limits for connecting and for the header. Must never write a file.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui_downloader import __version__
from tui_downloader.engine.address import Address
from tui_downloader.engine.addresses import check_address, check_scheme, is_public
from tui_downloader.engine.body import blocks, gather
from tui_downloader.engine.cookies import Cookies
from tui_downloader.engine.credentials import Netrc, login_for
from tui_downloader.engine.failures import BrokenHttpError, ObjectChangedError, TransferError, network_errors
from tui_downloader.engine.recording import recorded
from tui_downloader.engine.reply import Fields, Reply, Straight, decoded
from tui_downloader.engine.response import ResponseHead, read_head
from tui_downloader.engine.stopping import StopCause, Stopped, Stopper
from tui_downloader.engine.throttle import Throttles
from tui_downloader.engine.trail import Trail
from tui_downloader.engine.transport import Transports
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.masking import is_harmless
from tui_downloader.settings import Settings

if TYPE_CHECKING:
    from tui_downloader.engine.direct import Direct
    from tui_downloader.engine.pool import Pool

AT_ONCE_BYTES = 64 * 1024
"""A body of no more than this may be held in memory until it is complete..."""
AT_ONCE_SECONDS = 0.25
"""... if it does not take longer than this."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FIELDS = (
    ("User-Agent", f"tuidl/{__version__}"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "identity"),
    ("Connection", "keep-alive"),
)
"""What is sent with every request unless the user says otherwise."""


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
        self._reply: Reply | None = None
        self._deadline: tuple[float, StopCause] | None = None
        self._came_from_public = False
        self._check_private: tuple[bool, bool] = (False, True)
        self._reused = False
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
        except (TransferError, Stopped) as error:
            self._raise_for_stop(error)
            raise
        finally:
            self._deadline = None

    def whole(self, length: int | None) -> bytes | None:
        """Returns a body that is small and there at once.

        Args:
            length: Its length; `None` if unknown.

        Returns:
            `None`: it is not, or its speed is limited; `blocks` yields all of it, whatever came meanwhile.

        Raises:
            Stopped: It was stopped.
        """
        if self._reply is None or length is None or not 0 < length <= AT_ONCE_BYTES:
            return None
        body = self._reply.body
        if not isinstance(body, Straight):
            return None
        if self._throttles.piece_bytes is not None or not gather(body, self.stopper, seconds=AT_ONCE_SECONDS):
            return None
        self.stopper.release()  # as at the end of `blocks`: the connection may be somebody else's at once
        self._reply.finished()
        return body.begin

    def blocks(self) -> Iterator[memoryview]:
        """Yields the body as it was sent, without decoding; a block is valid until the next one.

        Raises:
            TransferError: The connection was lost.
            Stopped: It was stopped.
        """
        assert self._reply is not None, "open() comes first"
        try:
            with network_errors():
                wait = self._settings.minimum_speed_seconds
                body = blocks(
                    self._reply,
                    self.stopper,
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
        if self._reply is not None:
            self._reply.close()
            self._reply = None

    def close(self) -> None:
        """Closes everything."""
        self.close_response()

    def _follow(self, plan: RequestPlan) -> ResponseHead:
        """Sends requests until one is not answered by a redirect."""
        address, scheme = Address.of(plan.url), None
        original = address if plan.original_url == plan.url else Address.of(plan.original_url)
        for redirects in range(self._settings.redirects_max + 1):
            check_scheme(scheme, address.scheme, allow_insecure=plan.allow_insecure)
            scheme = address.scheme
            fields = _request_fields(address, original, plan, self._transports.netrc, self._trail.cookies)
            reply = self._send(address, fields, plan)
            location = reply.field(b"location") if reply.status in _REDIRECTS else None
            if not location:
                now = time.time()
                exchange = recorded(address, fields, reply, at=now)
                return read_head(reply, address=address, redirects=redirects, now=now, exchange=exchange)
            self._trail.cookies.take(address, reply.fields)
            self.close_response()
            address = address.join(decoded(location))
        raise TransferError(Reason.TOO_MANY_REDIRECTS, f"more than {self._settings.redirects_max} redirects")

    def _send(self, address: Address, fields: Fields, plan: RequestPlan) -> Reply:
        """Sends one request; returns once its header is there."""
        self.stopper.check()
        if "%" in address.raw_host:
            raise TransferError(
                Reason.UNSUPPORTED_URL,
                "an address with a zone (%…) cannot be downloaded from; use the host’s name",
            )
        proxy = self._transports.proxy_for(address)
        self._check_private = (proxy is None, plan.allow_private)
        way = self._transports.way(proxy)
        self._deadline = (time.monotonic() + self._settings.connect_seconds, StopCause.CONNECT_LIMIT)
        self._reply = reply = self._answer(way, address, fields)
        self._deadline = None
        self.stopper.check()
        return reply

    def _answer(self, way: Direct | Pool, address: Address, fields: Fields) -> Reply:
        """Has a request answered; one that met an old connection just when the server closed it is sent again.

        The limits of single reads and writes are a backstop behind our own.
        """
        settings = self._settings
        while True:
            self._reused = False
            try:
                return way.ask(
                    address,
                    fields,
                    self,
                    connect_seconds=settings.connect_seconds,
                    wait_seconds=settings.minimum_speed_seconds,
                )
            except (OSError, BrokenHttpError) as error:
                silent = isinstance(error, TimeoutError)
                if silent or not self._reused or self.stopper.cause is not None:
                    raise

    def connected(self, sock: socket.socket, *, reused: bool) -> None:
        """Takes over a TCP connection, just made or used before: guards it, and judges where it leads."""
        self._reused = reused
        self.stopper.guard(sock)
        self.stopper.check()
        direct, allow_private = self._check_private
        if direct:
            peer = str(sock.getpeername()[0])
            check_address(peer, came_from_public=self._came_from_public, allow_private=allow_private)
            self._came_from_public = self._came_from_public or is_public(peer)
        else:
            self._came_from_public = True  # where a proxy leads is not known, and mostly the Internet
        self._trail.was_public = self._trail.was_public or self._came_from_public

    def sending(self) -> None:
        """Hears that the request is written now: its answer has a limit of its own."""
        self._deadline = (time.monotonic() + self._settings.header_seconds, StopCause.HEADER_LIMIT)

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
    address: Address, original: Address, plan: RequestPlan, logins: Netrc, cookies: Cookies
) -> Fields:
    """Builds the request fields; credentials stay with the origin they were given for (RFC 9110 section 15.4)."""
    same_origin = address.origin == original.origin
    added = [(name, value) for name, value in plan.fields if same_origin or _is_for_all(name)]
    replaced = {name.lower() for name, _ in added}
    fields = [("Host", address.netloc), *_FIELDS]
    login = None if "authorization" in replaced else login_for(address, original, logins)
    if login is not None:
        fields.append(("Authorization", login.authorization))
    cookie = None if "cookie" in replaced else cookies.field(address)
    if cookie is not None:
        added.append(("Cookie", cookie))
    kept = [(name, value) for name, value in fields if name.lower() not in replaced] if replaced else fields
    return [(name.encode("ascii"), _bytes(value)) for name, value in [*kept, *added, *plan.range_fields.items()]]


def _bytes(value: str) -> bytes:
    """Encodes a field's value: an entity tag goes back byte for byte, whatever its server had put in it."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


def _is_for_all(name: str) -> bool:
    """Tells whether another origin may hear a field of the user's: an API key may have any name."""
    return is_harmless(name) and name.lower() != "host"
