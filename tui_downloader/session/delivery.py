"""What scripts do with a session: hear of its downloads through a delegate, and wait for them.

Owns the two loops. Must never acknowledge by itself: the delegate calls the completion handler.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tui_downloader.errors import InvalidInputError, TimedOutError
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State

if TYPE_CHECKING:
    from tui_downloader.session.session import Session


def process_events(session: Session) -> int:
    """Hands what happened to the session's delegate; `Session.process_events` says it in full."""
    from tui_downloader.session.replay import Replay

    if session.delegate is None:
        raise InvalidInputError("Nobody hears of the events: make the session with Session(NAME, delegate=…).")
    changes = session.changes(session.written_revision)
    session.written_revision = changes.revision
    for each in changes.downloads:
        if each.state is State.TRANSFERRING and each.bytes_received:
            session.delegate.did_write_data(each)
    replay = Replay(session, session.client)
    if replay.events:
        replay.deliver(session.delegate)
    return len(replay.events)


def wait(session: Session, ids: Sequence[int] | None, *, timeout_seconds: float | None) -> list[Download]:
    """Waits until downloads are over; `Session.wait` says it in full."""
    from tui_downloader.session.answers import missing_error
    from tui_downloader.session.watch import Watch

    missing = sorted(set(ids or ()) - session.find(list(ids or ())).keys())
    if missing:
        raise missing_error(missing)

    def hear(_downloads: Collection[Download]) -> None:
        if session.delegate is not None:
            process_events(session)

    watch = Watch(session, ids, say=session.notices.append)
    deadline = math.inf if timeout_seconds is None else time.monotonic() + timeout_seconds
    if not watch.follow(hear, deadline=deadline):
        raise TimedOutError(f"The downloads were not over after {timeout_seconds:g} s; they go on.")
    return watch.downloads
