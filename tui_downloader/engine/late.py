"""What only some exchanges need: loaded soon after the worker has begun, not before its first request goes out.

Owns the list. All of it must be loaded at the beginning, though: an upgrade under a running worker must not mix
versions.
"""

from __future__ import annotations

import threading

LATE_SECONDS = 0.5
"""When the first requests are on their way, and nobody waits for this process."""


def load_soon() -> threading.Thread:
    """Loads it in a thread of its own; whoever needs one before loads it himself."""
    thread = threading.Thread(target=_load, name="late", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    """The thread."""
    threading.Event().wait(LATE_SECONDS)
    # ruff: noqa: F401 -- others import them where they need them
    import http.cookiejar
    import urllib.request

    import h11

    from tui_downloader.engine import buffers, normal_urls, pool
    from tui_downloader.protocol import structured

    buffers.map_large_pieces()
