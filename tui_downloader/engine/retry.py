"""When to try again.

Owns the back-off: pure functions of counts and settings. Must never read a clock.
"""

from __future__ import annotations

from tui_downloader.model.lifecycle import Reason
from tui_downloader.settings import Settings

DISK_FULL_SECONDS = 15.0
"""How often it is looked whether there is room again; without room no request is sent."""


def retry_delay(
    reason: Reason, *, failures: int, retry_after_seconds: float | None, settings: Settings, jitter: float
) -> float:
    """Returns how long to wait before the next attempt, in seconds.

    Args:
        reason: Why the last one ended.
        failures: How many ended since the last progress, from 1.
        retry_after_seconds: What the server asked for; `None` if nothing. It is honoured as it is, unless it is
            shorter than our first wait: a server that says "now" again and again is not asked without a pause.
        settings: First wait, cap, and the pace of looking for the network.
        jitter: A random number from 0.0 to 1.0: the back-off is spread over its upper half.
    """
    spread = 0.5 + jitter / 2
    if retry_after_seconds is not None and retry_after_seconds >= settings.retry_first_seconds * spread:
        return retry_after_seconds
    if reason is Reason.OFFLINE:
        return settings.offline_probe_seconds
    if reason is Reason.DISK_FULL:
        return DISK_FULL_SECONDS
    doubled = settings.retry_first_seconds * 2.0 ** min(max(failures, 1) - 1, 40)
    return float(min(doubled, settings.retry_cap_seconds) * spread)
