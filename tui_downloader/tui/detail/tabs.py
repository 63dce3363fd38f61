"""All tabs of the side pane, in their order: a new one is a module and its name here.

Owns which one is open where nobody has chosen. Must never compose a line.
"""

from __future__ import annotations

from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import RUNNING_STATES
from tui_downloader.tui.detail import events, fields, overview, segments, speed
from tui_downloader.tui.detail.subject import Tab

TABS: tuple[Tab, ...] = (overview.TAB, segments.TAB, speed.TAB, events.TAB, fields.TAB)
"""From the left."""


def moves(download: Download | None) -> bool:
    """Tells which of the two remembered tabs counts: that for downloads on their way, or that for all others."""
    return download is not None and download.state in RUNNING_STATES


def tab_of(name: str | None, download: Download | None) -> Tab:
    """Returns the tab of a name; where there is none, the map for what moves and the overview for the rest."""
    wanted = next((each for each in TABS if each.name == name), None)
    return wanted or (segments.TAB if moves(download) else overview.TAB)


def neighbour(tab: Tab, step: int) -> Tab:
    """Returns the tab that many places further; behind the last one comes the first."""
    return TABS[(TABS.index(tab) + step) % len(TABS)]
