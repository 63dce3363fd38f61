"""Bytes, rates, durations and moments to text and back; the only place a unit becomes text.

Owns the wording of numbers (decimal units, one decimal below 100). Must never read a clock: `now` is an argument.
"""

from __future__ import annotations

import datetime
import re

from tui_downloader.errors import InvalidInputError

_PREFIXES = ("B", "kB", "MB", "GB", "TB", "PB", "EB")
_SIZE = re.compile(r"\s*([0-9]{1,30})(?:\.([0-9]{1,30}))?\s*([kKmMgGtT]?)(i?)[bB]?(?:/s)?\s*")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}

SIZE_MAX = 2**63 - 1
"""Greatest size that can be typed, in bytes: what a column of the state file holds."""

UNKNOWN = "—"
"""Shown where a number is not known."""


def format_bytes(size: int | None) -> str:
    """Words a size in decimal units, one decimal below 100: `4.6 MB`, `790 MB`, `512 B`.

    Args:
        size: In bytes; `None` is unknown.

    Returns:
        The text; `—` if unknown.
    """
    if size is None:
        return UNKNOWN
    value = float(size)
    for prefix in _PREFIXES:
        decimals = 1 if prefix != "B" and value < 99.95 else 0
        if round(value, decimals) < 1000 or prefix == _PREFIXES[-1]:
            return f"{value:.{decimals}f} {prefix}"
        value /= 1000
    raise AssertionError("unreachable: the last prefix always answers")


def format_rate(bytes_per_second: float | None) -> str:
    """Words a rate: `8.2 MB/s`; `—` if unknown."""
    if bytes_per_second is None:
        return UNKNOWN
    return f"{format_bytes(round(bytes_per_second))}/s"


def rate_unit(bytes_per_second: float) -> tuple[int, str]:
    """Returns the unit for a scale up to a rate: how many bytes a second it is, and its name (`MB/s`)."""
    power = 0
    while bytes_per_second >= 1000 ** (power + 1) and power < len(_PREFIXES) - 1:
        power += 1
    return 1000**power, f"{_PREFIXES[power]}/s"


def format_percent(fraction: float | None) -> str:
    """Words a fraction (0.0 to 1.0) as a floored percentage; `—` if unknown."""
    if fraction is None:
        return UNKNOWN
    bounded = min(max(fraction, 0.0), 1.0)
    percent = round(bounded * 100)  # 0.29 * 100 is below 29: the product alone would floor to 28
    return f"{percent if percent / 100 <= bounded else percent - 1}%"


def format_duration(seconds: float | None) -> str:
    """Words a duration: `0:35`, `44:20`, `2 h 10`, `>1 day`; 5 s steps above a minute; `—` if unknown."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, round(seconds))
    if whole > 60:
        whole = round(whole / 5) * 5
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    if whole <= 86_400:
        return f"{whole // 3600} h {whole % 3600 // 60:02d}"
    return ">1 day"


def format_countdown(seconds: float) -> str:
    """Words the time until something happens to the second: `0:42`, `12:05`, `2 h 10`."""
    whole = max(0, int(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600} h {whole % 3600 // 60:02d}"


def format_span(seconds: float) -> str:
    """Words a length of time in whole units for a sentence: `35 s`, `41 min`, `5 h`, `3 days`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 2 * 86_400:
        return f"{whole // 3600} h"
    return f"{whole // 86_400} days"


def format_moment(at: float | None, *, now: float) -> str:
    """Words an instant in local time: `14:02` today, `yesterday`, `12 Nov`, `12 Nov 2025`.

    Args:
        at: Unix seconds; `None` gives an empty text. It may lie ahead, where the clock was set back.
        now: The present, Unix seconds.
    """
    if at is None:
        return ""
    moment = datetime.datetime.fromtimestamp(at).astimezone()
    today = datetime.datetime.fromtimestamp(now).astimezone().date()
    days = (today - moment.date()).days
    if days == 0:
        return f"{moment:%H:%M}"
    if days == 1:
        return "yesterday"
    text = f"{moment.day} {moment:%b}"
    return text if moment.year == today.year else f"{text} {moment.year}"


def parse_size(text: str) -> int:
    """Reads a size or rate: `500k`, `2M` decimal, `2Mi` binary, a bare number is bytes.

    Args:
        text: What the user typed.

    Returns:
        Bytes (or bytes a second).

    Raises:
        InvalidInputError: The text is no size, or one above `SIZE_MAX`.
    """
    match = _SIZE.fullmatch(text)
    shown = repr(text[:40])[1:-1]  # controls escaped
    if match is None:
        raise InvalidInputError(f"“{shown}” is not a size: write 500k, 2M (decimal) or 2Mi (binary).")
    whole, decimals, prefix, binary = match.groups(default="")
    unit = (1024 if binary else 1000) ** _POWERS[prefix.lower()]
    size: int = int(whole + decimals) * unit // 10 ** len(decimals)
    if size > SIZE_MAX:
        raise InvalidInputError(f"“{shown}” is too large a size.")
    return size
