"""What a session answers with, and how a row is shown whose worker has died.

Owns the values between session and front ends. Must never read the state file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tui_downloader.errors import NoSuchDownloadError
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import LIVE_STATES, State
from tui_downloader.model.ranges import RangeSet
from tui_downloader.state.worker_row import WorkerStatus

if TYPE_CHECKING:
    from tui_downloader.model.recorded_exchange import RecordedExchange


class Changes(NamedTuple):
    """What was written after a revision."""

    revision: int
    """Pass it to the next `Session.changes`."""
    downloads: tuple[Download, ...]
    """Rows written since, by id; tombstones (`removed_at`) included."""
    worker: WorkerStatus
    """The worker now."""


class Newest(NamedTuple):
    """The newest downloads, before the others are read."""

    changes: Changes
    """They as changed rows, the revision they are of, and the worker."""
    counts: Mapping[State, int]
    """How many downloads there are in each state, these included."""


class Added(NamedTuple):
    """One answer to `Session.add`."""

    download: Download
    """The row."""
    is_new: bool
    """False: the same unfinished URL in the same directory was there already."""


class Inspection(NamedTuple):
    """What is known of one download beside its row."""

    received: RangeSet
    """Which bytes are on disk; none once it is completed."""
    exchange: RecordedExchange | None
    """Its last request and response; `None` before the first."""


def as_shown(download: Download, *, alive: bool) -> Download:
    """Corrects a row whose worker has died: nothing is running then.

    Args:
        download: The row as it was read.
        alive: Whether a live worker holds the session.
    """
    if alive or download.state not in LIVE_STATES or download.state is State.QUEUED:
        return download
    return dataclasses.replace(download, state=State.QUEUED, bytes_per_second=0.0, connections=0)


def missing_error(ids: Sequence[int]) -> NoSuchDownloadError:
    """Builds the error for ids that are not there."""
    names = ", ".join(str(each) for each in ids)
    return NoSuchDownloadError(
        f"There is no download {names}." if len(ids) == 1 else f"There are no downloads {names}."
    )
