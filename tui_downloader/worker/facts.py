"""What happened to a transfer as columns and events: pure functions.

Owns which columns each fact changes. Must never write them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.order import Finished
from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.retry import retry_delay
from tui_downloader.engine.verification import RECORDED
from tui_downloader.model.display_text import safe
from tui_downloader.model.download import Digest
from tui_downloader.model.events import EventKind, NewEvent
from tui_downloader.model.lifecycle import Intent, Reason, Resumable, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.model.resume import Work
from tui_downloader.settings import Settings
from tui_downloader.state.database import SqlValue
from tui_downloader.worker.new_events import failed_event

AT_REST: Mapping[str, SqlValue] = {"bytes_per_second": 0.0, "connections": 0}
"""Columns of a row without a transfer."""

NO_WAIT: Mapping[str, SqlValue] = {
    "reason": None,
    "error": None,
    "http_status": None,
    "retry_at": None,
    "retry_delay_seconds": None,
    "waiting_since": None,
}
"""Columns of a row that neither waits nor failed."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What to write."""

    columns: Mapping[str, SqlValue]
    """Worker columns and their new values."""
    events: tuple[NewEvent, ...] = ()
    """Events to append, in order."""
    exchange: RecordedExchange | None = None
    """The exchange to keep as the last one; `None` keeps the one before."""


@dataclass(frozen=True, slots=True)
class Received:
    """How far a transfer is."""

    ranges: RangeSet
    """Bytes on disk."""
    expected: int | None
    """Complete length; `None` if unknown."""
    boot_id: str = field(default="", repr=False)
    """The running boot."""

    @property
    def columns(self) -> dict[str, SqlValue]:
        """The progress columns."""
        return {
            "bytes_received": self.ranges.total,
            "bytes_expected": self.expected,
            "received": str(self.ranges),
            "boot_id": self.boot_id,
        }


def at_rest(work: Work, *, boot_id: str) -> Received:
    """Returns how far a download at rest is."""
    left = work.resume_data
    return Received(left.received if left else RangeSet(), work.download.bytes_expected, boot_id)


def attempt_began(work: Work, *, now: float) -> Fact:
    """A transfer was started."""
    download = work.download
    return Fact(
        {
            "state": State.CONNECTING.value,
            "attempt": download.attempt + 1,
            "started_at": download.started_at if download.started_at is not None else now,
            "acted_number": download.intent_number,
            **AT_REST,
            **{key: value for key, value in NO_WAIT.items() if key != "waiting_since"},
        }
    )


def response_came(
    head: ResponseHead,
    work: Work,
    began: NewEvent,
    *,
    filename: str,
    part_path: Path,
    resumable: Resumable,
    digest: Digest | None = None,
) -> Fact:
    """The first response of a whole representation came; names are reserved; the file must have that digest."""
    before = work.download.filename
    coded = bool(head.content_coding)
    columns: dict[str, SqlValue] = {
        "state": State.TRANSFERRING.value,
        "filename": filename,
        "part_path": str(part_path),
        "media_type": head.media_type,
        "entity_tag": None if coded else head.validator.entity_tag,
        "last_modified": None if coded else head.validator.last_modified,
        "response_date": head.validator.date,
        "resumable": resumable.value,
        "device": None,
        "inode": None,
        "received": "",
        "synced": "",
        "bytes_received": 0,
        "bytes_expected": None if coded else head.content_length,
        "waiting_since": None,
        **_origin_columns(head),
        **_digest_columns(digest),
    }
    response = NewEvent(
        EventKind.RESPONSE_RECEIVED,
        {
            "status": head.status,
            "filename": filename,
            "bytes_expected": None if coded else head.content_length,
            "media_type": head.media_type,
            "redirects": head.redirects,
        },
    )
    events = [began, response]
    if before is not None and before != filename:
        events.append(NewEvent(EventKind.RENAMED, {"from": before, "to": filename}))
    return Fact(columns, tuple(events), head.exchange)


