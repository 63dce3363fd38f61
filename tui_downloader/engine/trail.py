"""What the requests of one download leave for its next ones: cookies, and whether they were out in the Internet.

Owns nothing but that; a segment is asked for where the redirects ended, and must be judged by where they began.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tui_downloader.engine.cookies import Cookies


@dataclass(slots=True)
class Trail:
    """Kept from one exchange to the next; set by any of their threads, never taken back."""

    cookies: Cookies = field(default_factory=Cookies)
    """What redirects set."""
    was_public: bool = False
    """Whether any of them was answered by a public address."""
