"""Events about the beginning and the end of an attempt, before the journal numbered them.

Owns their fields: those that the inbox shows carry the name, so that they stay readable when the row is gone.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind, NewEvent
from tui_downloader.model.lifecycle import Resumable
from tui_downloader.model.resume import Work
from tui_downloader.state.database import SqlValue


def began_event(
    before: Work, kind: EventKind, *, offset: int, now: float, verdict: Resumable | None = None
) -> NewEvent:
    """Builds the event of an attempt that brings bytes, with how long the download had waited for what.

    Args:
        before: The row as it was before the attempt.
        kind: Started or resumed.
        offset: First byte it brings.
        now: Unix seconds.
        verdict: How sure the going on is; `None` for a start from zero.
    """
    waited = before.download
    fields: dict[str, str | int | float | None] = {"attempt": waited.attempt + 1, "offset": offset}
    if verdict is not None:
        fields["verdict"] = verdict.value
    if waited.waiting_since is not None:
        fields["waited_seconds"] = round(max(0.0, now - waited.waiting_since), 1)
        fields["waited_for"] = waited.reason.value if waited.reason else None
        fields["filename"] = waited.shown_name
    return NewEvent(kind, fields)


def failed_event(download: Download, columns: Mapping[str, SqlValue]) -> NewEvent:
    """Builds the event of a download that needs the user.

    Args:
        download: The row as it was before.
        columns: What is written about the failure.
    """
    names = ("reason", "error", "http_status", "bytes_received", "bytes_expected")
    return NewEvent(EventKind.FAILED, {"filename": download.shown_name, **{name: columns[name] for name in names}})