def resumed(head: ResponseHead, began: NewEvent, *, verdict: Resumable, digest: Digest | None = None) -> Fact:
    """Bytes are placed behind those on disk; the whole must have that digest, if anybody named one."""
    columns: dict[str, SqlValue] = {
        "state": State.TRANSFERRING.value,
        "resumable": verdict.value,
        "waiting_since": None,
        **_origin_columns(head),
        **_digest_columns(digest),
    }
    return Fact(columns, (began,), head.exchange)


def started_over(work: Work, *, why: str, kept_bytes: int | None) -> Fact:
    """The bytes on disk are not used."""
    columns: dict[str, SqlValue] = {
        "restarts": work.download.restarts + 1,
        "received": "",
        "synced": "",
        "bytes_received": 0,
        "device": None,
        "inode": None,
        "high_water": 0,
    }
    fields = {"why": why, "kept_bytes": kept_bytes, "offset": 0, "filename": work.download.shown_name}
    return Fact(columns, (NewEvent(EventKind.STARTED_OVER, fields),))


def verifying(identity: FileIdentity, received: Received) -> Fact:
    """All bytes are there; the rename comes next."""
    return Fact(
        {
            **received.columns,
            "state": State.VERIFYING.value,
            "synced": str(received.ranges),
            "device": identity.device,
            "inode": identity.inode,
            "bytes_expected": received.ranges.total,
        }
    )


def renamed(before: str, after: str) -> Fact:
    """The final name was taken in the meantime; another one is reserved."""
    return Fact({"filename": after}, (NewEvent(EventKind.RENAMED, {"from": before, "to": after}),))


def finished(work: Work, done: Finished, *, now: float) -> Fact:
    """The file lies under its final name."""
    download = work.download
    began = download.started_at if download.started_at is not None else now
    columns: dict[str, SqlValue] = {
        "state": State.COMPLETED.value,
        "filename": done.path.name,
        "part_path": None,
        "bytes_received": done.size,
        "bytes_expected": done.size,
        "received": "",
        "synced": "",
        "acted_number": _acted_number(work),
        "finished_at": now,
        **(digest_owed() if done.unhashed else _digest_columns(done.digest)),
        **AT_REST,
        **NO_WAIT,
    }
    event = NewEvent(
        EventKind.FINISHED,
        {
            "path": str(done.path),
            "filename": safe(done.path.name),
            "bytes": done.size,
            "seconds": round(max(0.0, now - began), 3),
        },
    )
    return Fact(columns, (event,))


def stopped(work: Work, received: Received, *, state: State, now: float) -> Fact:
    """A transfer ended because it was asked to, or a verb settles a row at rest."""
    columns: dict[str, SqlValue] = {
        **received.columns,
        "state": state.value,
        "acted_number": _acted_number(work),
        "finished_at": now if state is State.CANCELLED else None,
        **AT_REST,
        **NO_WAIT,
    }
    kind = {State.PAUSED: EventKind.PAUSED, State.CANCELLED: EventKind.CANCELLED}.get(state)
    events = (NewEvent(kind, {"bytes_received": received.ranges.total}),) if kind else ()
    return Fact(columns, events)


def requeued(work: Work) -> Fact:
    """The user asked for it again: counters of failures begin anew."""
    return Fact(
        {
            "state": State.QUEUED.value,
            "acted_number": work.download.intent_number,
            "failures": 0,
            "progress_at": None,
            "restarts": 0,
            "finished_at": None,
            **AT_REST,
            **{key: value for key, value in NO_WAIT.items() if key != "waiting_since"},
        }
    )


