"""What is told of downloads that have ended: on the screen, on the desktop, in the terminal.

Owns these sentences. Must never hold a text that is not safe to print: names pass `safe` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_downloader.model.display_text import safe
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.reason_words import REASON_WORDS
from tui_downloader.units import format_bytes


@dataclass(frozen=True, slots=True)
class Ending:
    """How one download ended."""

    name: str
    """What to call it."""
    size: int = 0
    """Bytes of the finished file."""
    reason: Reason | None = None
    """Why it failed, if that is known."""


def ending_of(event: Event) -> Ending:
    """Reads an event of a finished or failed download; what it lacks is left out."""
    size, reason = event.fields.get("bytes"), event.fields.get("reason")
    return Ending(
        name=safe(str(event.fields.get("filename") or "a download")),
        size=size if isinstance(size, int) else 0,
        reason=Reason(reason) if reason in set(Reason) else None,
    )


def finished_words(endings: Sequence[Ending]) -> str:
    """Words a burst of finished downloads: `Finished: name, 4.6 MB`, `Finished: 12 files, 340 MB`."""
    size = format_bytes(sum(each.size for each in endings))
    return f"Finished: {endings[0].name if len(endings) == 1 else f'{len(endings):,} files'}, {size}"


def failed_words(endings: Sequence[Ending]) -> str:
    """Words a burst of failures: `Failed: talk.mkv, link expired`, `Failed: 3 files`."""
    if len(endings) > 1:
        return f"Failed: {len(endings):,} files"
    reason = endings[0].reason
    return f"Failed: {endings[0].name}{f', {REASON_WORDS[reason].short}' if reason is not None else ''}"


def burst_words(events: Sequence[Event]) -> tuple[str, ...]:
    """Words all endings of a burst: a sentence about those that finished, one about those that failed.

    Args:
        events: What happened; events that end no download are left out.
    """
    finished = [ending_of(each) for each in events if each.kind is EventKind.FINISHED]
    failed = [ending_of(each) for each in events if each.kind is EventKind.FAILED]
    return (
        *((finished_words(finished),) if finished else ()),
        *((failed_words(failed),) if failed else ()),
    )
