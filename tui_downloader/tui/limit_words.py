"""Speed limits as typed and as shown: `off`, `500k`, `2M`.

Owns the reading of the limit field and its words. Must never set a limit.
"""

from __future__ import annotations

from tui_downloader.errors import InvalidInputError
from tui_downloader.tui.styled_line import clip_end
from tui_downloader.units import format_rate, parse_size

LIMIT_MAX = 10**12
"""Greatest limit, in bytes a second: what the settings file takes, too."""

OFF = "off"
"""No limit."""

_QUOTED_CELLS = 24


def parse_limit(text: str) -> int | None:
    """Reads a limit as typed.

    Args:
        text: `off`, or a number with `k`, `M`, `G` behind it; 0 is `off`.

    Returns:
        Bytes a second; `None` is no limit.

    Raises:
        InvalidInputError: The text is no limit; the sentence says what to write.
    """
    word = text.strip()
    if word.lower() == OFF:
        return None
    try:
        limit = parse_size(word)
    except InvalidInputError as error:
        shown = f"“{clip_end(repr(word)[1:-1], _QUOTED_CELLS)}”" if word else "An empty field"
        raise InvalidInputError(f"{shown} is not a limit: write off, 500k or 2M.") from error
    if limit > LIMIT_MAX:
        raise InvalidInputError("No line carries that much: write off, 500k or 2M.")
    return limit or None


def typed_limit(bytes_per_second: int | None) -> str:
    """Words a limit exactly, as shortly as it could have been typed: `off`, `500k`, `1.5M`, `512Ki`, `1234567`."""
    if bytes_per_second is None:
        return OFF
    wordings = [str(bytes_per_second)]
    for power, prefix in ((1, "k"), (2, "M"), (3, "G")):
        decimal, binary = 1000**power, 1024**power
        if bytes_per_second * 1000 % decimal == 0:
            wordings.append(f"{bytes_per_second / decimal:.3f}".rstrip("0").rstrip(".") + prefix)
        if bytes_per_second % binary == 0:
            wordings.append(f"{bytes_per_second // binary}{prefix.upper()}i")
    return min(wordings, key=len)


def limit_words(bytes_per_second: int | None) -> str:
    """Words a limit for reading: `off`, `2 MB/s`, `1.5 MB/s`."""
    return OFF if bytes_per_second is None else format_rate(bytes_per_second).replace(".0 ", " ")


def limit_in_force(of_all: int | None, *, setting: int | None) -> int | None:
    """Returns the limit that holds for all downloads together, in bytes a second; `None` is none.

    Args:
        of_all: The session's own; `None` is the setting's, 0 is none.
        setting: The settings file's; `None` or 0 is none.
    """
    return (setting if of_all is None else of_all) or None
