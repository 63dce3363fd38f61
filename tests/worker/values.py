"""Rows and responses for tests of the worker's pure functions.

Owns their defaults. Must never touch a file or a network.
"""

from __future__ import annotations

from pathlib import Path

from tui_downloader.engine.response import ResponseHead
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Intent, Reason, State
from tui_downloader.model.request import Request
from tui_downloader.model.resume import ResumeData, Work
from tui_downloader.protocol.validators import Validator

URL = "https://me:secret@example.com/pub/a.iso?token=secret"
DIRECTORY = Path("/downloads")


def head(
    *,
    status: int = 200,
    content_length: int | None = 1000,
    content_coding: str = "",
    final_host: str = "cdn.example.com",
) -> ResponseHead:
    """Make the header of a healthy response."""
    return ResponseHead(
        status=status,
        final_url="https://cdn.example.com/a.iso",
        final_host=final_host,
        redirects=1,
        validator=Validator('"v1"', "Tue, 14 Nov 2023 22:13:20 GMT", "Wed, 15 Nov 2023 22:13:20 GMT"),
        content_range=None,
        has_content_range=False,
        unsatisfied_length=None,
        content_length=content_length,
        content_coding=content_coding,
        accepts_ranges=True,
        media_type="application/octet-stream",
        disposition=None,
        retry_after_seconds=None,
    )


def work(
    state: State = State.QUEUED,
    *,
    intent: Intent = Intent.RUN,
    pending: bool = False,
    reason: Reason | None = None,
    waiting_since: float | None = None,
    filename: str | None = None,
    restarts: int = 0,
    **more: object,
) -> Work:
    """Make a row as the worker reads it; `more` goes to `Work` itself."""
    download = Download(
        id=7,
        url=URL,
        directory=DIRECTORY,
        added_at=1.0,
        intent=intent,
        intent_number=3,
        acted_number=2 if pending else 3,
        state=state,
        reason=reason,
        waiting_since=waiting_since,
        filename=filename,
        restarts=restarts,
        attempt=4,
    )
    return Work(download=download, request=Request(url=URL, directory=DIRECTORY), **more)  # type: ignore[arg-type]  # passed through


def resume_data(**more: object) -> ResumeData:
    """Make what an earlier attempt left."""
    return ResumeData(part_path=DIRECTORY / "a.iso.part", **more)  # type: ignore[arg-type]  # passed through
