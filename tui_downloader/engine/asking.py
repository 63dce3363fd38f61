"""How one transfer asks: its user's fields and permissions with every request, and which answers bring bytes.

Owns the requests' form. Must never decide what an answer means for the bytes on disk: the ladder does.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui_downloader.engine.connections import Connections
from tui_downloader.engine.exchange import Exchange, RequestPlan
from tui_downloader.engine.failures import status_error
from tui_downloader.engine.origins import origin_of
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.request import Request
from tui_downloader.settings import Settings


class Asking:
    """Asks on behalf of one request."""

    def __init__(self, request: Request, connections: Connections, settings: Settings, *, under_way: bool) -> None:
        """Prepares; asks nothing yet.

        Args:
            request: What the user wants.
            connections: Every exchange is opened there.
            settings: Whether insecure and private redirects are followed.
            under_way: Whether part of the file is on disk: a refusal then means that the link has expired.
        """
        self.request = request
        self._connections = connections
        self._settings = settings
        self._under_way = under_way
        self._chosen = {origin_of(each) for each in (request.url, request.checksum_url) if each}

    def plan(self, range_fields: Mapping[str, str], url: str) -> RequestPlan:
        """Builds a request.

        Args:
            range_fields: `Range` and `If-Range`; empty for the whole.
            url: The original URL, where its redirects ended, or another one that the user named: only the
                original's origin is sent the user's secrets.
        """
        return RequestPlan(
            url=url,
            original_url=self.request.url,
            fields=self.request.fields,
            range_fields=range_fields,
            allow_insecure=self.allow_insecure,
            allow_private=self.request.allow_private or self._settings.allow_private,
            is_led=origin_of(url) not in self._chosen,
        )

    @property
    def allow_insecure(self) -> bool:
        """Whether https may lead to http."""
        return self.request.allow_insecure or self._settings.allow_insecure

    def ask(
        self, range_fields: Mapping[str, str] | None = None, *, url: str | None = None
    ) -> tuple[Exchange, ResponseHead]:
        """Sends a request.

        Args:
            range_fields: `Range` and `If-Range`; `None` asks for the whole.
            url: Where; `None` is the original URL.

        Returns:
            The exchange, to be dropped, and the header of its response.

        Raises:
            TransferError: No response, or its status brings no bytes.
            Stopped: It was stopped.
        """
        exchange, head = self._connections.ask(self.plan(range_fields or {}, url or self.request.url))
        if head.status not in ({200, 206, 416} if range_fields else {200}):
            self._connections.drop(exchange)
            error = status_error(
                head.status, under_way=self._under_way, retry_after_seconds=head.retry_after_seconds
            )
            error.exchange = head.exchange
            raise error
        return exchange, head

    def drop(self, exchange: Exchange) -> None:
        """Closes an exchange."""
        self._connections.drop(exchange)
