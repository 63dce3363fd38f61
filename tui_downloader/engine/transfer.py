"""One transfer: from a request and what is on disk to the finished file.

Owns the order of steps and the bytes of one connection. Must never write a byte that the resume ladder did not
place, nor say that something is on disk before it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.engine import finish
from tui_downloader.engine.coding import Decoder, is_stored_compressed
from tui_downloader.engine.exchange import Exchange, RequestPlan
from tui_downloader.engine.failures import TransferError, disk_errors, status_error
from tui_downloader.engine.ladder import Verdict, judge, resumable_from, resume_fields
from tui_downloader.engine.observer import TransferObserver
from tui_downloader.engine.partial_file import (
    FileIdentity,
    PartFileLostError,
    PartialFile,
    set_aside,
    stale_path,
)
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.stopping import StopCause
from tui_downloader.engine.transport import Transports
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.ranges import ByteRange, RangeSet
from tui_downloader.model.request import Request
from tui_downloader.model.resume import ResumeData
from tui_downloader.settings import Settings

_PLACE_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """What a transfer starts from."""

    request: Request
    """What was asked for."""
    resume_data: ResumeData | None
    """What an earlier attempt left; `None` if there was none."""
    filename: str | None
    """The final name reserved by an earlier attempt."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A file that lies under its final name."""

    path: Path
    """Its absolute path."""
    size: int
    """Its length in bytes."""


