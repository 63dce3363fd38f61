"""Going on where an earlier attempt stopped: whom to ask for the rest, and in which order.

Owns the steps of the ladder (`engine.ladder` judges each answer): the original URL first, so that signed redirects
renew themselves, then the place where the bytes on disk came from. Must never write a byte.
"""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import urlsplit

from tui_downloader.engine.address import Address
from tui_downloader.engine.addresses import check_scheme
from tui_downloader.engine.asking import Asking
from tui_downloader.engine.exchange import AT_ONCE_BYTES, Exchange
from tui_downloader.engine.failures import ObjectChangedError, TransferError
from tui_downloader.engine.ladder import Judgement, Verdict, judge, overlap_range, overlap_start, resume_fields
from tui_downloader.engine.origins import origin_of
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.lifecycle import Resumable
from tui_downloader.model.ranges import ByteRange
from tui_downloader.model.resume import ResumeData
from tui_downloader.protocol.range_fields import range_field

_NO_PROOF = "the server gave nothing to prove that the rest belongs to it"


class _Worth(IntEnum):
    """How much an answer is worth for the bytes on disk."""

    NOTHING = 0
    LIKELY = 1
    PROOF = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """A response to a request for the rest."""

    exchange: Exchange
    """Its body begins at the first missing byte, or is the whole representation."""
    head: ResponseHead
    """Its header."""
    judgement: Judgement
    """What it means."""

    @property
    def worth(self) -> _Worth:
        """How much it is worth."""
        if self.judgement.verdict is Verdict.COMPLETE:
            return _Worth.PROOF
        if self.judgement.verdict is not Verdict.GO_ON:
            return _Worth.NOTHING
        return _Worth.PROOF if self.judgement.resumable is Resumable.PROVEN else _Worth.LIKELY


class Resumption:
    """Finds the response that brings the first missing range."""

    def __init__(self, asking: Asking, resume_data: ResumeData, part: PartialFile) -> None:
        """Prepares; asks nothing yet.

        Args:
            asking: How to ask.
            resume_data: What an earlier attempt left; something of it is missing.
            part: The bytes on disk.
        """
        self._asking = asking
        self._left = resume_data
        self._part = part
        self.missing = first_missing(resume_data)
        """What is asked for."""

    def find(self) -> Answer:
        """Asks until an answer proves the bytes on disk, or nobody is left to ask.

        Returns:
            The best answer; what it means is in its judgement.

        Raises:
            ObjectChangedError: Nothing can show that the rest belongs to the bytes on disk.
            TransferError: The original URL brings no answer.
            Stopped: It was stopped.
        """
        first = self._climb(self._asking.request.url)
        if first.worth is _Worth.PROOF or not self._led_elsewhere(first.head):
            return first
        second = self._ask_where_it_came_from()
        if second is None:
            return first
        better, worse = (second, first) if second.worth >= max(first.worth, _Worth.LIKELY) else (first, second)
        self._asking.drop(worse.exchange)
        return better

    def _led_elsewhere(self, head: ResponseHead) -> bool:
        """Tells whether the redirects end at another origin than those that led to the bytes on disk.

        Only another machine may have another copy: at the same origin another validator is proof of change.
        """
        stored = self._left.final_url
        if stored is None or stored == Address.of(self._asking.request.url).text:
            return False  # to ask it again would lead to the same place
        return origin_of(stored) != origin_of(head.final_url)

    def _ask_where_it_came_from(self) -> Answer | None:
        """Asks the stored final URL, once.

        Returns:
            Its answer; `None` if it has none. An expired signature, first of all, proves nothing either way.
        """
        stored, original = self._left.final_url, self._asking.request.url
        assert stored is not None
        try:
            check_scheme(
                urlsplit(original).scheme.lower(),
                urlsplit(stored).scheme.lower(),
                allow_insecure=self._asking.allow_insecure,
            )
            return self._climb(stored)
        except TransferError:
            return None

    def _climb(self, url: str) -> Answer:
        """Asks one URL: with `If-Range`, and where that says nothing, once more without, a little earlier."""
        left, missing = self._left, self.missing
        fields = resume_fields(left, missing.start, None if left.complete_length is None else missing.stop)
        overlap = overlap_range(left, missing)
        if fields is not None:
            exchange, head = self._asking.ask(fields, url=url)
            answer = Answer(exchange, head, judge(head, left, offset=missing.start))
            start = overlap_start(left, missing)
            if answer.judgement.verdict is Verdict.GO_ON and head.content_length is None and start is not None:
                self._asking.drop(exchange)
                return self._compared(url, start)
            if overlap is None or not answer.judgement.overlap_may_help:
                return answer
            self._asking.drop(exchange)
        if overlap is None:
            raise ObjectChangedError(_NO_PROOF)
        return self._by_overlap(url, overlap)

    def _compared(self, url: str, start: int) -> Answer:
        """Asks with `If-Range`, a little earlier: equal bytes show that a part begins where its fields say.

        For a part in chunks: no length betrays a whole body in its place, of which a cut leaves less than a part.
        """
        left, missing = self._left, self.missing
        fields = resume_fields(left, start, None if left.complete_length is None else missing.stop)
        exchange, head = self._asking.ask(fields or {}, url=url)
        judgement = judge(head, left, offset=start)
        if judgement.verdict is Verdict.GO_ON:
            exchange.expect_overlap(self._part.read(start, missing.start - start))
        return Answer(exchange, head, judgement)

    def _by_overlap(self, url: str, overlap: ByteRange) -> Answer:
        """Asks without `If-Range`, a little earlier: equal bytes make it likely that the file is the same.

        Only with an equal complete length: where the server names none, nothing says that the end is the same too.
        """
        exchange, head = self._asking.ask({"Range": range_field(overlap.start, overlap.stop)}, url=url)
        judgement = judge(head, self._left, offset=overlap.start)
        if judgement.verdict is Verdict.GO_ON:
            assert head.content_range is not None, "the ladder saw where it begins"
            if head.content_range.complete_length == self._left.complete_length:
                exchange.expect_overlap(self._part.read(overlap.start, self.missing.start - overlap.start))
                judgement = dataclasses.replace(judgement, resumable=Resumable.LIKELY)
            else:
                judgement = Judgement(Verdict.ASK_WHOLE, _NO_PROOF)
        return Answer(exchange, head, judgement)


def is_all_there(resume_data: ResumeData) -> bool:
    """Tells whether only the finish was missing."""
    length = resume_data.complete_length
    return length is not None and not resume_data.received.missing(length)


def was_never_seen(resume_data: ResumeData) -> bool:
    """Tells whether the file was complete and had no name yet when the worker was killed: nobody misses it."""
    is_small = resume_data.received.total <= AT_ONCE_BYTES
    return is_small and is_all_there(resume_data) and not os.path.lexists(resume_data.part_path)


def first_missing(resume_data: ResumeData) -> ByteRange:
    """Returns the first range that is not on disk; of unknown length, everything behind it."""
    if resume_data.complete_length is None:
        end = resume_data.received.contiguous
        return ByteRange(end, end + 1)
    return resume_data.received.missing(resume_data.complete_length).ranges[0]
