"""Resume data and work: what the worker needs of a row beside its snapshot.

Owns the values only; the ladder that decides is the engine's. Must never be shown: it holds secrets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tui_downloader.model.download import Download
from tui_downloader.model.ranges import RangeSet
from tui_downloader.model.request import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeData:
    """What lets a transfer go on where it stopped."""

    part_path: Path
    """The part file's real path, committed before the file was created."""
    received: RangeSet = field(default_factory=RangeSet)
    """Bytes that may be trusted: written, and for another boot also synced."""
    synced: RangeSet = field(default_factory=RangeSet)
    """Bytes that survive a power loss: all that may be trusted once the disk has reported an error."""
    complete_length: int | None = None
    """Length of the whole representation; `None` if unknown."""
    entity_tag: str | None = None
    """The ETag field as received."""
    last_modified: str | None = None
    """The Last-Modified field as received."""
    date: str | None = None
    """The Date field that came with it (it decides how strong Last-Modified is)."""
    final_url: str | None = field(default=None, repr=False)
    """Where the last redirect ended; may hold secrets."""
    device: int | None = None
    """Device number of the part file; `None` if it was not created yet, or in another boot: numbers change."""
    inode: int | None = None
    """Inode number of the part file; `None` if it was not created yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A row as the worker reads it."""

    download: Download
    """The snapshot."""
    request: Request
    """What was asked for, with its secrets."""
    resume_data: ResumeData | None = None
    """`None` before the first response."""
    retry_delay_seconds: float | None = None
    """What remained of the wait when it was last committed; `None` if it does not wait."""
    failures: int = 0
    """Attempts that failed since the last progress."""
    progress_at: float | None = None
    """When it last got further than ever before, Unix seconds; `None` before that."""
    high_water: int = 0
    """The most bytes it ever had."""
    delete_file: bool = False
    """Whether a removal deletes the finished file too."""
