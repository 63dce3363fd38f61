"""Downloads, events and moments for the tests; every test sees the same clock."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import Resumable, State

NOW = datetime.datetime(2026, 11, 12, 14, 5).astimezone().timestamp()
"""Some afternoon in local time."""

HOSTILE = ("a[red]b[/red].iso", "x[/]y", "[@click=app.bell]z[/]", "[1080p] show.mkv", "\\[x]")
"""Names that markup would change, or that would end the app as markup."""


def download(state: State, **changes: Any) -> Download:
    """Makes a download of a video, half there."""
    fields: dict[str, Any] = {
        "id": 1,
        "url": "https://pictures.example.org/talks/talk-recording.mkv?token=geheim",
        "directory": Path("/srv/files"),
        "filename": "talk-recording.mkv",
        "added_at": NOW - 600,
        "added_by": "tuidl add",
        "state": state,
        "acted_number": 1,
        "attempt": 2,
        "bytes_received": 1_100_000_000,
        "bytes_expected": 1_900_000_000,
        "resumable": Resumable.PROVEN,
    }
    return Download(**{**fields, **changes})


def finished(path: Path, **changes: Any) -> Download:
    """Makes a download that ended in a file, which may exist or not."""
    size = path.stat().st_size if path.exists() else 4_612_345
    fields: dict[str, Any] = {
        "directory": path.parent,
        "filename": path.name,
        "bytes_received": size,
        "bytes_expected": size,
        "started_at": NOW - 500,
        "finished_at": NOW - 469,
        "media_type": "image/png",
    }
    return download(State.COMPLETED, **{**fields, **changes})


def event(kind: EventKind, fields: Mapping[str, str | float | None] | None = None, *, sequence: int = 1) -> Event:
    """Makes an event that happened as many seconds after the adding as its number."""
    return Event(sequence, 1, kind, NOW - 600 + sequence, fields or {})
