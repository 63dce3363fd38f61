"""Following the journal: each event once, in order, for as long as somebody listens.

Owns the loop of `events --follow`. Must never move a cursor: whoever takes the events does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NoReturn

from tui_downloader.model.events import Event
from tui_downloader.session.keeper import WorkerKeeper
from tui_downloader.session.watch import LOOK_SECONDS, REFRESH_SECONDS, keep_worker

if TYPE_CHECKING:
    from tui_downloader.session.session import Session

BATCH_EVENTS = 1000
"""Most events that are taken at once."""


def follow(
    session: Session,
    *,
    after: int,
    take: Callable[[Sequence[Event]], object],
    look: Callable[[], object],
    say: Callable[[str], object],
) -> NoReturn:
    """Hands on what happened after an event and whatever happens then; ends only by an exception.

    Args:
        session: The session; it may not have been used yet.
        after: Sequence number of the last event known; 0 for none.
        take: Takes events, at least one, none of them twice.
        look: Called once a second; it may raise.
        say: Told in a sentence what keeps the downloads from going on.

    Raises:
        SessionUnusableError: The state file cannot be read, or a worker is needed and cannot be started.
    """
    keeper = WorkerKeeper()
    session.reconnect()
    refresh_at = time.monotonic() + REFRESH_SECONDS
    while True:
        while session.has_changed():  # asked before reading: what is committed meanwhile is seen by the next look
            while events := session.events(after=after, limit=BATCH_EVENTS):
                take(events)
                after = events[-1].sequence
        now = time.monotonic()
        if now >= refresh_at:
            refresh_at = now + REFRESH_SECONDS
            look()
            keep_worker(session, keeper, needed=session.has_work(), now=now, say=say)
        time.sleep(LOOK_SECONDS)
