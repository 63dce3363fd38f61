"""What is known of origins: how many connections are open to each, and how many worked last time.

Owns the limit over all downloads, and how they share it. An origin is scheme, host and port (RFC 6454).
"""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

CONNECTIONS_MAX = 16
"""Most connections to one origin, over all downloads."""

_DEFAULT_PORTS = {"http": 80, "https": 443}


@functools.lru_cache(maxsize=1024)
def origin_of(url: str) -> str:
    """Returns the origin of a URL: `https://host:443`."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return f"{scheme}://{(parts.hostname or '').lower()}:{parts.port or _DEFAULT_PORTS.get(scheme, 0)}"


class Origins:
    """Counts and memories of all origins; thread-safe."""

    def __init__(self, remembered: Mapping[str, int]) -> None:
        """Begins with what earlier runs learned: origin to number of connections."""
        self._lock = threading.Lock()
        self._open: Counter[str] = Counter()
        self._remembered = dict(remembered)
        self._news: dict[str, int] = {}
        self._small: set[str] = set()
        self._wants: dict[str, dict[object, int]] = {}

    def enter(self, origin: str, *, must: bool = False) -> bool:
        """Counts a connection in, if there is room.

        Args:
            origin: Which.
            must: Count it in any case (a download's only connection).

        Returns:
            Whether it was counted in.
        """
        with self._lock:
            if not must and self._open[origin] >= CONNECTIONS_MAX:
                return False
            self._open[origin] += 1
            return True

    def leave(self, origin: str) -> None:
        """Counts a connection out."""
        with self._lock:
            self._open[origin] -= 1
            if self._open[origin] <= 0:
                del self._open[origin]

    def share(self, origin: str, who: object, want: int) -> int:
        """Says how many connections a transfer wants; returns how many it should have.

        Args:
            origin: Where it has them.
            who: The transfer; `end_share` must follow.
            want: How many it would use.
        """
        with self._lock:
            wants = self._wants.setdefault(origin, {})
            wants[who] = want
            return fair_share(wants.values(), want)

    def end_share(self, origin: str, who: object) -> None:
        """Hears that a transfer wants none any more."""
        with self._lock:
            wants = self._wants.get(origin, {})
            wants.pop(who, None)
            if not wants:
                self._wants.pop(origin, None)

    def known(self, origin: str) -> int | None:
        """Returns how many connections worked last time; `None` if that is not known."""
        with self._lock:
            return self._remembered.get(origin)

    def remember(self, origin: str, connections: int) -> None:
        """Keeps how many connections worked."""
        with self._lock:
            self._remembered[origin] = connections
            self._news[origin] = connections

    def finished(self, origin: str, *, small: bool) -> None:
        """Hears that a file of the origin has come, and whether it was small: the next one may be like it."""
        with self._lock:
            (self._small.add if small else self._small.discard)(origin)

    def expects_small(self, origin: str) -> bool:
        """Tells whether the last file of the origin was small."""
        return origin in self._small

    def take_news(self) -> dict[str, int]:
        """Returns what was learned since the last call."""
        with self._lock:
            news, self._news = self._news, {}
            return news


def fair_share(wants: Iterable[int], want: int, *, total: int = CONNECTIONS_MAX) -> int:
    """Shares connections out: who wants little gets it, the others get equal parts of the rest.

    Args:
        wants: What each transfer wants.
        want: What one of them wants.
        total: How many there are.

    Returns:
        How many that one gets; at least 1.
    """
    asked = sorted(wants)
    for position, each in enumerate(asked):
        level = max(1, total // (len(asked) - position))
        if each > level:
            return min(want, level)
        total -= each
    return want
