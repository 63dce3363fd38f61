"""Several connections that bring one representation of known length together.

Owns the threads and who does what next. Extra connections are a gift: whatever happens to one of them, the
transfer goes on with the others; only a changed file ends them all.
"""

from __future__ import annotations

import threading
import time

from tui_downloader.engine.exchange import Exchange
from tui_downloader.engine.failures import ObjectChangedError, TransferError
from tui_downloader.engine.growth import Growth
from tui_downloader.engine.member import REFUSED_BYTES, Member, RefusedError, Supply
from tui_downloader.engine.origins import Origins
from tui_downloader.engine.segments import Segment
from tui_downloader.engine.stopping import StopCause, Stopped
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.ranges import RangeSet

WAIT_SECONDS = 0.05
"""How often the transfer's own thread looks whether the others are done."""
STALL_SECONDS = 5.0
"""A connection that brings nothing for so long, while others do, is replaced."""
SILENCE_SECONDS = 7.5
"""Where none of several connections brings anything for so long, one begins anew: the server may have turned away
the only one that it allows, because it had not seen its last response end."""
REFUSAL_PAUSE_SECONDS = 0.4
"""Wait before a connection that was refused asks again: the server may not have seen the last one end."""
SPENT_PAUSE_SECONDS = 2.0
"""The same once nothing may be risked any more: only the last connection asks then."""
CUT_PAUSE_SECONDS = 0.1
"""The same after a response was left before its end, where requests were refused before or one is silent."""
END_SECONDS = 1.0
"""How long all other connections together may take to end; later they can write nothing more."""
TRIES = 3
"""Errors in a row after which a connection asks no more."""


