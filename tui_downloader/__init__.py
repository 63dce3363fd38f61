"""tuidl: start a download, quit, come back: file, picture and what happened are there.

Owns the version and the public names. Must never import at once what a caller did not ask for.
"""

TYPE_CHECKING = False  # what `typing` has, without loading it: the worker and every verb pass here
if TYPE_CHECKING:
    from tui_downloader.api import (
        Download,
        Event,
        EventKind,
        Intent,
        NoSuchDownloadError,
        Reason,
        Request,
        Session,
        SessionDelegate,
        SessionUnusableError,
        State,
        TimedOutError,
        TuidlError,
    )

__version__ = "0.1.0"

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
    "__version__",
]


def __getattr__(name: str) -> object:
    """Loads a public name when somebody asks for it (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tui_downloader import api

    return getattr(api, name)


def __dir__() -> list[str]:
    """Returns the public names, loaded or not."""
    return sorted(__all__)
