"""The names that scripts build on; none is renamed or taken away without a new major version.

Owns the list. Must never hold code: each name is defined in the part that owns it.
"""

from tui_downloader.errors import NoSuchDownloadError, SessionUnusableError, TimedOutError, TuidlError
from tui_downloader.model.download import Download
from tui_downloader.model.events import Event, EventKind
from tui_downloader.model.lifecycle import Intent, Reason, State
from tui_downloader.model.request import Request
from tui_downloader.session.delegate import SessionDelegate
from tui_downloader.session.session import Session

__all__ = [
    "Download",
    "Event",
    "EventKind",
    "Intent",
    "NoSuchDownloadError",
    "Reason",
    "Request",
    "Session",
    "SessionDelegate",
    "SessionUnusableError",
    "State",
    "TimedOutError",
    "TuidlError",
]
