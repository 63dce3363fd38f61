"""Responses and leftovers for tests of the engine's pure functions.

Owns their defaults. Must never touch a file or a network.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from tui_downloader.engine.reply import Reply
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.resume import ResumeData
from tui_downloader.protocol.range_fields import ContentRange
from tui_downloader.protocol.validators import Validator

MODIFIED = "Tue, 14 Nov 2023 22:13:20 GMT"
LATER = "Wed, 15 Nov 2023 22:13:20 GMT"
STRONG = Validator('"v1"', MODIFIED, LATER)
NO_VALIDATOR = Validator(None, None, LATER)

_WHOLE = ResponseHead(
    status=200,
    final_url="https://example.com/a.iso",
    final_host="example.com",
    redirects=0,
    validator=STRONG,
    content_range=None,
    has_content_range=False,
    unsatisfied_length=None,
    content_length=1000,
    content_coding="",
    accepts_ranges=True,
    media_type=None,
    disposition=None,
    retry_after_seconds=None,
)


def whole(**changes: object) -> ResponseHead:
    """Make a 200 with all 1000 bytes."""
    return dataclasses.replace(_WHOLE, **changes)  # type: ignore[arg-type]  # passed through


def partial(
    start: int = 400, stop: int = 1000, complete_length: int | None = 1000, **changes: object
) -> ResponseHead:
    """Make a 206 with these bytes."""
    there = {
        "status": 206,
        "content_range": ContentRange(start, stop, complete_length),
        "has_content_range": True,
        "content_length": stop - start,
    }
    return whole(**{**there, **changes})


def unsatisfied(length: int | None, **changes: object) -> ResponseHead:
    """Make a 416 that names a complete length."""
    there = {"status": 416, "has_content_range": True, "unsatisfied_length": length, "content_length": 0}
    return whole(**{**there, **changes})


def reply(status: int, fields: Sequence[tuple[str, str]] | Sequence[tuple[bytes, bytes]]) -> Reply:
    """Make a response without a body."""
    raw = [tuple(part.encode() if isinstance(part, str) else part for part in each) for each in fields]
    return Reply("HTTP/1.1", status, b"", raw, iter(()), lambda: None, lambda: None)  # type: ignore[arg-type]  # pairs


def left(
    validator: Validator = STRONG,
    *,
    received: int = 400,
    complete_length: int | None = 1000,
    path: str = "/d/a.part",
) -> ResumeData:
    """Make what an earlier attempt left of a file of 1000 bytes."""
    return ResumeData(
        part_path=Path(path),
        received=RangeSet.prefix(received),
        complete_length=complete_length,
        entity_tag=validator.entity_tag,
        last_modified=validator.last_modified,
        date=validator.date,
    )
