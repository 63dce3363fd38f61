"""What is kept of an exchange, read from what went over the wire.

Owns the way from a request and its reply to what is kept. Must never keep anything that was not masked.
"""

from __future__ import annotations

from tui_downloader.engine.address import Address
from tui_downloader.engine.reply import Fields, Reply, text_of
from tui_downloader.model.recorded_exchange import RecordedExchange


def recorded(address: Address, fields: Fields, reply: Reply, *, at: float) -> RecordedExchange:
    """Returns what is kept of a request and the header of its response.

    Args:
        address: What was asked for.
        fields: The request's, as they were sent.
        reply: Its body need not be read.
        at: The present, Unix seconds.
    """
    return RecordedExchange.of(
        at=at,
        url=address.bare,
        target=address.target,
        version=reply.version,
        status=f"{reply.status} {reply.phrase.decode('ascii', 'replace')}".rstrip(),
        request=text_of(fields),
        response=reply.text,
    )
