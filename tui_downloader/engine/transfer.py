"""One transfer: from a request and what is on disk to the finished file.

Owns the order of steps. Must never write a byte that the resume ladder did not
place, nor say that something is on disk before it is.
"""

from __future__ import annotations

import contextlib
import dataclasses

from tui_downloader.engine import finish
from tui_downloader.engine.asking import Asking
from tui_downloader.engine.connections import Connections
from tui_downloader.engine.digest_list import DigestList
from tui_downloader.engine.disk_watch import DiskWatch, check_directory
from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import ObjectChangedError, TransferError
from tui_downloader.engine.hashing import LATER_BYTES
from tui_downloader.engine.ladder import Verdict, resumable_from
from tui_downloader.engine.observer import TransferObserver
from tui_downloader.engine.order import Finished, TransferOrder
from tui_downloader.engine.partial_file import (
    FileIdentity,
    PartFileLostError,
    PartialFile,
    set_aside,
)
from tui_downloader.engine.placing import create_part, set_left_aside
from tui_downloader.engine.reception import Reception, resume_data_from, with_length
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.resumption import Answer, Resumption, is_all_there, was_never_seen
from tui_downloader.engine.shared import Shared
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.engine.throttle import Throttle, Throttles
from tui_downloader.engine.unhashed import Unhashed
from tui_downloader.engine.unnamed import UnnamedFile
from tui_downloader.engine.verification import algorithms_for, expected_digest, resumed_digest, verified_digest
from tui_downloader.model.download import Digest
from tui_downloader.model.lifecycle import Reason, Resumable
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.resume import ResumeData