def failed(
    work: Work,
    error: TransferError,
    received: Received,
    *,
    now: float,
    settings: Settings,
    jitter: float,
    probed: bool = False,
) -> Fact:
    """An attempt ended without the file: it waits and tries again, or needs the user.

    Args:
        work: The row while the attempt ran.
        error: How it ended.
        received: What is on disk.
        now: Unix seconds.
        settings: The limits.
        jitter: A random number from 0.0 to 1.0.
        probed: Whether the attempt only looked whether the network, or room on the disk, is there again: that it
            is not is no news.
    """
    progress = received.ranges.total > work.high_water
    failures = (0 if progress else work.failures) + (0 if error.reason is Reason.OFFLINE else 1)
    progress_at = now if progress or work.progress_at is None else work.progress_at
    reason, sentence = error.reason, str(error)
    if reason.waits and now - progress_at > settings.give_up_seconds:
        reason, sentence = Reason.GAVE_UP, f"gave up: {sentence}"
    columns: dict[str, SqlValue] = {
        **received.columns,
        **AT_REST,
        "failures": failures,
        "high_water": max(work.high_water, received.ranges.total),
        "progress_at": progress_at,
        "reason": reason.value,
        "error": sentence,
        "http_status": error.http_status,
    }
    if reason.waits:
        delay = retry_delay(
            reason,
            failures=failures,
            retry_after_seconds=error.retry_after_seconds,
            settings=settings,
            jitter=jitter,
        )
        told = probed and reason in {Reason.OFFLINE, Reason.DISK_FULL}
        fact = _waiting(work, columns, delay=delay, reason=reason, sentence=sentence, now=now, told=told)
        return dataclasses.replace(fact, exchange=error.exchange)
    columns |= {"state": State.FAILED.value, "finished_at": now, "waiting_since": None, "retry_at": None}
    event = failed_event(work.download, columns)
    return Fact(columns, (event,), error.exchange)


def _waiting(
    work: Work,
    columns: dict[str, SqlValue],
    *,
    delay: float,
    reason: Reason,
    sentence: str,
    now: float,
    told: bool,
) -> Fact:
    """Completes the columns of a download that tries again by itself; what was told before is not told again."""
    since = work.download.waiting_since
    columns |= {
        "state": State.WAITING.value,
        "retry_at": now + delay,
        "retry_delay_seconds": delay,
        "waiting_since": since if since is not None else now,
    }
    event = NewEvent(
        EventKind.WAITING, {"reason": reason.value, "error": sentence, "retry_seconds": round(delay, 1)}
    )
    return Fact(columns, () if told else (event,))


def removed(work: Work, *, now: float, problem: str | None = None) -> Fact:
    """The row is a tombstone; a file that could not be deleted stays, and the journal says so."""
    columns: dict[str, SqlValue] = {
        "removed_at": now,
        "acted_number": work.download.intent_number,
        "part_path": None,
        "received": "",
        **AT_REST,
    }
    return Fact(columns, (NewEvent(EventKind.REMOVED, {"error": safe(problem)} if problem else {}),))


def _acted_number(work: Work) -> int:
    """Returns the verb that the end of a transfer acts on; a removal still has to be carried out."""
    download = work.download
    return download.acted_number if download.intent is Intent.REMOVE else download.intent_number


def _digest_columns(digest: Digest | None) -> dict[str, SqlValue]:
    """Columns of the digest."""
    return {
        "digest_algorithm": digest.algorithm if digest else None,
        "digest_value": digest.value if digest else None,
        "digest_source": digest.source if digest else None,
        "digest_verified": int(digest.verified) if digest else None,
    }


def digest_owed() -> dict[str, SqlValue]:
    """Columns of a finished file whose digest comes later."""
    return {**_digest_columns(None), "digest_algorithm": RECORDED}


def digest_came(digest: Digest | None) -> Fact:
    """The digest of a finished file was computed after all, or (`None`) cannot be."""
    return Fact(_digest_columns(digest))


def _origin_columns(head: ResponseHead) -> dict[str, SqlValue]:
    """Columns that say where the bytes come from."""
    return {
        "final_url": head.final_url,
        "final_host": safe(head.final_host),
        "redirects": head.redirects,
        "http_status": head.status,
    }
