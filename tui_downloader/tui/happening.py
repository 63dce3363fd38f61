"""Something that happened to a download, as the screen hears of it.

Owns the value alone. Must never word it: that is for `away` and `inbox_words`.
"""

from __future__ import annotations

from typing import NamedTuple

from tui_downloader.model.download import Download
from tui_downloader.model.events import Event


class Happening(NamedTuple):
    """An event with its download."""

    event: Event
    """What happened."""
    download: Download | None
    """The download as it is now; `None` if it is gone."""
