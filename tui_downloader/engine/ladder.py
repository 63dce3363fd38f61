"""The resume ladder: may the bytes on disk and the bytes that come belong to one representation?

Owns the decision, as pure functions of what was stored and what was received (RFC 9110 sections 13.1.5 and 14).
Must never touch the network or a file.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import Enum

from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.lifecycle import Resumable
from tui_downloader.model.ranges import ByteRange
from tui_downloader.model.resume import ResumeData
from tui_downloader.protocol.range_fields import range_field
from tui_downloader.protocol.validators import Match, Validator, compare

OVERLAP_BYTES = 64 * 1024
"""How many bytes on disk are compared with the server's where no validator proves anything."""


class Verdict(Enum):
    """What to do with a response to a request for the rest."""

    GO_ON = "go-on"
    """The same representation: place its bytes at the offset asked for."""
    COMPLETE = "complete"
    """Nothing is missing: the representation ends where the bytes on disk end."""
    TAKE_WHOLE = "take-whole"
    """The body is the whole representation from byte 0: set the old part aside and take it."""
    ASK_WHOLE = "ask-whole"
    """The body is of no use: set the old part aside and ask for the whole."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with what to tell the user."""

    verdict: Verdict
    """What to do."""
    why: str = ""
    """Why the old bytes are not used; a clause, safe to print."""
    resumable: Resumable = Resumable.UNKNOWN
    """How sure the going on is."""
    changed: bool = False
    """Whether it is proved that the representation is another one."""
    overlap_may_help: bool = False
    """Whether a plain range request, without If-Range, that begins a little earlier could still show that it is
    the same (some servers answer 200 to every If-Range)."""


def stored_validator(resume_data: ResumeData) -> Validator:
    """Returns the validator of the bytes on disk."""
    return Validator(
        entity_tag=resume_data.entity_tag, last_modified=resume_data.last_modified, date=resume_data.date
    )


def resume_fields(resume_data: ResumeData, start: int, stop: int | None) -> dict[str, str] | None:
    """Returns `Range` and `If-Range` for missing bytes of a file.

    Args:
        resume_data: What is known of the bytes on disk.
        start: First missing byte.
        stop: One past the last one wanted; `None` for all the rest.

    Returns:
        The fields; `None` if no validator could prove that the rest belongs to it.
    """
    if_range = stored_validator(resume_data).if_range
    return None if if_range is None else {"Range": range_field(start, stop), "If-Range": if_range}


def judge(head: ResponseHead, resume_data: ResumeData, *, offset: int) -> Judgement:
    """Decides what a response to a range request means for the bytes on disk.

    Args:
        head: The response.
        resume_data: What was stored with the bytes on disk.
        offset: First byte that was asked for.
    """
    match = compare(stored_validator(resume_data), head.validator)
    if match is Match.DIFFERENT:
        return _from_zero(head, "the file changed on the server", changed=True)
    if head.status == 416:
        complete = head.unsatisfied_length == resume_data.complete_length == offset
        if complete:
            return Judgement(Verdict.COMPLETE)
        return _from_zero(head, "the file changed on the server", changed=True)
    if head.status == 206:
        return _judge_partial(head, resume_data, offset=offset, match=match)
    if head.content_length != resume_data.complete_length:
        known = None not in {head.content_length, resume_data.complete_length}
        return _from_zero(head, "the file changed on the server", changed=known and not head.has_content_range)
    judgement = _from_zero(head, "the server cannot resume")
    return dataclasses.replace(judgement, overlap_may_help=True)


def _judge_partial(head: ResponseHead, resume_data: ResumeData, *, offset: int, match: Match) -> Judgement:
    """Judges a 206: start, complete length and coding must be those of the bytes on disk."""
    received = head.content_range
    if received is None or received.start != offset or head.content_coding:
        return _from_zero(head, "the server sent other bytes than it was asked for")
    if resume_data.complete_length is not None and received.complete_length not in {
        resume_data.complete_length,
        None,
    }:
        return _from_zero(head, "the file changed on the server", changed=True)
    if head.content_length is not None and head.content_length != received.stop - received.start:
        return _from_zero(head, "the server sent other bytes than it was asked for")
    sure = Resumable.PROVEN if match in {Match.EQUAL, Match.UNKNOWN} else Resumable.LIKELY
    return Judgement(Verdict.GO_ON, resumable=sure)


def _from_zero(head: ResponseHead, why: str, *, changed: bool = False) -> Judgement:
    """Starts over, with this very body if it is the whole representation."""
    whole = head.status == 200 and not head.has_content_range
    return Judgement(Verdict.TAKE_WHOLE if whole else Verdict.ASK_WHOLE, why, changed=changed)


def overlap_range(resume_data: ResumeData, missing: ByteRange) -> ByteRange | None:
    """Returns what to ask for so that the first bytes can be compared with those on disk.

    Args:
        resume_data: What is known; without a complete length nothing can be compared.
        missing: The range that is needed.

    Returns:
        The needed range and up to 64 KiB before it; `None` if nothing lies before it.
    """
    if resume_data.complete_length is None:
        return None
    start = overlap_start(resume_data, missing)
    return None if start is None else ByteRange(start, missing.stop)


def overlap_start(resume_data: ResumeData, missing: ByteRange) -> int | None:
    """Returns where the bytes begin that lie on disk right before a range, at most 64 KiB of them.

    Returns:
        A position; `None` if nothing lies before it.
    """
    before = [each for each in resume_data.received if each.stop == missing.start]
    return max(before[0].start, missing.start - OVERLAP_BYTES) if before else None


def resumable_from(head: ResponseHead) -> Resumable:
    """Tells from the first response whether the file could be resumed later."""
    if head.accepts_ranges is False or head.content_coding or head.content_length is None:
        return Resumable.NO
    if head.validator.if_range is None:
        return Resumable.LIKELY if head.accepts_ranges else Resumable.UNKNOWN
    return Resumable.PROVEN if head.accepts_ranges or head.status == 206 else Resumable.LIKELY
