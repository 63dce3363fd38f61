"""`Retry-After` (RFC 9110, 10.2.3).

Owns reading it. Must never return a wait that a hostile server could use to park a download for good.
"""

from __future__ import annotations

import re

from tui_downloader.protocol.http_date import parse_http_date

LONGEST_WAIT_SECONDS = 86_400.0
"""No server gets us to wait longer than a day."""

_DELAY = re.compile(r"(\d+)(\.\d*)?", re.ASCII)


def parse_retry_after(text: str, *, now: float) -> float | None:
    """Return how long a server asks us to wait.

    Args:
        text: field text, a number of seconds (a fraction is tolerated) or a date.
        now: Unix seconds of this machine's clock, for the date form.

    Returns:
        Seconds from now, 0 to `LONGEST_WAIT_SECONDS`; None if the text is neither form.
    """
    stripped = text.strip(" \t")
    delay = _DELAY.fullmatch(stripped)
    if delay is not None:
        # Long numbers are cut off before int() has to read thousands of digits.
        significant = delay[1].lstrip("0")
        seconds = LONGEST_WAIT_SECONDS if len(significant) > 9 else float(significant or 0)
        return min(seconds + float("0" + (delay[2] or "")[:9]), LONGEST_WAIT_SECONDS)
    at = parse_http_date(stripped)
    return None if at is None else min(max(at - now, 0.0), LONGEST_WAIT_SECONDS)
