"""What a transfer starts from, and what it ends with.

Owns the two values between worker and engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui_downloader.engine.unhashed import Unhashed
from tui_downloader.model.download import Digest
from tui_downloader.model.request import Request
from tui_downloader.model.resume import ResumeData


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOrder:
    """What a transfer starts from."""

    request: Request
    """What was asked for."""
    resume_data: ResumeData | None
    """What an earlier attempt left; `None` if there was none."""
    filename: str | None
    """The final name reserved by an earlier attempt."""
    digest: Digest | None = None
    """What an earlier response, or a list of digests, said the file must have."""
    bytes_expected: int | None = None
    """Complete length of a file that found no room before the first of its bytes came: until there is room for so
    much, no request is sent. `None` asks the server."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A file that lies under its final name."""

    path: Path
    """Its absolute path."""
    size: int
    """Its length in bytes."""
    digest: Digest | None = None
    """What was computed of it, and whether it was compared; `None` if nothing was, or not yet."""
    unhashed: Unhashed | None = None
    """What is left to be hashed, so that a digest can be recorded; whoever takes it closes it."""
