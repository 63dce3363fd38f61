"""A download as readers see it: one immutable snapshot of its row.

Owns the snapshot and its JSON form (the command line's contract). Must never be changed in place: a new state is
a new value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tui_downloader.model.display_text import safe
from tui_downloader.model.events import Event
from tui_downloader.model.lifecycle import RUNNING_STATES, Intent, Reason, Resumable, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import display_url, host_of


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest of the representation's bytes."""

    algorithm: str
    """Its name as in `sha-256`."""
    value: str
    """Lower-case hexadecimal."""
    source: str
    """Who said so: `user`, `server` or `computed`."""
    verified: bool
    """Whether the bytes on disk were compared with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One requested file and its life, as of one commit."""

    id: int
    """Number within the session, rising, never used twice."""
    url: str = field(repr=False)
    """The URL as added, with its secrets; show `shown_url`."""
    directory: Path
    """Absolute directory where the file ends."""
    added_at: float
    """When it was added, Unix seconds."""
    added_by: str = ""
    """Which front end added it: `tuidl add`, `screen`, `demo`."""
    intent: Intent = Intent.RUN
    """What the user wants."""
    intent_number: int = 1
    """Number of the user's last verb."""
    acted_number: int = 0
    """Number of the last verb the worker acted on."""
    state: State = State.QUEUED
    """What is true."""
    reason: Reason | None = None
    """Why it waits or failed; `None` otherwise."""
    error: str | None = None
    """One sentence for the user about the last error, safe to print; `None` if there is none."""
    http_status: int | None = None
    """Status code of the last response, if it explains the state."""
    retry_at: float | None = None
    """When it tries again by itself, Unix seconds; `None` if it does not know or does not wait."""
    waiting_since: float | None = None
    """When it began to wait for the present reason, Unix seconds; `None` if it does not wait."""
    filename: str | None = None
    """The file's final name, safe to print; `None` until named."""
    media_type: str | None = None
    """Media type the server named; `None` until known."""
    part_path: Path | None = None
    """Where the bytes are while it is unfinished; `None` before the first byte and after completion."""
    bytes_received: int = 0
    """Bytes on disk."""
    bytes_expected: int | None = None
    """Complete length; `None` if unknown."""
    received: RangeSet = field(default_factory=RangeSet)
    """Which bytes are on disk; empty when completed."""
    bytes_per_second: float = 0.0
    """Speed, smoothed over about 3 s; 0 when nothing moves."""
    connections: int = 0
    """Connections that bring bytes now."""
    resumable: Resumable = Resumable.UNKNOWN
    """Whether it could go on where it stopped."""
    attempt: int = 0
    """Number of the last attempt, from 1; 0 before the first."""
    restarts: int = 0
    """How often it started over from byte 0."""
    redirects: int = 0
    """Redirects followed by the last request."""
    final_host: str | None = None
    """Host that sent the bytes, safe to print; `None` until known."""
    digest: Digest | None = None
    """Digest of the file; `None` if none is known."""
    started_at: float | None = None
    """When the first attempt began, Unix seconds."""
    finished_at: float | None = None
    """When it completed, failed or was cancelled, Unix seconds."""
    removed_at: float | None = None
    """When it was removed, Unix seconds; such a row is a tombstone, shown to nobody."""
    revision: int = 0
    """Number of the transaction that last wrote the row."""
    bytes_per_second_max: int | None = None
    """Its own speed limit in bytes a second; `None` is none."""
    queue_place: int | None = None
    """Where it stands in the queue, among ids and other places; `None` is its id."""

    @property
    def turn(self) -> int:
        """Where it stands in the queue; lower comes first."""
        return self.id if self.queue_place is None else self.queue_place

    @property
    def path(self) -> Path | None:
        """Absolute path of the finished file; `None` until it is named."""
        return self.directory / self.filename if self.filename is not None else None

    @property
    def shown_url(self) -> str:
        """The URL without its secrets, safe to print."""
        return display_url(self.url)

    @property
    def shown_name(self) -> str:
        """What to call it: its name, else the last part of the URL's path, else the host; safe to print."""
        if self.filename is not None:
            return safe(self.filename)
        path = self.shown_url.partition("?")[0].rstrip("/")
        return path.rpartition("/")[2] or host_of(self.url)

    @property
    def fraction(self) -> float | None:
        """How much is here, 0.0 to 1.0; `None` if the complete length is unknown."""
        if self.state is State.COMPLETED:
            return 1.0
        if self.bytes_expected is None:
            return None
        return min(1.0, self.bytes_received / self.bytes_expected) if self.bytes_expected else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Time left at the present speed, in seconds; `None` if it cannot be told."""
        if self.state is not State.TRANSFERRING or self.bytes_expected is None or self.bytes_per_second < 1:
            return None
        return max(0, self.bytes_expected - self.bytes_received) / self.bytes_per_second

    @property
    def running(self) -> bool:
        """Whether a transfer exists for it in the worker."""
        return self.state in RUNNING_STATES


def download_as_json(download: Download, *, session: str) -> dict[str, object]:
    """Returns a download as the command line's JSON object (DESIGN section 9: names and units are stable).

    Args:
        download: The snapshot.
        session: Identifier of its session.
    """
    digest = download.digest
    return {
        "id": download.id,
        "session": session,
        "url": download.shown_url,
        "intent": download.intent.value,
        "state": download.state.value,
        "reason": download.reason.value if download.reason else None,
        "error": download.error,
        "retry_at": download.retry_at,
        "directory": str(download.directory),
        "filename": download.filename,
        "path": str(download.path) if download.path else None,
        "media_type": download.media_type,
        "bytes_received": download.bytes_received,
        "bytes_expected": download.bytes_expected,
        "bytes_per_second": round(download.bytes_per_second),
        "connections": download.connections,
        "resumable": download.resumable.value,
        "attempt": download.attempt,
        "digest": {
            "algorithm": digest.algorithm,
            "value": digest.value,
            "source": digest.source,
            "verified": digest.verified,
        }
        if digest
        else None,
        "added_at": download.added_at,
        "started_at": download.started_at,
        "finished_at": download.finished_at,
    }


def event_as_json(event: Event) -> dict[str, object]:
    """Returns an event as the command line's JSON object: `sequence`, `download_id`, `kind`, `at`, own fields."""
    return {
        "sequence": event.sequence,
        "download_id": event.download_id,
        "kind": event.kind.value,
        "at": event.at,
        **event.fields,
    }
