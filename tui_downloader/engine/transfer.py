"""One transfer: from a request and what is on disk to the finished file.

Owns the order of steps. Must never write a byte that the resume ladder did not
place, nor say that something is on disk before it is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from tui_downloader.engine import finish
from tui_downloader.engine.connections import Connections
from tui_downloader.engine.disk_space import check_space
from tui_downloader.engine.exchange import Exchange, RequestPlan
from tui_downloader.engine.failures import ObjectChangedError, TransferError, disk_errors, status_error
from tui_downloader.engine.ladder import (
    Judgement,
    Verdict,
    judge,
    overlap_range,
    resumable_from,
    resume_fields,
)
from tui_downloader.engine.observer import TransferObserver
from tui_downloader.engine.order import Finished, TransferOrder
from tui_downloader.engine.partial_file import (
    FileIdentity,
    PartFileLostError,
    PartialFile,
    set_aside,
    stale_path,
)
from tui_downloader.engine.reception import Reception, resume_data_from, with_length
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.engine.throttle import Throttle, Throttles
from tui_downloader.engine.verification import algorithms_for, expected_digest, verified_digest
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason, Resumable
from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.model.resume import ResumeData
from tui_downloader.protocol.range_fields import range_field

_PLACE_TRIES = 20


class Transfer:
    """One attempt; `run` in its own thread, everything else from another one."""

    def __init__(self, order: TransferOrder, observer: TransferObserver, shared: Shared) -> None:
        """Prepares; connects to nothing.

        Args:
            order: What to bring.
            observer: Hears of every step.
            shared: What all transfers share.
        """
        self._order = order
        self._observer = observer
        self._settings = shared.settings
        self._throttle = Throttle(order.request.bytes_per_second_max)
        throttles = Throttles(shared.throttle, self._throttle)
        self._connections = Connections(shared.transports, throttles, shared.settings)
        self._reception = Reception(
            self._connections,
            origins=shared.origins,
            connections_max=order.request.connections_max,
            settings=shared.settings,
        )
        self._part: PartialFile | None = None
        self._filename = order.filename
        left = order.resume_data
        self.bytes_expected = left.complete_length if left else None
        """Complete length; `None` if unknown."""
        self._expected = expected_digest(order.request, order.digest)
        self._begin_with(left.received if left else RangeSet())

    def run(self) -> Finished:
        """Does it all.

        Returns:
            The finished file.

        Raises:
            TransferError: It ended without the file; what is on disk stays.
            Stopped: It was stopped; what is on disk stays.
        """
        try:
            finished = self._moved_before_crash()
            if finished is None:
                self._receive_missing()
                finished = self._finish()
            return finished
        except Stopped as stopped:
            if stopped.cause is StopCause.ASKED:
                raise
            raise TransferError(Reason.TIMEOUT, "the connection stalled") from stopped
        finally:
            self._connections.stop(StopCause.ASKED)
            self._connections.close()
            self._reception.hasher.close()
            if self._part is not None:
                self._part.close()

    def stop(self) -> None:
        """Ends it at once, whatever it waits for."""
        self._connections.stop(StopCause.ASKED)

    def supervise(self, *, now: float) -> None:
        """Watches limits and connections; called a few times a second, with monotonic seconds."""
        self._reception.supervise(now=now)

    def sync(self) -> RangeSet | None:
        """Makes the bytes received so far survive a power loss; may take long, for a thread of its own.

        Returns:
            The bytes that do; `None` if nothing can be said.
        """
        part, received = self._part, self.received
        return received if part is not None and part.sync_data() and part is self._part else None

    @property
    def stop_cause(self) -> StopCause | None:
        """Why it was stopped; `None` while it was not."""
        return self._connections.stop_cause

    @property
    def connections(self) -> int:
        """Connections that bring bytes now."""
        return self._reception.size

    @property
    def received(self) -> RangeSet:
        """Bytes on disk, for the record."""
        return self._reception.received

    @property
    def bytes_written(self) -> int:
        """Bytes that this attempt wrote."""
        return self._reception.bytes_written

    # ----------------------------------------------------------------------------------------------- receiving

    def _receive_missing(self) -> None:
        """Brings every missing byte onto the disk; starts over where the file changed."""
        check_space(self._order.request.directory, self._order.resume_data)
        resume_data = self._reopen()
        if resume_data is not None and self._is_all_there(resume_data):
            return
        try:
            if resume_data is None:
                self._take_whole(*self._ask())
            else:
                self._go_on(resume_data)
        except ObjectChangedError as error:
            changed: ObjectChangedError | None = error
            while changed is not None:
                self._start_over(str(changed))
                changed = self._take_whole_again()

    def _take_whole_again(self) -> ObjectChangedError | None:
        """Asks for the whole; returns what was wrong if the file changed once more."""
        try:
            self._take_whole(*self._ask())
        except ObjectChangedError as error:
            return error
        return None

    def _reopen(self) -> ResumeData | None:
        """Opens the part file of an earlier attempt; `None` if nothing of it can be used."""
        resume_data = self._order.resume_data
        if resume_data is None or not resume_data.received:
            self._begin_with(RangeSet())
            return None
        try:
            self._part = PartialFile.reopen(resume_data)
        except PartFileLostError as error:
            self._start_over(str(error))
            return None
        return resume_data

    def _go_on(self, resume_data: ResumeData) -> None:
        """Asks for the first missing range and lets the ladder decide what its answer means."""
        missing = self._first_missing(resume_data)
        stop = None if resume_data.complete_length is None else missing.stop
        fields = resume_fields(resume_data, missing.start, stop)
        overlap = overlap_range(resume_data, missing)
        if fields is not None:
            exchange, head = self._ask(fields)
            judgement = judge(head, resume_data, offset=missing.start)
            if overlap is None or not judgement.overlap_may_help:
                self._act_on(judgement, exchange, head, resume_data, offset=missing.start)
                return
            self._connections.drop(exchange)
        if overlap is None:
            raise ObjectChangedError("the server gave nothing to prove that the rest belongs to it")
        self._go_on_by_overlap(resume_data, overlap, offset=missing.start)

    def _go_on_by_overlap(self, resume_data: ResumeData, overlap: ByteRange, *, offset: int) -> None:
        """Asks once without If-Range, a little earlier: equal bytes make it likely that the file is the same."""
        assert self._part is not None
        exchange, head = self._ask({"Range": range_field(overlap.start, overlap.stop)})
        judgement = judge(head, resume_data, offset=overlap.start)
        same_length = head.content_range and head.content_range.complete_length == resume_data.complete_length
        if judgement.verdict is Verdict.GO_ON and same_length:
            exchange.expect_overlap(self._part.read(overlap.start, offset - overlap.start))
            judgement = dataclasses.replace(judgement, resumable=Resumable.LIKELY)
        self._act_on(judgement, exchange, head, resume_data, offset=offset)

    def _act_on(
        self,
        judgement: Judgement,
        exchange: Exchange,
        head: ResponseHead,
        resume_data: ResumeData,
        *,
        offset: int,
    ) -> None:
        """Does what the ladder decided."""
        match judgement.verdict:
            case Verdict.GO_ON:
                self._observer.resumed(head, offset=offset, verdict=judgement.resumable)
                if self.bytes_expected is None and head.content_range is not None:
                    self.bytes_expected = head.content_range.complete_length
                self._receive(exchange, head, resume_data, verdict=judgement.resumable)
            case Verdict.COMPLETE:
                self._connections.drop(exchange)
            case Verdict.TAKE_WHOLE:
                self._start_over(judgement.why)
                self._take_whole(exchange, head)
            case Verdict.ASK_WHOLE:
                self._connections.drop(exchange)
                raise ObjectChangedError(judgement.why)

    @staticmethod
    def _is_all_there(resume_data: ResumeData) -> bool:
        """Tells whether only the finish was missing."""
        length = resume_data.complete_length
        return length is not None and not resume_data.received.missing(length)

    @staticmethod
    def _first_missing(resume_data: ResumeData) -> ByteRange:
        """Returns the first range that is not on disk; of unknown length, everything behind it."""
        if resume_data.complete_length is None:
            end = resume_data.received.contiguous
            return ByteRange(end, end + 1)
        return resume_data.received.missing(resume_data.complete_length).ranges[0]

    def _ask(self, range_fields: Mapping[str, str] | None = None) -> tuple[Exchange, ResponseHead]:
        """Sends the request to the original URL; a status that brings no bytes is an error."""
        exchange, head = self._connections.ask(self._plan(range_fields or {}, self._order.request.url))
        usable = {200, 206, 416} if range_fields else {200}
        if head.status not in usable:
            self._connections.drop(exchange)
            raise status_error(
                head.status,
                under_way=bool(self._order.resume_data and self._order.resume_data.received),
                retry_after_seconds=head.retry_after_seconds,
            )
        return exchange, head

    def _plan(self, range_fields: Mapping[str, str], url: str) -> RequestPlan:
        """Builds a request to the original URL, or to where its redirects ended."""
        request = self._order.request
        return RequestPlan(
            url=url,
            original_url=request.url,
            fields=request.fields,
            range_fields=range_fields,
            allow_insecure=request.allow_insecure or self._settings.allow_insecure,
            allow_private=request.allow_private or self._settings.allow_private,
        )

    def _take_whole(self, exchange: Exchange, head: ResponseHead) -> None:
        """Receives a whole representation into a new part file."""
        if head.has_content_range:
            raise TransferError(Reason.BAD_RESPONSE, "the server sent a part where the whole was asked for")
        self._expected = expected_digest(self._order.request, None, head)
        self._begin_with(RangeSet())
        self.bytes_expected = None if head.content_coding else head.content_length
        check_space(self._order.request.directory, None, needed=self.bytes_expected)
        self._part = self._create_part(head)
        self._receive(exchange, head, resume_data_from(head, self._part), verdict=resumable_from(head))

    def _begin_with(self, received: RangeSet) -> None:
        """Says what is on disk, and which digests are wanted of the whole."""
        algorithms = algorithms_for(self._expected, record=self._settings.record_sha256)
        self._reception.begin_with(received, algorithms=algorithms)

    def _create_part(self, head: ResponseHead) -> PartialFile:
        """Creates the part file under a reserved name; its name and the validator are committed before."""
        resumable, part_taken = resumable_from(head), False
        left = self._order.resume_data
        if left is not None and left.inode is not None:
            set_aside(left.part_path, inode=left.inode)
        for _ in range(_PLACE_TRIES):
            path, self._filename = self._observer.place(
                head, resumable=resumable, bytes_expected=self.bytes_expected, part_taken=part_taken
            )
            try:
                part = self._create_or_adopt(path)
            except FileExistsError:
                part_taken = True
                continue
            self._observer.created(part.identity())
            return part
        raise TransferError(Reason.DESTINATION, "no free name for the part file")

    def _create_or_adopt(self, path: Path) -> PartialFile:
        """Creates the file, or takes the one that a killed attempt had created but not yet recorded."""
        try:
            return PartialFile.create(path)
        except FileExistsError:
            left = self._order.resume_data
            if left is None or left.part_path != path or left.inode is not None:
                raise
            return PartialFile.reopen(left)

    def _receive(
        self, exchange: Exchange, head: ResponseHead, resume_data: ResumeData, *, verdict: Resumable
    ) -> None:
        """Receives all missing bytes, of known or unknown length."""
        assert self._part is not None
        if self.bytes_expected is None:
            name = self._filename or ""
            self.bytes_expected = self._reception.receive_stream(exchange, head, self._part, filename=name)
            return
        known = with_length(resume_data, self.bytes_expected)
        self._reception.receive(exchange, head, self._part, resume_data=known, plan=self._plan, verdict=verdict)

    def _start_over(self, why: str) -> None:
        """Sets the bytes on disk aside; the new ones go into a new file."""
        part_path = self._order.resume_data.part_path if self._order.resume_data else None
        if self._part is not None:
            part_path = self._part.path
            self._part.close()
            self._part = None
        self._begin_with(RangeSet())
        self.bytes_expected = None
        kept = set_aside(part_path) if part_path else None
        self._observer.started_over(why=why, kept_bytes=kept)

    # ----------------------------------------------------------------------------------------------- finishing

    def _finish(self) -> Finished:
        """Syncs the part file and gives it its final name."""
        assert self._part is not None
        assert self._filename is not None
        part, size = self._part, self.received.total
        self._connections.check()
        part.cut(size)
        part.sync()
        identity = part.identity()
        if identity.size != size or not part.still_there():
            raise TransferError(Reason.DESTINATION, "the part file was changed or deleted by somebody else")
        self._observer.verifying(identity)
        digest = self._verify(part, size)
        directory = self._order.request.directory
        while not finish.move_without_overwriting(part.path, directory / self._filename):
            self._filename = self._observer.rename(self._filename)
        finish.sync_directory(directory)
        self._drop_stale(part.path)
        return Finished(directory / self._filename, size, digest)

    def _verify(self, part: PartialFile, size: int) -> Digest | None:
        """Compares the file with the digest it must have; where it differs, nothing of it is trusted."""
        computed = self._reception.hasher.finish(part, size, self._connections.check)
        try:
            return verified_digest(self._expected, computed)
        except TransferError:
            self._begin_with(RangeSet())
            raise

    def _moved_before_crash(self) -> Finished | None:
        """Recognises a file that got its final name just before the worker was killed."""
        left, filename = self._order.resume_data, self._order.filename
        if left is None or filename is None or left.device is None or left.inode is None:
            return None
        size = left.received.total
        if left.complete_length != size:
            return None
        destination = self._order.request.directory / filename
        if not finish.was_moved(left.part_path, destination, FileIdentity(left.device, left.inode, size)):
            return None
        finish.sync_directory(destination.parent)
        self._drop_stale(left.part_path)
        return Finished(destination, size)

    @staticmethod
    def _drop_stale(part_path: Path) -> None:
        """Deletes the older version's bytes, kept until now."""
        with disk_errors(part_path):
            stale_path(part_path).unlink(missing_ok=True)
