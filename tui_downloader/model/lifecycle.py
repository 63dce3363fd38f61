"""The life cycle of a download: intents, states, reasons, and which state may follow which.

Owns the closed sets that screen, JSON and log share. Must never decide when something happens.
"""

from __future__ import annotations

from enum import StrEnum


class Intent(StrEnum):
    """What the user wants; written by front ends only."""

    RUN = "run"
    PAUSE = "pause"
    CANCEL = "cancel"
    REMOVE = "remove"


class State(StrEnum):
    """What is true; written by the worker only (the INSERT sets the first)."""

    QUEUED = "queued"
    CONNECTING = "connecting"
    TRANSFERRING = "transferring"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    PAUSED = "paused"
    WAITING = "waiting"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a download waits or failed; the same word in screen, JSON and log."""

    OFFLINE = "offline"
    SERVER_BUSY = "server-busy"
    SERVER_ERROR = "server-error"
    CONNECTION_LOST = "connection-lost"
    TIMEOUT = "timeout"
    DISK_FULL = "disk-full"
    NOT_FOUND = "not-found"
    NEEDS_CREDENTIALS = "needs-credentials"
    LINK_EXPIRED = "link-expired"
    REFUSED = "refused"
    REFUSED_REDIRECT = "refused-redirect"
    TLS = "tls"
    BAD_RESPONSE = "bad-response"
    UNSUPPORTED_URL = "unsupported-url"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    DESTINATION = "destination"
    CHECKSUM_MISMATCH = "checksum-mismatch"
    GAVE_UP = "gave-up"

    @property
    def waits(self) -> bool:
        """Whether the download goes on by itself; the others need the user."""
        return self in _WAITING_REASONS


_WAITING_REASONS = frozenset(
    {
        Reason.OFFLINE,
        Reason.SERVER_BUSY,
        Reason.SERVER_ERROR,
        Reason.CONNECTION_LOST,
        Reason.TIMEOUT,
        Reason.DISK_FULL,
    }
)


class Resumable(StrEnum):
    """The verdict on going on where a download stopped."""

    PROVEN = "proven"
    LIKELY = "likely"
    NO = "no"
    UNKNOWN = "unknown"


RUNNING_STATES = frozenset({State.CONNECTING, State.TRANSFERRING, State.VERIFYING})
"""States in which a transfer exists in the worker."""

LIVE_STATES = RUNNING_STATES | {State.QUEUED}
"""States that go on by themselves at once."""

SETTLED_STATES = frozenset({State.COMPLETED, State.FAILED, State.CANCELLED})
"""States in which `wait` stops waiting."""

_STOPPED = frozenset({State.PAUSED, State.CANCELLED, State.FAILED, State.WAITING, State.QUEUED})

FOLLOWERS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.CONNECTING, *_STOPPED}) - {State.QUEUED},
    State.CONNECTING: frozenset({State.TRANSFERRING, State.VERIFYING, State.COMPLETED, *_STOPPED}),
    State.TRANSFERRING: frozenset({State.CONNECTING, State.VERIFYING, *_STOPPED}),
    State.VERIFYING: frozenset({State.CONNECTING, State.COMPLETED, *_STOPPED}),
    State.COMPLETED: frozenset(),
    State.PAUSED: frozenset({State.QUEUED, State.CONNECTING, State.CANCELLED}),
    State.WAITING: frozenset({State.QUEUED, State.CONNECTING, State.PAUSED, State.CANCELLED, State.FAILED}),
    State.FAILED: frozenset({State.QUEUED, State.CONNECTING, State.PAUSED, State.CANCELLED}),
    State.CANCELLED: frozenset({State.QUEUED, State.CONNECTING, State.PAUSED}),
}
"""Which states may follow each; completed is final, only removal ends it.

What a killed worker leaves in any running state is connected again; a file that it had moved already completes
from there.
"""


def may_follow(before: State, after: State) -> bool:
    """Tells whether a download in `before` may become `after` (staying is always allowed)."""
    return before is after or after in FOLLOWERS[before]


def has_work(*, intent: Intent, intent_number: int, acted_number: int, state: State) -> bool:
    """Tells whether the worker has something to do for a download.

    Work is a verb not yet acted on, or intent run in a live or waiting state.
    """
    if intent_number > acted_number:
        return True
    return intent is Intent.RUN and (state in LIVE_STATES or state is State.WAITING)
