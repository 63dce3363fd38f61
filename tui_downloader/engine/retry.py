"""When to try again.

Owns the back-off: pure functions of counts and settings. Must never read a clock.
"""

from __future__ import annotations

from tui_downloader.model.lifecycle import Reason
from tui_downloader.settings import Settings


def retry_delay(
    reason: Reason, *, failures: int, retry_after_seconds: float | None, settings: Settings, jitter: float
) -> float:
    """Returns how long to wait before the next attempt, in seconds.

    Args:
        reason: Why the last one ended.
        failures: How many ended since the last progress, from 1.
        retry_after_seconds: What the server asked for; it is honoured as it is.
        settings: First wait, cap, and the pace of looking for the network.
        jitter: A random number from 0.0 to 1.0: the back-off is spread over its upper half.
    """
    if retry_after_seconds is not None:
        return max(retry_after_seconds, 0.0)
    if reason is Reason.OFFLINE:
        return settings.offline_probe_seconds
    doubled = settings.retry_first_seconds * 2.0 ** min(max(failures, 1) - 1, 40)
    return float(min(doubled, settings.retry_cap_seconds) * (0.5 + jitter / 2))
