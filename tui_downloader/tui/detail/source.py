"""Which file the side pane looks into: the finished one, or as much of a part file as has come.

Owns that choice. Must never touch a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.preview.stages import stage
from tui_downloader.tui.watched import Watched

_LIVE_STATES = frozenset({State.CONNECTING, State.TRANSFERRING, State.VERIFYING, State.PAUSED})
"""States in which a picture of what has come so far is shown; in the others something else is more urgent."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, and how much of it is there. Equal ones are not worth another look."""

    path: Path
    """The file."""
    stage: int | None = None
    """How far a part file has come, see `preview.stages`; `None` for a finished file."""
    prefix_bytes: int | None = field(default=None, compare=False)
    """How many bytes from its start are there without a gap; `None` for all."""


def source_of(download: Download | None, watched: Watched | None) -> Source | None:
    """Chooses the file.

    Args:
        download: What is shown.
        watched: The closer look at it; `None` before the first.

    Returns:
        The file; `None` if there is none, or too little of it.
    """
    if download is None:
        return None
    if download.state is State.COMPLETED:
        return Source(download.path) if download.path is not None else None
    if download.part_path is None or watched is None or download.state not in _LIVE_STATES:
        return None
    prefix = watched.received.contiguous
    reached = stage(prefix, download.bytes_expected)
    return Source(download.part_path, reached, prefix) if reached is not None else None
