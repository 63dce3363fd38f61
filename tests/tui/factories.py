"""Downloads and events for tests of words and widgets."""

from __future__ import annotations

from pathlib import Path

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.session.session import Changes
from tui_downloader.state.worker_row import WorkerStatus
from tui_downloader.tui.happening import Happening
from tui_downloader.tui.snapshot import Snapshot, merged

NOW = 1_764_000_000.0
"""The present of these tests."""

MB = 1_000_000
DIRECTORY = Path("/srv/downloads")


def download(download_id: int = 1, state: State = State.QUEUED, **fields: object) -> Download:
    """Make a download; its verbs were acted on unless told otherwise."""
    plain: dict[str, object] = {
        "id": download_id,
        "url": f"https://files.example.org/file-{download_id}.bin",
        "directory": DIRECTORY,
        "added_at": NOW - 1000,
        "state": state,
        "acted_number": 1,
        "filename": f"file-{download_id}.bin",
    }
    return Download(**(plain | fields))  # type: ignore[arg-type]  # fields are passed through


def every_state() -> list[Download]:
    """Make one download in each state, newest first."""
    return [
        download(len(State) - number, state, bytes_received=31 * MB, bytes_expected=100 * MB)
        for number, state in enumerate(State)
    ]


def event(sequence: int, download_id: int | None, kind: EventKind, *, at: float = NOW, **fields: object) -> Event:
    """Make an event."""
    return Event(sequence, download_id, kind, at, fields)  # type: ignore[arg-type]  # fields are plain JSON values


def happening(row: Download | None, kind: EventKind, *, at: float = NOW, **fields: object) -> Happening:
    """Make an event with its download."""
    return Happening(event(1, row.id if row else None, kind, at=at, **fields), row)


def snapshot_of(*rows: Download, worker_runs: bool = False) -> Snapshot:
    """Make a snapshot of these downloads."""
    worker = WorkerStatus(running=worker_runs, pid=None, held=False)
    return merged(Snapshot(), Changes(1, tuple(sorted(rows, key=lambda each: each.id)), worker))