class Transfer:
    """One attempt; `run` in its own thread, everything else from another one."""

    def __init__(
        self, order: TransferOrder, observer: TransferObserver, *, transports: Transports, settings: Settings
    ) -> None:
        """Prepares; connects to nothing."""
        self._order = order
        self._observer = observer
        self._settings = settings
        self._exchange = Exchange(transports, settings)
        self._part: PartialFile | None = None
        self._filename = order.filename
        self._decoder: Decoder | None = None
        self._window: tuple[float, int] | None = None
        self._in_body = False
        self.received = order.resume_data.received if order.resume_data else RangeSet()
        """Bytes on disk, for the record; replaced as a whole, so that any thread may read it."""
        self.bytes_expected = order.resume_data.complete_length if order.resume_data else None
        """Complete length; `None` if unknown."""
        self.bytes_written = 0
        """Bytes that this attempt wrote."""

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
        finally:
            self._exchange.close()
            if self._part is not None:
                self._part.close()

    def stop(self) -> None:
        """Ends it at once, whatever it waits for."""
        self._exchange.stopper.stop(StopCause.ASKED)

    def supervise(self, *, now: float) -> None:
        """Ends phases that take too long and bodies that come too slowly; called a few times a second.

        Args:
            now: Monotonic seconds.
        """
        self._exchange.supervise(now=now)
        if not self._in_body:
            self._window = None
        elif self._window is None:
            self._window = (now, self.bytes_written)
        elif now - self._window[0] >= self._settings.minimum_speed_seconds:
            came = self.bytes_written - self._window[1]
            self._window = (now, self.bytes_written)
            if came < self._settings.minimum_speed_bytes * self._settings.minimum_speed_seconds:
                self._exchange.stopper.stop(StopCause.TOO_SLOW)

    @property
    def stop_cause(self) -> StopCause | None:
        """Why it was stopped; `None` while it was not."""
        return self._exchange.stopper.cause

    @property
    def connections(self) -> int:
        """Connections that bring bytes now."""
        return int(self._in_body)

    # ----------------------------------------------------------------------------------------------- receiving

    def _receive_missing(self) -> None:
        """Brings every missing byte onto the disk."""
        resume_data = self._reopen()
        if resume_data is not None and resume_data.complete_length is not None:
            missing = self.received.missing(resume_data.complete_length)
            if not missing:
                return
        if resume_data is None:
            self._take_whole(self._ask())
        else:
            self._go_on(resume_data)

    def _reopen(self) -> ResumeData | None:
        """Opens the part file of an earlier attempt; `None` if nothing of it can be used."""
        resume_data = self._order.resume_data
        if resume_data is None or not resume_data.received.contiguous:
            self.received = RangeSet()
            return None
        try:
            self._part = PartialFile.reopen(resume_data)
        except PartFileLostError as error:
            self._start_over(str(error))
            return None
        return resume_data

    def _go_on(self, resume_data: ResumeData) -> None:
        """Asks for the rest and lets the ladder decide what its answer means."""
        offset = resume_data.received.contiguous
        fields = resume_fields(resume_data, offset=offset)
        if fields is None:
            self._start_over("the server gave nothing to prove that the rest belongs to it")
            self._take_whole(self._ask())
            return
        head = self._ask(fields)
        judgement = judge(head, resume_data, offset=offset)
        match judgement.verdict:
            case Verdict.GO_ON:
                self._observer.resumed(head, offset=offset, verdict=judgement.resumable)
                if self.bytes_expected is None and head.content_range is not None:
                    self.bytes_expected = head.content_range.complete_length
                self._receive_body(offset=offset)
            case Verdict.COMPLETE:
                pass
            case Verdict.TAKE_WHOLE:
                self._start_over(judgement.why)
                self._take_whole(head)
            case Verdict.ASK_WHOLE:
                self._start_over(judgement.why)
                self._take_whole(self._ask())

    def _ask(self, range_fields: Mapping[str, str] | None = None) -> ResponseHead:
        """Sends the request; a status that brings no bytes is an error."""
        request = self._order.request
        head = self._exchange.open(
            RequestPlan(
                url=request.url,
                fields=request.fields,
                range_fields=range_fields or {},
                allow_insecure=request.allow_insecure or self._settings.allow_insecure,
                allow_private=request.allow_private or self._settings.allow_private,
            )
        )
        usable = {200, 206, 416} if range_fields else {200}
        if head.status not in usable:
            raise status_error(
                head.status,
                under_way=bool(self._order.resume_data and self._order.resume_data.received),
                retry_after_seconds=head.retry_after_seconds,
            )
        return head

    def _take_whole(self, head: ResponseHead) -> None:
        """Receives a whole representation into a new part file."""
        if head.has_content_range:
            raise TransferError(Reason.BAD_RESPONSE, "the server sent a part where the whole was asked for")
        self.received = RangeSet()
        self.bytes_expected = None if head.content_coding else head.content_length
        self._part = self._create_part(head)
        if head.content_coding and not is_stored_compressed(self._filename or "", head.content_coding):
            self._decoder = Decoder(head.content_coding)
        self._receive_body(offset=0)

    def _create_part(self, head: ResponseHead) -> PartialFile:
        """Creates the part file under a reserved name; its name and the validator are committed before."""
        resumable, part_taken = resumable_from(head), False
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

    def _receive_body(self, *, offset: int) -> None:
        """Writes the body from an offset on."""
        assert self._part is not None
        part, before, position = self._part, self.received, offset
        self._in_body = True
        try:
            for block in self._exchange.blocks():
                data = self._decoder.decode(block) if self._decoder else block
                if self.bytes_expected is not None and position + len(data) > self.bytes_expected:
                    self.received = before
                    raise TransferError(Reason.BAD_RESPONSE, "the server sent more bytes than the file has")
                position = self._write(part, data, position)
            if self._decoder:
                position = self._write(part, self._decoder.finish(), position)
        finally:
            self._in_body = False
            self._exchange.close_response()
        if self.bytes_expected is not None and position < self.bytes_expected:
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")
        self.bytes_expected = position

    def _write(self, part: PartialFile, data: bytes | memoryview, position: int) -> int:
        """Writes at a position and only then says so; returns the new position."""
        if not data:
            return position
        self._exchange.stopper.check()
        part.write(data, position)
        end = position + len(data)
        self.received = self.received.add(ByteRange(position, end))
        self.bytes_written += len(data)
        return end

    def _start_over(self, why: str) -> None:
        """Sets the bytes on disk aside; the new ones go into a new file."""
        if self._part is not None:
            self._part.close()
            self._part = None
        left = self._order.resume_data
        self.received = RangeSet()
        self.bytes_expected = None
        kept = set_aside(left.part_path) if left else None
        self._observer.started_over(why=why, kept_bytes=kept)

    # ----------------------------------------------------------------------------------------------- finishing

    def _finish(self) -> Finished:
        """Syncs the part file and gives it its final name."""
        assert self._part is not None
        assert self._filename is not None
        part, size = self._part, self.received.total
        self._exchange.stopper.check()
        part.cut(size)
        part.sync()
        identity = part.identity()
        if identity.size != size or not part.still_there():
            raise TransferError(Reason.DESTINATION, "the part file was changed or deleted by somebody else")
        self._observer.verifying(identity)
        directory = self._order.request.directory
        while not finish.move_without_overwriting(part.path, directory / self._filename):
            self._filename = self._observer.rename(self._filename)
        finish.sync_directory(directory)
        self._drop_stale(part.path)
        return Finished(directory / self._filename, size)

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
        self.received = left.received
        return Finished(destination, size)

    @staticmethod
    def _drop_stale(part_path: Path) -> None:
        """Deletes the older version's bytes, kept until now."""
        with disk_errors(part_path):
            stale_path(part_path).unlink(missing_ok=True)
