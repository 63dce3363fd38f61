"""One exchange in this process, for tests of what goes over the wire.

Owns its parts and their end; the environment's proxies and netrc file count as they are when it begins.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping, Sequence

from tui_downloader.engine.exchange import Exchange, RequestPlan
from tui_downloader.engine.response import ResponseHead
from tui_downloader.engine.throttle import Throttle, Throttles
from tui_downloader.engine.transport import Transports
from tui_downloader.settings import Settings


def plan(
    url: str,
    *,
    original_url: str | None = None,
    fields: Sequence[tuple[str, str]] = (),
    range_fields: Mapping[str, str] | None = None,
    allow_private: bool = False,
) -> RequestPlan:
    """Make a request for a whole file; `original_url` is the same unless given."""
    return RequestPlan(
        url=url,
        original_url=original_url or url,
        fields=fields,
        range_fields=range_fields or {},
        allow_insecure=False,
        allow_private=allow_private,
    )


@contextlib.contextmanager
def exchange(**settings: float) -> Iterator[Exchange]:
    """Give an exchange with connections of its own, whose limits are watched as the worker does."""
    transports, over = Transports(), threading.Event()
    made = Exchange(transports, Throttles(Throttle(), Throttle()), Settings(**settings))  # type: ignore[arg-type]  # numbers

    def watch() -> None:
        while not over.wait(0.02):
            made.supervise(now=time.monotonic())

    watcher = threading.Thread(target=watch, name="supervision")
    watcher.start()
    try:
        yield made
    finally:
        over.set()
        watcher.join()
        made.close()
        transports.close()


def fetch(request: RequestPlan | str, **settings: float) -> tuple[ResponseHead, bytes]:
    """Bring one response whole."""
    with exchange(**settings) as made:
        head = made.open(plan(request) if isinstance(request, str) else request)
        return head, b"".join(bytes(block) for block in made.blocks())
