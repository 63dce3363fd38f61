"""A look at a server: what would a request bring?

Owns one such look, under the rules that hold for transfers: redirects, addresses, credentials. Must never write a
file, nor take more of the body than the byte it asks for.
"""

from __future__ import annotations

import dataclasses

from tui_downloader.engine.asking import Asking
from tui_downloader.engine.connections import Connections
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import TransferError, status_error
from tui_downloader.engine.ladder import resumable_from
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.engine.throttle import Throttles
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.probe import PROBE_SECONDS, Evidence, NamedBy, ProbeAnswer
from tui_downloader.model.request import Request
from tui_downloader.protocol.disposition import filename_from_disposition
from tui_downloader.protocol.filename import choose_filename, name_from_url, safe_filename
from tui_downloader.protocol.range_fields import range_field
from tui_downloader.protocol.validators import Validator

_FIRST_BYTE = {"Range": range_field(0, 1)}
"""Kinder than the whole: the server need not begin to send it, and shows whether it knows ranges."""
_RANGE_REFUSED = frozenset({400, 405, 416, 501})
"""Answers that may be for the range alone; the whole is asked for then, and not read."""
_BODY_BYTES_MAX = 4096
"""So short a body is read to its end, and its connection can be used again by the download that follows."""
_PAGES = frozenset({"text/html", "application/xhtml+xml"})


class Probe:
    """One look; `run` in a thread of its own, the rest from another one."""

    def __init__(self, request: Request, shared: Shared) -> None:
        """Prepares; connects to nothing."""
        self._request = request
        self._connections = Connections(shared.transports, Throttles(shared.throttle), shared.settings)
        self._asking = Asking(request, self._connections, shared.settings, under_way=False)

    def run(self) -> ProbeAnswer:
        """Looks.

        Returns:
            What was found; a failure is an answer too.
        """
        try:
            return self._look(_FIRST_BYTE) or self._look({}) or _UNUSABLE
        except TransferError as error:
            return ProbeAnswer(reason=error.reason, error=str(error), http_status=error.http_status)
        except Stopped:
            return TOO_SLOW
        finally:
            self._connections.stop(StopCause.ASKED)
            self._connections.close()

    def stop(self) -> None:
        """Ends it at once."""
        self._connections.stop(StopCause.HEADER_LIMIT)

    def supervise(self, *, now: float) -> None:
        """Watches the limits of connecting and of headers; monotonic seconds."""
        self._connections.supervise(now=now)

    def _look(self, range_fields: dict[str, str]) -> ProbeAnswer | None:
        """Asks once; returns `None` if only the range was refused."""
        exchange, head = self._connections.ask(self._asking.plan(range_fields, self._request.url))
        try:
            if head.status in {200, 206}:
                _read_if_short(exchange, head)
                return _answer(head, self._request)
            if range_fields and head.status in _RANGE_REFUSED:
                return None
            raise status_error(head.status, under_way=False, retry_after_seconds=head.retry_after_seconds)
        finally:
            self._connections.drop(exchange)


TOO_SLOW = ProbeAnswer(reason=Reason.TIMEOUT, error=f"no answer within {PROBE_SECONDS:.0f} s")
"""What is said of a server that takes too long."""
_UNUSABLE = ProbeAnswer(reason=Reason.BAD_RESPONSE, error="the server’s answer is not a file")


def _read_if_short(exchange: Exchange, head: ResponseHead) -> None:
    """Reads a body of a few bytes, so that its connection stays usable."""
    if head.content_length is not None and head.content_length <= _BODY_BYTES_MAX:
        for _ in exchange.blocks():
            pass


def _answer(head: ResponseHead, request: Request) -> ProbeAnswer:
    """Words a response as an answer."""
    filename = choose_filename(
        requested=None,
        disposition=head.disposition,
        final_url=head.final_url,
        original_url=request.url,
        media_type=head.media_type,
    )
    return ProbeAnswer(
        filename=filename,
        named_by=_named_by(filename, head, request),
        bytes_expected=_complete_length(head),
        media_type=head.media_type,
        resumable=resumable_from(head),
        evidence=_evidence(head.validator),
        redirects=head.redirects,
        final_host=head.final_host,
        is_page=head.media_type in _PAGES and head.disposition is None,
    )


def _complete_length(head: ResponseHead) -> int | None:
    """Returns the length of the whole file; `None` if it is not told, or only of a coded form."""
    if head.content_coding:
        return None
    if head.status == 206:
        return head.content_range.complete_length if head.content_range else None
    return head.content_length


def _named_by(filename: str, head: ResponseHead, request: Request) -> NamedBy:
    """Tells which proposal became the name."""
    proposed = filename_from_disposition(head.disposition) if head.disposition is not None else None
    if proposed and safe_filename(proposed) == filename:
        return NamedBy.DISPOSITION
    names = (name_from_url(head.final_url), name_from_url(request.url))
    return NamedBy.URL if any(each and safe_filename(each) == filename for each in names) else NamedBy.NOTHING


def _evidence(validator: Validator) -> Evidence | None:
    """Tells what would prove that the file is still the same."""
    if dataclasses.replace(validator, last_modified=None).strong:
        return Evidence.ENTITY_TAG
    return Evidence.LAST_MODIFIED if validator.strong else None
