"""When the picture of a file that is still downloading is worth drawing again.

Owns the thresholds. Must never read a clock or a file.
"""

from __future__ import annotations

import bisect
from typing import Final

from tui_downloader.preview.media_type import HEAD_BYTES

PERCENTAGES: Final = (5, 10, 25, 50, 75, 100)
"""How much of the file has come when its picture is drawn, again and again."""

_FIRST_BYTES: Final = 512
"""Every format has told its kind, and most their dimensions, in so many bytes."""


def stage(prefix_bytes: int, complete_length: int | None) -> int | None:
    """Number the stages of a growing file, so that an equal number means that nothing new is worth drawing.

    Args:
        prefix_bytes: How many bytes from the first one on are there without a gap.
        complete_length: How many there will be; None if that is not known. The stages are then the doublings.

    Returns:
        A number that never falls while the file grows; None while there is too little to tell anything.
    """
    if not prefix_bytes or prefix_bytes < min(_FIRST_BYTES, complete_length or _FIRST_BYTES):
        return None
    if complete_length is None:
        return prefix_bytes.bit_length()
    has_head = prefix_bytes >= min(HEAD_BYTES, complete_length)
    return has_head + bisect.bisect(PERCENTAGES, 100 * prefix_bytes / complete_length)
