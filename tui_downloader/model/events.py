"""Events: past-tense facts about downloads, in the order they happened.

Owns the kinds and their fields. Must never be written by anything but the worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class EventKind(StrEnum):
    """What happened; the words of the JSON."""

    STARTED = "started"
    RESPONSE_RECEIVED = "response-received"
    RESUMED = "resumed"
    STARTED_OVER = "started-over"
    RENAMED = "renamed"
    WAITING = "waiting"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REMOVED = "removed"
    PRUNED = "pruned"
    HOOK_FAILED = "hook-failed"
    GAP = "gap"


OUTCOMES = frozenset(
    {EventKind.FINISHED, EventKind.FAILED, EventKind.STARTED_OVER, EventKind.RENAMED, EventKind.HOOK_FAILED}
)
"""Kinds that somebody who was away wants to hear of (long waits are added by their length)."""

LONG_WAIT_SECONDS = 300.0
"""A wait longer than this is worth telling."""


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before the journal numbered it."""

    kind: EventKind
    """What happened."""
    fields: Mapping[str, str | int | float | None] = field(default_factory=dict)
    """The kind's own fields, ready for JSON; texts are safe to show, secrets are redacted."""


@dataclass(frozen=True, slots=True)
class Event:
    """A numbered event of the journal."""

    sequence: int
    """Its number, rising within the session, never used twice."""
    download_id: int | None
    """The download it is about; `None` for a gap."""
    kind: EventKind
    """What happened."""
    at: float
    """When, Unix seconds."""
    fields: Mapping[str, str | int | float | None]
    """The kind's own fields."""


def waited_seconds(event: Event) -> float:
    """Returns how long the attempt that an event begins had waited, in seconds; 0 if it had not."""
    waited = event.fields.get("waited_seconds")
    return float(waited) if isinstance(waited, int | float) else 0.0


def is_outcome(event: Event) -> bool:
    """Tells whether somebody who was away wants to hear of an event; banner and inbox hold the same ones."""
    return event.kind in OUTCOMES or waited_seconds(event) > LONG_WAIT_SECONDS