class Crew:
    """The connections of one transfer while its body comes."""

    def __init__(self, supply: Supply, *, growth: Growth, origins: Origins, origin: str) -> None:
        """Prepares; no thread runs yet.

        Args:
            supply: What is missing, where it goes and how it is asked for.
            growth: How many connections there should be.
            origins: Counts connections over all downloads.
            origin: The origin that sends the bytes.
        """
        self._supply = supply
        self._table = supply.table
        self._connections = supply.connections
        self._growth = growth
        self._origins = origins
        self._origin = origin
        self._lock = threading.Lock()
        self._own = Member(supply, is_extra=False)
        self._members = [self._own]
        self._threads: list[threading.Thread] = []
        self._target = growth.target
        self._silence_ended_at = 0.0
        self._ending = False
        self._changed: str | None = None

    @property
    def received(self) -> RangeSet:
        """The bytes on disk."""
        return self._table.received

    @property
    def bytes_written(self) -> int:
        """Bytes written by all connections."""
        return self._table.written

    @property
    def size(self) -> int:
        """Connections that bring bytes now."""
        return sum(each.is_receiving for each in list(self._members))

    def run(self, exchange: Exchange, segment: Segment) -> None:
        """Brings all missing bytes; the first connection is the calling thread's.

        Args:
            exchange: Its response's body begins at the segment's position.
            segment: Claimed from the table.

        Raises:
            TransferError: Nobody gets any further.
            ObjectChangedError: The representation is another one now.
            Stopped: It was stopped.
        """
        self._origins.enter(self._origin, must=True)
        self._origins.share(self._origin, self, 1)
        try:
            error = self._bring(self._own, segment, exchange)
            while self._table.missing_bytes:
                self._connections.check()
                if self._changed is not None:
                    raise ObjectChangedError(self._changed)
                error = self._next(error)
        finally:
            self._origins.leave(self._origin)
            self._end_others()
            self._origins.end_share(self._origin, self)
        if self._changed is not None:
            raise ObjectChangedError(self._changed)

    def supervise(self, *, now: float) -> None:
        """Replaces stalled connections, adds and ends others; called a few times a second from another thread."""
        members = list(self._members)
        self._end_stalled(members, now)
        if self._supply.ask_range is None or self._ending:
            return
        working = [each for each in members if not each.is_waiting]
        self._target = self._decide(working, now)
        for _ in range(self._target - len(working)):
            if not self._add_one():
                break
        surplus = len(working) - self._target
        if surplus > 0:
            for each in [each for each in working if each.is_extra][-surplus:]:
                each.stop(StopCause.ASKED)

    def _decide(self, working: list[Member], now: float) -> int:
        """Returns how many connections there should be, within what the origin has for this transfer."""
        delivering = sum(each.delivers(now) for each in working)
        with self._lock:
            return self._growth.decide(
                now=now,
                received=self.bytes_written,
                missing=self._table.missing_bytes,
                delivering=delivering,
                asking=len(working) - delivering,
                room=self._origins.share(self._origin, self, self._growth.target),
                held_back=self._connections.held_back,
            )

    def _end_stalled(self, members: list[Member], now: float) -> None:
        """Ends the connections that are silent while others bring bytes; all, where all are silent for long."""
        segments = [(each, each.segment) for each in members]
        moved = [segment.moved_at for _, segment in segments if segment is not None]
        brought = [segment.moved_at for _, segment in segments if segment is not None and segment.brought]
        if len(moved) > 1 and now - max(*moved, self._silence_ended_at) > SILENCE_SECONDS:
            if not self._connections.held_back:
                self._end_silence(members, now)
            return
        for each, segment in segments:
            if segment is not None and brought and max(brought) - segment.moved_at > STALL_SECONDS:
                each.stop(StopCause.TOO_SLOW)

    def _end_silence(self, members: list[Member], now: float) -> None:
        """Leaves one connection, which asks anew."""
        self._silence_ended_at = now
        with self._lock:
            self._growth.caution.refused(of_number=False)
        self._own.is_waiting = True  # so that it asks anew even where the others have ended before it
        for each in members:
            each.stop(StopCause.ASKED if each.is_extra else StopCause.TOO_SLOW)

    # ------------------------------------------------------------------------------------------ the calling thread

    def _next(self, error: TransferError | None) -> TransferError | None:
        """Does the next thing that the calling thread can do; returns what stands in its way."""
        own, alone = self._own, not any(each.is_alive() for each in self._threads)
        if error is not None:
            if alone and own.is_waiting:
                own.failures = 0  # it was refused beside others; now it is the only one
            elif alone and (own.failures >= TRIES or not isinstance(error, RefusedError)):
                raise error
            own.is_waiting = not alone and (own.failures >= TRIES or not self._may_risk())
            self._connections.pause(WAIT_SECONDS if own.is_waiting else self._refusal_pause(own))
            if own.is_waiting:
                return error
        segment = self._claim(own)
        own.is_waiting = segment is None
        if segment is not None:
            return self._bring(own, segment)
        if alone:
            raise error or TransferError(Reason.CONNECTION_LOST, "connection lost")
        self._connections.pause(WAIT_SECONDS)
        return error

    # ----------------------------------------------------------------------------------------------- other threads

    def _add_one(self) -> bool:
        """Starts one more connection, if the origin has room and something is left for it."""
        if not self._may_risk() or not self._origins.enter(self._origin):
            return False
        member = Member(self._supply, is_extra=True)
        segment = self._claim(member)
        if segment is not None:
            thread = threading.Thread(target=self._extra, args=(member, segment), name="connection", daemon=True)
            with self._lock:
                if not self._ending and self._changed is None:
                    self._members.append(member)
                    self._threads = [each for each in self._threads if each.is_alive()] + [thread]
                    thread.start()
                    return True
            self._table.release(segment)
        self._origins.leave(self._origin)
        return False

    def _extra(self, member: Member, segment: Segment | None) -> None:
        """An extra connection: brings segment after segment until nothing is left or it is not wanted."""
        try:
            while segment is not None:
                segment = self._after(member, self._bring(member, segment))
        except (Stopped, ObjectChangedError, TransferError):
            return  # the transfer's own thread says so
        finally:
            with self._lock:
                self._members.remove(member)
            self._origins.leave(self._origin)

    def _after(self, member: Member, error: TransferError | None) -> Segment | None:
        """Returns what an extra connection brings next; `None` if it ends."""
        is_refused = isinstance(error, RefusedError)
        if member.failures >= TRIES or (is_refused and not member.has_delivered):
            return None
        if error is not None:
            self._connections.pause(self._refusal_pause(member))
        working = sum(not each.is_waiting for each in list(self._members))
        if self._ending or not self._may_risk() or working > self._target:
            return None
        return self._claim(member)

    def _end_others(self) -> None:
        """Ends the extra connections; those that hang where nothing can interrupt them can write nothing more."""
        with self._lock:
            self._ending = True
        self._stop_all(StopCause.ASKED)
        due_at = time.monotonic() + END_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, due_at - time.monotonic()))

    def _stop_all(self, cause: StopCause) -> None:
        """Ends what all connections are doing."""
        for each in list(self._members):
            each.stop(cause)

    # -------------------------------------------------------------------------------------------------- both kinds

    def _may_risk(self) -> bool:
        """Tells whether one more request may be sent beside those that are open."""
        now = time.monotonic()
        return self._growth.caution.may_risk(sum(each.is_unproven(now) for each in list(self._members)))

    def _refusal_pause(self, member: Member) -> float:
        """Returns the seconds to wait before asking again; longer where nothing may be risked any more."""
        return REFUSAL_PAUSE_SECONDS * max(1, member.failures) if self._may_risk() else SPENT_PAUSE_SECONDS

    def _claim(self, member: Member) -> Segment | None:
        """Returns the next piece for a connection; `None` if there is none."""
        if self._supply.ask_range is None:
            return None
        careful, now = self._growth.caution.refusals > 0, time.monotonic()
        if member.was_cut and (careful or not all(each.moves(now) for each in list(self._members))):
            self._connections.pause(CUT_PAUSE_SECONDS)
        return self._table.claim(sharers=self._target, now=time.monotonic(), careful=careful)

    def _bring(self, member: Member, segment: Segment, exchange: Exchange | None = None) -> TransferError | None:
        """Has a connection bring a segment; returns the error of this connection.

        Raises:
            TransferError: The disk failed.
            ObjectChangedError: The representation is another one now.
            Stopped: It was stopped.
        """
        try:
            member.bring(segment, exchange)
        except TransferError as error:
            if error.reason in {Reason.DISK_FULL, Reason.DESTINATION}:
                raise
            member.failures += 1
            if isinstance(error, RefusedError):
                with self._lock:
                    self._growth.caution.refused()
            return error
        except Stopped:
            if segment.brought < REFUSED_BYTES and exchange is None:
                with self._lock:
                    self._growth.caution.gave_up()
            raise
        except ObjectChangedError as error:
            self._changed = str(error)
            self._stop_all(StopCause.TOO_SLOW)  # it belongs to a representation that is no longer there
            raise
        return None
