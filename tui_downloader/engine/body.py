"""A response's body as blocks of bytes, as fast as the machine allows.

Owns the way from the socket to the caller. httpx makes the request; where the framing is simple enough, the bytes
then come straight from its socket into one reused buffer. Must never yield a byte that arrived after a stop.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator

import httpx

from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.stopping import Stopper
from tui_downloader.model.lifecycle import Reason

BUFFER_BYTES = 1024 * 1024
"""Size of the buffer that is read into."""
BLOCK_BYTES = 256 * 1024
"""A block of at least this size is handed on."""
BLOCK_SECONDS = 0.1
"""A smaller block is handed on after this time."""
DIRECT_BYTES_MIN = 1024 * 1024
"""Below this many remaining bytes taking over the socket does not pay."""


def blocks(
    response: httpx.Response,
    stopper: Stopper,
    *,
    direct: bool,
    timeout_seconds: float,
    read_bytes: Callable[[], int | None],
) -> Iterator[memoryview]:
    """Yields the body as it was sent, without decoding.

    Args:
        response: Open, nothing of its body read.
        stopper: Checked after every read.
        direct: Whether nothing stands between us and the origin's plain bytes (no proxy).
        timeout_seconds: Limit of a single read.
        read_bytes: Most that one read may take now; `None` is no limit.

    Yields:
        Blocks; each is valid only until the next one is asked for.

    Raises:
        TransferError: The connection ended early.
        Stopped: It was stopped.
    """
    raw = response.iter_raw()
    first = next(raw, b"")
    stopper.check()
    yield memoryview(first)
    remaining = _length(response) - len(first) if direct else 0
    if remaining > DIRECT_BYTES_MIN:
        taken: socket.socket = response.extensions["network_stream"].get_extra_info("socket")
        taken.settimeout(timeout_seconds)
        yield from _from_socket(
            taken, stopper, remaining=remaining, timeout_seconds=timeout_seconds, read_bytes=read_bytes
        )
        # `raw` is referenced until here: its collection would close the socket.
        return
    for chunk in raw:
        stopper.check()
        yield memoryview(chunk)
    stopper.check()


def _length(response: httpx.Response) -> int:
    """Returns the body's length if its framing is that simple; 0 otherwise."""
    fields = response.headers
    simple = (
        response.extensions.get("http_version") == b"HTTP/1.1"
        and "transfer-encoding" not in fields
        and fields.get("content-encoding", "identity").strip().lower() == "identity"
    )
    length = fields.get("content-length", "")
    return int(length) if simple and length.isascii() and length.isdigit() else 0


def _from_socket(
    taken: socket.socket,
    stopper: Stopper,
    *,
    remaining: int,
    timeout_seconds: float,
    read_bytes: Callable[[], int | None],
) -> Iterator[memoryview]:
    """Reads exactly the remaining bytes from the connected (TLS) socket."""
    buffer = memoryview(bytearray(BUFFER_BYTES))
    filled, begun = 0, time.monotonic()
    while remaining:
        most = read_bytes()
        end = min(BUFFER_BYTES, filled + remaining, BUFFER_BYTES if most is None else filled + most)
        try:
            count = taken.recv_into(buffer[filled:end])
        except TimeoutError:
            stopper.check()
            if not filled:
                raise
            count = None  # nothing new for a while: hand on what is there
        stopper.check()
        if count == 0:
            raise TransferError(Reason.CONNECTION_LOST, "connection lost")
        if filled == 0:
            taken.settimeout(BLOCK_SECONDS)
        filled += count or 0
        remaining -= count or 0
        now = time.monotonic()
        if (
            filled >= BLOCK_BYTES
            or most is not None
            or count is None
            or now - begun >= BLOCK_SECONDS
            or not remaining
        ):
            yield buffer[:filled]
            filled, begun = 0, now
            taken.settimeout(timeout_seconds)