class Transfer:
    """One attempt; `run` in its own thread, everything else from another one."""

    def __init__(self, order: TransferOrder, observer: TransferObserver, shared: Shared) -> None:
        """Prepares; connects to nothing.

        Args:
            order: What to bring.
            observer: Hears of every step.
            shared: What all transfers share.
        """
        request, left = order.request, order.resume_data
        self._order = order
        self._observer = observer
        self._settings = shared.settings
        self._directories = shared.directories
        self._finished_mode = shared.finished_mode
        self.throttle = Throttle(request.bytes_per_second_max)
        """Its own speed limit; may change at any time."""
        throttles = Throttles(shared.throttle, self.throttle)
        self._connections = Connections(shared.transports, throttles, shared.settings)
        under_way = left is not None and bool(left.received)
        self._asking = Asking(request, self._connections, shared.settings, under_way=under_way)
        self._reception = Reception(
            self._connections,
            origins=shared.origins,
            connections_max=request.connections_max,
            settings=shared.settings,
        )
        self._watch = DiskWatch(
            shared.space, request.directory, missing=self._missing_bytes, on_trouble=self._end_for_trouble
        )
        self._trouble: TransferError | None = None
        self._part: PartialFile | None = None
        self._synced: tuple[PartialFile | None, RangeSet] = (None, RangeSet())
        self._filename = order.filename
        self._starts_over = False
        self.bytes_expected = left.complete_length if left else order.bytes_expected
        """Complete length; `None` if unknown."""
        self._expected = expected_digest(request, order.digest)
        listed = request.checksum_url if request.checksum is None else None
        self._list = DigestList(listed, self._asking, self._connections) if listed else None
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
            return self._moved_before_crash() or self._bring()
        except Stopped as stopped:
            if stopped.cause is StopCause.ASKED:
                raise
            raise self._trouble or TransferError(Reason.TIMEOUT, "the connection stalled") from stopped
        finally:
            self._watch.end()
            self._connections.stop(StopCause.ASKED)
            self._connections.close()
            self._reception.hasher.close()
            if self._part is not None:
                self._trust_what_stays(self._part)
                self._part.close()

    def stop(self) -> None:
        """Ends it at once, whatever it waits for."""
        self._connections.stop(StopCause.ASKED)

    def supervise(self, *, now: float) -> None:
        """Watches limits, connections and disk; called a few times a second, with monotonic seconds."""
        self._reception.supervise(now=now)
        self._watch.look_if_due(self._part, now=now)
        if self._list is not None:
            self._list.supervise(now=now)

    def sync(self) -> RangeSet | None:
        """Makes the bytes received so far survive a power loss; may take long, for a thread of its own.

        Returns:
            The bytes that do; `None` if nothing can be said.
        """
        part, received = self._part, self.received
        if part is None or not part.sync_data() or part is not self._part:
            return None
        self._synced = (part, received)
        return received

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

    # ----------------------------------------------------------------------------------------------- the disk

    def _missing_bytes(self) -> int | None:
        """Returns how many bytes are still to come; `None` if unknown."""
        expected = self.bytes_expected
        return None if expected is None else max(0, expected - self.received.total)

    def _end_for_trouble(self, part: PartialFile | None, error: TransferError) -> None:
        """Hears what happened on the disk behind our back: ends, unless that part file is not ours any more."""
        if part is self._part:
            self._trouble = error
            self._connections.stop(StopCause.DISK)

    def _trust_what_stays(self, part: PartialFile) -> None:
        """Takes back what was called received of a file that is deleted, or that the disk has failed to write."""
        if part.is_deleted:
            self._begin_with(RangeSet())
        elif part.is_doubtful:
            synced_of, synced = self._synced
            self._begin_with(synced if synced_of is part else RangeSet())

    # ----------------------------------------------------------------------------------------------- receiving

    def _bring(self) -> Finished:
        """Brings every missing byte onto the disk and finishes; starts over where bytes do not belong together."""
        left = self._order.resume_data
        check_directory(self._order.request.directory)
        self._watch.promise(self._missing_bytes())
        if left is not None and (not left.received or was_never_seen(left)):
            left = None
        while True:
            try:
                if left is not None:
                    self._go_on(left)
                else:
                    self._fetch_list()
                    self._take_whole(*self._asking.ask())
                return self._finish()
            except ObjectChangedError as error:
                self._start_over(str(error))
                self._reception.settle_for_one()
                left = None

    def _fetch_list(self) -> None:
        """Brings the list of digests that the request names, if it names one."""
        if self._list is not None:
            self._list.fetch()

    def _go_on(self, left: ResumeData) -> None:
        """Opens the part file of an earlier attempt, has the ladder find the rest, and receives it."""
        self._part = PartialFile.reopen(left)
        self._synced = (self._part, left.synced)
        if is_all_there(left):
            if left.complete_length and self._filename is not None:
                finish.drop_placeholder(self._order.request.directory / self._filename)
            return
        resumption = Resumption(self._asking, left, self._part)
        answer = resumption.find()
        match answer.judgement.verdict:
            case Verdict.GO_ON:
                self._receive_rest(answer, left, offset=resumption.missing.start)
            case Verdict.COMPLETE:
                self._connections.drop(answer.exchange)
            case Verdict.TAKE_WHOLE:
                self._fetch_list()
                self._start_over(answer.judgement.why)
                self._take_whole(answer.exchange, answer.head)
            case Verdict.ASK_WHOLE:
                self._connections.drop(answer.exchange)
                raise ObjectChangedError(answer.judgement.why)

    def _receive_rest(self, answer: Answer, left: ResumeData, *, offset: int) -> None:
        """Receives what is missing, from a response that the ladder has let pass."""
        head, verdict = answer.head, answer.judgement.resumable
        digest = resumed_digest(self._expected, head)
        if digest != self._expected:
            self._expected = digest
            self._begin_with(self.received)
        self._observer.resumed(head, offset=offset, verdict=verdict, digest=digest)
        if self.bytes_expected is None and head.content_range is not None:
            self.bytes_expected = head.content_range.complete_length
        self._receive(answer.exchange, head, left, verdict=verdict)

    def _take_whole(self, exchange: Exchange, head: ResponseHead) -> None:
        """Receives a whole representation into a new part file."""
        if head.has_content_range:
            raise TransferError(Reason.BAD_RESPONSE, "the server sent a part where the whole was asked for")
        if self._list is not None:
            self._expected = self._list.digest_for(head)
        else:
            self._expected = expected_digest(self._order.request, None, head)
        self._begin_with(RangeSet())
        self.bytes_expected = None if head.content_coding else head.content_length
        if self._take_at_once(exchange, head):
            return
        self._watch.promise(self.bytes_expected)
        self._part, self._filename = create_part(
            self._observer, head, digest=self._expected, left=self._order.resume_data
        )
        self._receive(exchange, head, resume_data_from(head, self._part), verdict=resumable_from(head))

    def _take_at_once(self, exchange: Exchange, head: ResponseHead) -> bool:
        """Takes a small file that is there at once: one commit tells of its response and that it is complete.

        Until it has its final name it has none, so that no part file has to be announced, named and looked after.
        Not where something was there before, nor where a digest could differ: such a file is kept as a part file.
        """
        if self._order.resume_data is not None or self._expected is not None or self._starts_over:
            return False
        body = exchange.whole(self.bytes_expected)
        part = UnnamedFile.in_directory(self._order.request.directory) if body else None
        if body is None or part is None:
            return False
        self._part = part
        self._reception.take(part, body)
        part.give_rights(self._finished_mode)
        part.sync()
        self._connections.drop(exchange)
        self._connections.check()
        part.path, self._filename = self._observer.place_complete(
            head, part.identity(), resumable=resumable_from(head)
        )
        return True

    def _begin_with(self, received: RangeSet) -> None:
        """Says what is on disk, and which digests are wanted of the whole."""
        algorithms = algorithms_for(self._expected, record=self._settings.record_sha256)
        self._reception.begin_with(received, algorithms=algorithms, may_lag=self._expected is None)

    def _receive(
        self, exchange: Exchange, head: ResponseHead, resume_data: ResumeData, *, verdict: Resumable
    ) -> None:
        """Receives all missing bytes, of known or unknown length; a part in chunks is a stream too.

        What the fields of a part say of it is checked to the last byte, whatever its framing.
        """
        assert self._part is not None
        asked, known = head.content_range, self.bytes_expected
        if known is not None and (asked is None or head.content_length is not None):
            resume_data = with_length(resume_data, known)
            self._reception.receive(
                exchange, head, self._part, resume_data=resume_data, plan=self._asking.plan, verdict=verdict
            )
            return
        stops = [asked.stop] if asked else []
        if known is not None:
            stops.append(self.received.missing(known).ranges[0].stop)
        name = self._filename or ""
        there = self._reception.receive_stream(
            exchange, head, self._part, stop=min(stops, default=None), filename=name
        )
        if known is None:
            self.bytes_expected = there
        elif self.received.missing(known):
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")

    def _start_over(self, why: str) -> None:
        """Sets the bytes on disk aside, if they are still ours; the new ones go into a new file."""
        part, self._part = self._part, None
        self._starts_over = True
        self._begin_with(RangeSet())
        self.bytes_expected = None
        if part is None:
            kept = set_left_aside(self._order.resume_data)
        else:
            with contextlib.closing(part):
                kept = set_aside(part.path, inode=part.identity().inode)
        self._observer.started_over(why=why, kept_bytes=kept)

    # ----------------------------------------------------------------------------------------------- finishing

    def _finish(self) -> Finished:
        """Gives the complete file its final name."""
        assert self._part is not None
        assert self._filename is not None
        part, size = self._part, self.received.total
        self._connections.check()
        if not isinstance(part, UnnamedFile):
            self._complete(part, size)
        digest = self._verify(part, size)
        if not isinstance(part, UnnamedFile):
            finish.check_untouched(part, part.identity(), size=size)
        self._watch.end()
        directory = self._order.request.directory
        while not finish.give_name(part, destination := directory / self._filename):
            self._filename = self._observer.rename(self._filename)
        self._directories.sync(directory)
        if not isinstance(part, UnnamedFile):
            finish.drop_stale(part.path)
        unhashed = self._leave_rest(part, size) if self._hashed_later(size) else None
        return Finished(destination, size, digest, unhashed)

    def _complete(self, part: PartialFile, size: int) -> None:
        """Makes a part file that has all its bytes survive a power loss, and has said which file it is."""
        part.cut(size)
        part.give_rights(self._finished_mode)
        part.sync()
        identity = part.identity()
        if identity.size < size:
            raise PartFileLostError("the part file was shortened")
        finish.check_untouched(part, identity, size=size)
        self._observer.verifying(identity)

    def _hashed_later(self, size: int) -> bool:
        """Tells whether the file need not wait for its digest: nothing compares it, and much is to be hashed."""
        return self._expected is None and self._reception.hasher.behind(size) > LATER_BYTES

    def _leave_rest(self, part: PartialFile, size: int) -> Unhashed:
        """Hands the open file and what was hashed of it over."""
        self._part = None
        return Unhashed(part, self._reception.take_hasher(), size)

    def _verify(self, part: PartialFile, size: int) -> Digest | None:
        """Compares the file with the digest it must have; where it differs, nothing of it is trusted."""
        if self._hashed_later(size):
            return None
        computed = self._reception.hasher.finish(part, size, self._connections.check)
        try:
            return verified_digest(self._expected, computed)
        except TransferError:
            self._begin_with(RangeSet())
            raise

    def _moved_before_crash(self) -> Finished | None:
        """Recognises a file that got its final name just before the worker was killed."""
        left, filename = self._order.resume_data, self._order.filename
        if left is None or filename is None or left.inode is None:
            return None
        size = left.received.total
        if left.complete_length != size:
            return None
        destination = self._order.request.directory / filename
        if not finish.was_moved(left.part_path, destination, FileIdentity(left.device, left.inode, size)):
            return None
        self._directories.sync(destination.parent)
        finish.drop_stale(left.part_path)
        # It was compared before it got the name.
        verified = dataclasses.replace(self._expected, verified=True) if self._expected else None
        unhashed = Unhashed.of(destination) if self._settings.record_sha256 and verified is None else None
        return Finished(destination, size, verified, unhashed)
