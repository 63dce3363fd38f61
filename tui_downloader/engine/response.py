"""A response's header as values.

Owns which fields matter to a transfer. Must never read the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tui_downloader.engine.address import Address
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.reply import Reply
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.protocol.digest import parse_digests
from tui_downloader.protocol.http_date import parse_http_date
from tui_downloader.protocol.media_type import parse_media_type
from tui_downloader.protocol.range_fields import ContentRange, parse_content_range, parse_unsatisfied_range
from tui_downloader.protocol.retry_after import parse_retry_after
from tui_downloader.protocol.validators import Validator

_LENGTH_DIGITS_MAX = 18
"""A longer Content-Length is no length of a file."""
_NO_CODINGS = frozenset({"", "identity", "none", "binary", "8bit", "7bit", "utf-8", "utf8", "aws-chunked"})
"""What servers write into Content-Encoding though the body is as it is: transfer encodings of mail, character
encodings, and what storage services keep of an upload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseHead:
    """What a transfer needs to know of a response before its body."""

    status: int
    """Status code."""
    final_url: str = field(repr=False)
    """Where the last redirect ended; may hold secrets."""
    final_host: str
    """Host of that URL."""
    redirects: int
    """Redirects followed."""
    validator: Validator
    """Entity tag, Last-Modified and Date as received."""
    content_range: ContentRange | None
    """Parsed Content-Range; `None` if absent or malformed."""
    has_content_range: bool
    """Whether there was such a field at all."""
    unsatisfied_length: int | None
    """Complete length that a 416 names; `None` if it names none."""
    content_length: int | None
    """Length of the body as sent; `None` if unknown (chunked, or until the connection ends)."""
    content_coding: str
    """Content-Encoding in lower case; empty for identity."""
    accepts_ranges: bool | None
    """Accept-Ranges: `True` for bytes, `False` for none, `None` if absent."""
    media_type: str | None
    """Media type; `None` if absent or malformed."""
    disposition: bytes | None
    """Content-Disposition as received; `None` if absent."""
    digests: tuple[tuple[str, str], ...] = ()
    """Digests of the whole representation: algorithm and hexadecimal value, strongest first."""
    retry_after_seconds: float | None = None
    """Retry-After as seconds from now; `None` if absent or malformed."""
    exchange: RecordedExchange | None = field(default=None, repr=False)
    """The request and this header as they are kept for the user."""


def read_head(
    reply: Reply,
    *,
    address: Address,
    redirects: int,
    now: float,
    exchange: RecordedExchange | None = None,
) -> ResponseHead:
    """Reads the fields of a response.

    Args:
        reply: Its body need not be read.
        address: What it answers.
        redirects: How many were followed to get there.
        now: Unix seconds, for Retry-After dates.
        exchange: What is kept of the request and this response.

    Raises:
        TransferError: Its length is none that a file can have.
    """
    received = [(name.lower(), value) for name, value in reply.text]
    fields: dict[str, str] = {}
    for name, value in received:
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    content_range = fields.get("content-range")
    ranges = fields.get("accept-ranges", "").strip().lower()
    coding = fields.get("content-encoding", "").strip().lower()
    coding = "" if coding in _NO_CODINGS else coding
    return ResponseHead(
        status=reply.status,
        final_url=address.text,
        final_host=address.host,
        redirects=redirects,
        validator=Validator(
            entity_tag=_tag(reply) if "etag" in fields else None,
            last_modified=fields.get("last-modified"),
            date=fields.get("date"),
        ),
        content_range=parse_content_range(content_range) if content_range else None,
        has_content_range=content_range is not None,
        unsatisfied_length=parse_unsatisfied_range(content_range) if content_range else None,
        content_length=_length(fields),
        content_coding=coding,
        accepts_ranges={"bytes": True, "none": False}.get(ranges),
        media_type=parse_media_type(fields.get("content-type", "")),
        disposition=reply.field(b"content-disposition") if "content-disposition" in fields else None,
        digests=() if coding else parse_digests(received, whole=reply.status == 200),
        retry_after_seconds=_retry_after(fields.get("retry-after"), date=fields.get("date"), now=now),
        exchange=exchange,
    )


def _length(fields: Mapping[str, str]) -> int | None:
    """Returns the body's length as sent; `None` if it is not told, or a transfer coding hides it.

    Raises:
        TransferError: It has too many digits.
    """
    length = fields.get("content-length", "")
    if "transfer-encoding" in fields or not (length.isascii() and length.isdigit()):
        return None
    if len(length.lstrip("0")) > _LENGTH_DIGITS_MAX:
        raise TransferError(Reason.BAD_RESPONSE, "the server names a length that no file has")
    return int(length)


def _retry_after(text: str | None, *, date: str | None, now: float) -> float | None:
    """Reads how long to wait; a date counts from the server's present, if it tells it: our clock may be wrong."""
    if not text:
        return None
    present = parse_http_date(date) if date else None
    return parse_retry_after(text, now=now if present is None else present)


def _tag(reply: Reply) -> str | None:
    """Returns the entity tag, each byte a character: how a field reads as text depends on all the others."""
    raw = reply.field(b"etag")
    return None if raw is None else raw.decode("latin-1")
