"""How a transfer ends, as a fact and in words.

Owns the choice between what happened and what the user wants by now. Must never write it.
"""

from __future__ import annotations

import random

from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.order import Finished
from tui_downloader.engine.stopping import Stopped
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.model.resume import Work
from tui_downloader.settings import Settings
from tui_downloader.worker import facts
from tui_downloader.worker.facts import Fact, Received
from tui_downloader.worker.schedule import SETTLED_BY, is_pending

Outcome = Finished | TransferError | Stopped
"""How a transfer ends."""


def fact_of_end(
    work: Work, outcome: Outcome, received: Received, *, settings: Settings, probed: bool, now: float
) -> Fact:
    """Chooses the fact for an outcome; a verb given meanwhile counts more than an error.

    Args:
        work: The row as it is by now.
        outcome: How the transfer ended.
        received: How far it came.
        settings: Waits and limits of trying again.
        probed: Whether it looked for the network on behalf of all that wait for it.
        now: Unix seconds.
    """
    if isinstance(outcome, Finished):
        return facts.finished(work, outcome, now=now)
    intent = work.download.intent
    if isinstance(outcome, Stopped) or (is_pending(work) and intent is not Intent.RUN):
        return facts.stopped(work, received, state=SETTLED_BY.get(intent, State.QUEUED), now=now)
    jitter = random.random()  # noqa: S311 -- spreads retries, no secret
    return facts.failed(work, outcome, received, now=now, settings=settings, jitter=jitter, probed=probed)


def words_of(outcome: Outcome) -> str:
    """Words an outcome for the log, without URLs."""
    if isinstance(outcome, Finished):
        return f"finished, {outcome.size} bytes"
    if isinstance(outcome, TransferError):
        return f"{outcome.reason.value}: {outcome}"
    return f"stopped ({outcome.cause.value})"
