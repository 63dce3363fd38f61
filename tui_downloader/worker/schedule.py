"""What to do next: a pure plan from what is known.

Owns the decision which transfers start and stop and which rows settle. Must never act.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tui_downloader.model.lifecycle import LIVE_STATES, Intent, State
from tui_downloader.model.resume import Work

SMALL_BYTES = 1024 * 1024
"""A file of no more than this is over before it could be in anybody's way."""
RUNNING_MAX = 16
"""Most transfers at once, small ones included, unless the setting allows more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A download as the plan sees it."""

    id: int
    """Its id."""
    intent: Intent
    """What the user wants."""
    pending: bool
    """Whether the last verb was not acted on yet."""
    state: State
    """What is true."""
    running: bool
    """Whether a transfer exists."""
    small: bool = False
    """Whether it is known to be small, or probably is; then it does not count as a download at once."""
    guessed: bool = False
    """For a running one: whether it was started as probably small, but turned out not to be."""
    due: bool = True
    """For a waiting one: whether its time has come."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now."""

    stop: list[int] = field(default_factory=list)
    """Transfers to stop; their rows settle when they have ended."""
    settle: list[tuple[int, State]] = field(default_factory=list)
    """Rows to bring into a state."""
    acknowledge: list[int] = field(default_factory=list)
    """Rows whose verb needs nothing more."""
    remove: list[int] = field(default_factory=list)
    """Rows to remove with their part files."""
    start: list[int] = field(default_factory=list)
    """Transfers to start, in order."""


SETTLED_BY = {Intent.RUN: State.QUEUED, Intent.PAUSE: State.PAUSED, Intent.CANCEL: State.CANCELLED}
"""The state a verb leads to when no transfer runs."""


def is_pending(work: Work) -> bool:
    """Tells whether the last verb was not acted on yet."""
    return work.download.intent_number > work.download.acted_number


def is_over(work: Work) -> bool:
    """Tells whether a row needs nothing more."""
    download = work.download
    if download.removed_at is not None:
        return True
    if is_pending(work):
        return False
    at_rest = {State.COMPLETED, State.PAUSED, State.FAILED, State.CANCELLED}
    return download.state in at_rest or download.intent is not Intent.RUN


def plan(entries: Iterable[Entry], *, at_once: int, held: bool) -> Plan:
    """Plans the next steps.

    Args:
        entries: Every download with work, by turn: what comes first starts first.
        at_once: How many transfers of files that are not small may run.
        held: Whether the session is held or the worker leaves: nothing starts, everything stops.
    """
    result, running, large = Plan(), 0, 0
    ready: list[Entry] = []
    guessed: list[int] = []
    for entry in entries:
        if entry.running:
            running += 1
            large += not entry.small
            guessed += [entry.id] if entry.guessed else []
            _plan_running(entry, result, held=held)
        elif entry.pending:
            _plan_verb(entry, result)
        elif entry.intent is Intent.RUN and (
            entry.state in LIVE_STATES or (entry.state is State.WAITING and entry.due)
        ):
            ready.append(entry)
    surplus = guessed[::-1][: max(0, large - at_once)]
    result.stop.extend(each for each in surplus if each not in result.stop)
    if not held:
        result.start.extend(_first(ready, room=max(RUNNING_MAX, at_once) - running, room_large=at_once - large))
    return result


def _first(ready: Iterable[Entry], *, room: int, room_large: int) -> list[int]:
    """Chooses what starts: one whose length nobody knows or guesses counts as large until it is known."""
    chosen: list[int] = []
    for entry in ready:
        if len(chosen) >= room:
            break
        if entry.small or room_large > 0:
            chosen.append(entry.id)
            room_large -= not entry.small
    return chosen


def _plan_running(entry: Entry, result: Plan, *, held: bool) -> None:
    """Decides about a download whose transfer runs."""
    if held or (entry.pending and entry.intent is not Intent.RUN):
        result.stop.append(entry.id)
    elif entry.pending:
        result.acknowledge.append(entry.id)


def _plan_verb(entry: Entry, result: Plan) -> None:
    """Decides about a verb for a download at rest; a completed one stays completed until removed."""
    if entry.intent is Intent.REMOVE:
        result.remove.append(entry.id)
    elif entry.state is State.COMPLETED:
        result.acknowledge.append(entry.id)
    else:
        result.settle.append((entry.id, SETTLED_BY[entry.intent]))
