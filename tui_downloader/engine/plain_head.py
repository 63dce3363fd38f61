"""Headers as nearly all servers send them, read without ceremony.

Owns one narrow form: a header that came in one piece, well-formed by the letter of RFC 9112, with a length and
nothing else that frames the body. Whatever is not exactly so is left to h11, which knows what to refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tui_downloader.engine.header_guard import FIELDS_MAX
from tui_downloader.engine.reply import Fields

_TOKEN = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEAD = re.compile(
    rb"HTTP/1\.1 ([2-5][0-9]{2}) ([\x20-\x7e]*)\r\n((?:" + _TOKEN + rb":[\t\x20-\x7e\x80-\xff]*\r\n)+)\r\n"
)
_LENGTH = re.compile(rb"[0-9]{1,18}")
_WITHOUT_BODY = frozenset({204, 304})


@dataclass(slots=True)
class PlainHead:
    """A header that holds no surprise."""

    status: int
    """Status code, 200 to 599."""
    phrase: bytes
    """Reason phrase."""
    fields: Fields = field(repr=False)
    """Fields in order."""
    length: int
    """Bytes of the body."""
    end: int
    """Where the body begins in what was received."""
    keeps_alive: bool
    """Whether the connection may be used again."""


def plain_head(data: bytes) -> PlainHead | None:
    """Reads a header.

    Args:
        data: What came first; it may hold the begin of the body too.

    Returns:
        `None` if it is not of the narrow form, or not there as a whole.
    """
    found = _HEAD.match(data)
    if found is None:
        return None
    status, fields = int(found[1]), _fields(found[3])
    lengths, keeps_alive = [], True
    for name, value in fields:
        match name.lower():
            case b"content-length":
                lengths.append(value)
            case b"connection":
                keeps_alive = value.lower() == b"keep-alive"
            case b"transfer-encoding" | b"upgrade":
                return None
    if (
        len(lengths) != 1
        or not _LENGTH.fullmatch(lengths[0])
        or status in _WITHOUT_BODY
        or len(fields) > FIELDS_MAX
    ):
        return None
    return PlainHead(status, found[2], fields, int(lengths[0]), found.end(), keeps_alive)


def _fields(block: bytes) -> Fields:
    """Takes lines of the form `name: value` apart."""
    lines = [line.partition(b":") for line in block[:-2].split(b"\r\n")]
    return [(name, value.strip(b" \t")) for name, _, value in lines]
