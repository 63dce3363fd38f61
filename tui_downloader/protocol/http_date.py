"""Dates in fields: the current form and the two obsolete ones (RFC 9110, 5.6.7).

Owns reading them. Must never depend on locale or time zone of this machine.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
_FORMS = (
    # Sun, 06 Nov 1994 08:49:37 GMT
    re.compile(
        rf"[a-z]{{3}}, ?(?P<day>\d\d?) (?P<month>[a-z]{{3}}) (?P<year>\d{{4}}) {_TIME} (?:gmt|utc)", re.ASCII
    ),
    # Sunday, 06-Nov-94 08:49:37 GMT; some servers write the year in full
    re.compile(
        rf"[a-z]+, (?P<day>\d\d?)-(?P<month>[a-z]{{3}})-(?P<year>\d\d|\d{{4}}) {_TIME} (?:gmt|utc)", re.ASCII
    ),
    # Sun Nov  6 08:49:37 1994
    re.compile(rf"[a-z]{{3}} (?P<month>[a-z]{{3}}) [ ]?(?P<day>\d\d?) {_TIME} (?P<year>\d{{4}})", re.ASCII),
)
_FIRST_YEAR_OF_LAST_CENTURY = 69
"""Two-digit years from here on belong to the 1900s, as in POSIX; no clock is needed to read an old date."""


def parse_http_date(text: str) -> float | None:
    """Return the instant a date field names, Unix seconds; None if it is no date of the three forms."""
    lowered = text.strip(" \t").lower()
    for form in _FORMS:
        match = form.fullmatch(lowered)
        if match is not None:
            return _instant(match)
    return None


def _instant(match: re.Match[str]) -> float | None:
    if match["month"] not in _MONTHS:
        return None
    year = int(match["year"])
    if len(match["year"]) == 2:
        year += 1900 if year >= _FIRST_YEAR_OF_LAST_CENTURY else 2000
    second = int(match["second"])
    if second > 60:
        return None
    try:
        day = datetime(year, _MONTHS.index(match["month"]) + 1, int(match["day"]), tzinfo=UTC)
        minute = day.replace(hour=int(match["hour"]), minute=int(match["minute"]))
        # A leap second is written as 60.
        return (minute + timedelta(seconds=second)).timestamp()
    except (ValueError, OverflowError):
        return None
