"""Receiving a body: over as many connections as pay, or over one where that is all there is.

Owns what a transfer has on disk while bytes come, and its minimum speed. Must never decide whether bytes belong to
the file: the ladder did.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable
from functools import partial

from tui_downloader.engine.coding import Decoder, is_stored_compressed
from tui_downloader.engine.connections import Connections
from tui_downloader.engine.crew import Crew
from tui_downloader.engine.exchange import Exchange, RequestPlan
from tui_downloader.engine.failures import ObjectChangedError, TransferError, status_error
from tui_downloader.engine.growth import Growth
from tui_downloader.engine.hashing import Hasher
from tui_downloader.engine.ladder import Verdict, judge, resume_fields
from tui_downloader.engine.member import Supply
from tui_downloader.engine.origins import CONNECTIONS_MAX, Origins, origin_of
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.segments import Segment, SegmentTable
from tui_downloader.engine.stopping import StopCause
from tui_downloader.engine.stream import Stream
from tui_downloader.model.lifecycle import Reason, Resumable
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.resume import ResumeData
from tui_downloader.settings import Settings

MakePlan = Callable[[dict[str, str], str], RequestPlan]
"""Builds a request from range fields and a URL."""


class Reception:
    """The bytes of one transfer; `receive` in its thread, everything else from another one."""

    def __init__(
        self, connections: Connections, *, origins: Origins, connections_max: int | None, settings: Settings
    ) -> None:
        """Begins with nothing on disk.

        Args:
            connections: Every exchange is opened there.
            origins: Counts connections over all downloads, and remembers what worked.
            connections_max: The user's limit; `None` is the engine's.
            settings: The minimum speed.
        """
        self._connections = connections
        self._origins = origins
        self._most = min(connections_max or CONNECTIONS_MAX, CONNECTIONS_MAX)
        self._settings = settings
        self._body: Crew | Stream | None = None
        self._received = RangeSet()
        self._written = 0
        self._window: tuple[float, int] | None = None
        self.hasher = Hasher(())
        """Hashes what arrives."""

    def begin_with(self, received: RangeSet, *, algorithms: Iterable[str], may_lag: bool) -> None:
        """Says what is on disk, which digests are wanted of it all, and whether nobody waits for them."""
        self._received = received
        self.hasher.close()
        self.hasher = Hasher(algorithms, may_lag=may_lag)

    def settle_for_one(self) -> None:
        """Uses one connection from now on: what others bring does not fit together (mirrors behind one name)."""
        self._most = 1

    def take_hasher(self) -> Hasher:
        """Hands what was hashed over to somebody who goes on with it."""
        taken, self.hasher = self.hasher, Hasher(())
        return taken

    def take(self, part: PartialFile, body: bytes) -> None:
        """Writes a whole small file at once."""
        part.write(body, 0)
        self.hasher.feed(memoryview(body), 0)
        self._received = RangeSet.prefix(len(body))
        self._written += len(body)

    @property
    def received(self) -> RangeSet:
        """Bytes on disk."""
        body = self._body
        return body.received if body is not None else self._received

    @property
    def bytes_written(self) -> int:
        """Bytes that this transfer wrote."""
        body = self._body
        return self._written + (body.bytes_written if body is not None else 0)

    @property
    def size(self) -> int:
        """Connections that bring bytes now."""
        body = self._body
        return body.size if body is not None else 0

    def supervise(self, *, now: float) -> None:
        """Adds and replaces connections; ends a body that comes too slowly.

        Args:
            now: Monotonic seconds.
        """
        self._connections.supervise(now=now)
        body = self._body
        if body is None or not body.size:
            self._window = None
            return
        body.supervise(now=now)
        if self._window is None:
            self._window = (now, self.bytes_written)
        elif now - self._window[0] >= self._settings.minimum_speed_seconds:
            came = self.bytes_written - self._window[1]
            self._window = (now, self.bytes_written)
            least = self._settings.minimum_speed_bytes * self._settings.minimum_speed_seconds
            if came < least and not self._connections.held_back:
                self._connections.stop(StopCause.TOO_SLOW)

    def receive(
        self,
        exchange: Exchange,
        head: ResponseHead,
        part: PartialFile,
        *,
        resume_data: ResumeData,
        plan: MakePlan,
        verdict: Resumable,
    ) -> None:
        """Receives all missing bytes of a representation of known length.

        Args:
            exchange: Its body begins at the first missing byte.
            head: Its header; the ladder has judged it.
            part: Where the bytes go.
            resume_data: Validator and complete length that every response must agree with.
            plan: How to ask for more.
            verdict: Only with proof more connections are opened.

        Raises:
            TransferError: It ended early.
            ObjectChangedError: The representation is another one now.
            Stopped: It was stopped.
        """
        assert resume_data.complete_length is not None
        table = SegmentTable(self._received, resume_data.complete_length)
        segment = table.claim(sharers=1, now=time.monotonic(), whole=True)
        if segment is None:  # an empty file
            self._connections.drop(exchange)
            return
        several = verdict is Resumable.PROVEN and head.content_length is not None
        origin = origin_of(head.final_url)
        growth = Growth.starting(most=self._most if several else 1, known=self._origins.known(origin))
        ask = partial(self._ask_segment, resume_data, head.final_url, plan) if several else None
        supply = Supply(table, part, self._connections, ask, self.hasher)
        crew = Crew(supply, growth=growth, origins=self._origins, origin=origin)
        try:
            self._run(crew, part, partial(crew.run, exchange, segment))
        finally:
            if several and growth.learned is not None:
                self._origins.remember(origin, growth.learned)

    def receive_stream(
        self, exchange: Exchange, head: ResponseHead, part: PartialFile, *, stop: int | None, filename: str
    ) -> int:
        """Receives a body whose length is not known, decoding it where the server insisted on a coding.

        Args:
            exchange: Its body begins at the first missing byte.
            head: Its header; the ladder has judged it.
            part: Where the bytes go.
            stop: One past the last byte that it may bring; `None` if nothing tells.
            filename: The final name, which tells whether the file itself is meant to be compressed.

        Returns:
            How many bytes are there from the first on.

        Raises:
            TransferError: It ended early or its coding is damaged.
            ObjectChangedError: It is longer than its range.
            Stopped: It was stopped.
        """
        coded = head.content_coding and not is_stored_compressed(filename, head.content_coding)
        decoder = Decoder(head.content_coding) if coded else None
        stream = Stream(
            part,
            self._received,
            start=self._received.contiguous,
            stop=stop,
            decoder=decoder,
            hasher=self.hasher,
        )
        try:
            self._run(stream, part, partial(stream.run, exchange))
        finally:
            self._connections.drop(exchange)
        return self._received.contiguous

    def _run(self, body: Crew | Stream, part: PartialFile, run: Callable[[], None]) -> None:
        """Lets a body come; keeps what it brought, whatever happens."""
        self.hasher.follow(part, lambda: body.received.contiguous)
        self._body = body
        try:
            run()
        finally:
            self._received = body.received
            self._written += body.bytes_written
            self._body = None

    @staticmethod
    def _ask_segment(
        resume_data: ResumeData, url: str, plan: MakePlan, exchange: Exchange, segment: Segment
    ) -> None:
        """Asks for a segment where the redirects ended; its answer climbs the same ladder as the first one."""
        fields = resume_fields(resume_data, segment.position, segment.first_stop) or {}
        head = exchange.open(plan(fields, url))
        if head.status not in {200, 206, 416}:
            raise status_error(head.status, under_way=True, retry_after_seconds=head.retry_after_seconds)
        judgement = judge(head, resume_data, offset=segment.position)
        if judgement.changed:
            raise ObjectChangedError(judgement.why)
        if judgement.verdict is not Verdict.GO_ON or head.content_length is None:
            raise TransferError(Reason.REFUSED, judgement.why or "the server refused a range")


def resume_data_from(head: ResponseHead, part: PartialFile) -> ResumeData:
    """Returns what later responses must agree with, from the first response of a representation."""
    return ResumeData(
        part_path=part.path,
        complete_length=head.content_length,
        entity_tag=head.validator.entity_tag,
        last_modified=head.validator.last_modified,
        date=head.validator.date,
        final_url=head.final_url,
    )


def with_length(resume_data: ResumeData, complete_length: int) -> ResumeData:
    """Returns resume data that knows the complete length."""
    return dataclasses.replace(resume_data, complete_length=complete_length)
