"""The list of digests that a request names beside its file, `SHA256SUMS` and its kin.

Owns bringing it and finding the file's line (`protocol.checksum_list` reads the text). Must never let a list that
cannot be had pass for a file that needs no digest.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from tui_downloader.engine.asking import Asking
from tui_downloader.engine.coding import Decoder
from tui_downloader.engine.connections import Connections
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import TransferError, status_error
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.stopping import StopCause
from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.request import host_of
from tui_downloader.protocol.checksum_list import LIST_BYTES_MAX, ChecksumLine, find, names_for, parse
from tui_downloader.protocol.field_text import text_of
from tui_downloader.protocol.filename import choose_filename

LIST_SECONDS = 30.0
"""A list that is not there after this many seconds is tried again later; its header has limits of its own."""


class DigestList:
    """One list; `fetch` in the transfer's thread, `supervise` in another one."""

    def __init__(self, url: str, asking: Asking, connections: Connections) -> None:
        """Prepares; connects to nothing.

        Args:
            url: Where the list lies.
            asking: How to ask.
            connections: Its exchange is opened there.
        """
        self._url = url
        self._asking = asking
        self._connections = connections
        self._lines: Sequence[ChecksumLine] = ()
        self._waiting: tuple[float, Exchange] | None = None

    def fetch(self) -> None:
        """Brings the list as it is now.

        Raises:
            TransferError: It cannot be had; a reason that waits may pass by itself.
            Stopped: It was stopped.
        """
        try:
            self._lines = parse(text_of(self._body()))
        except TransferError as error:
            # "Not found" would be read as said of the file.
            reason = Reason.BAD_RESPONSE if error.reason is Reason.NOT_FOUND else error.reason
            raise TransferError(
                reason,
                f"{self._words}: {error}",
                http_status=error.http_status,
                retry_after_seconds=error.retry_after_seconds,
            ) from error

    def digest_for(self, head: ResponseHead) -> Digest:
        """Finds the digest of the file that a response brings.

        A list may call it what the server does, what the user does, or what its URL ends with.

        Raises:
            TransferError: The list has no line for it.
        """
        request = self._asking.request
        servers = choose_filename(
            requested=None,
            disposition=head.disposition,
            final_url=head.final_url,
            original_url=request.url,
            media_type=head.media_type,
        )
        names = [servers, *names_for(request.url, requested=request.filename), *names_for(head.final_url)]
        found = find(self._lines, names)
        if found is None:
            raise TransferError(Reason.BAD_RESPONSE, f"{self._words} has no line for {safe(servers)}")
        algorithm, value = found
        return Digest(algorithm=algorithm, value=value, source="user", verified=False)

    def supervise(self, *, now: float) -> None:
        """Ends a list that takes too long; monotonic seconds."""
        waiting = self._waiting
        if waiting is not None and now > waiting[0]:
            waiting[1].stopper.stop(StopCause.HEADER_LIMIT)

    @property
    def _words(self) -> str:
        """What it is called in a sentence; no part of its URL but the host, for there may be secrets."""
        return f"the list of digests at {host_of(self._url)}"

    def _body(self) -> bytes:
        """Asks for it and reads it all."""
        deadline = time.monotonic() + LIST_SECONDS
        exchange, head = self._connections.ask(self._asking.plan({}, self._url))
        self._waiting = (deadline, exchange)
        try:
            if head.status != 200:
                raise status_error(head.status, under_way=False, retry_after_seconds=head.retry_after_seconds)
            return _read(exchange, Decoder(head.content_coding) if head.content_coding else None)
        finally:
            self._waiting = None
            self._connections.drop(exchange)


def _read(exchange: Exchange, decoder: Decoder | None) -> bytes:
    """Reads a body that is no longer than a list may be."""
    text = bytearray()
    for block in exchange.blocks():
        for piece in decoder.decode(block) if decoder else (block,):
            text += piece
            if len(text) > LIST_BYTES_MAX:
                raise TransferError(Reason.BAD_RESPONSE, f"more than {LIST_BYTES_MAX // 1024**2} MiB")
    if decoder:
        text += decoder.finish()
    return bytes(text)
