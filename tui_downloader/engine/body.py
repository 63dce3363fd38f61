"""A response's body as blocks of bytes, as fast as the machine allows.

Owns the way from the socket to the caller. Where nothing but a length frames the body, its bytes come straight
from the socket into one reused buffer. Must never yield a byte that arrived after a stop.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from tui_downloader.engine.buffers import new_buffer
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.reply import Channel, Reply, Straight
from tui_downloader.engine.stopping import Stopper
from tui_downloader.model.lifecycle import Reason

BUFFER_BYTES_MAX = 4 * 1024 * 1024
"""Size of the buffer that a lone connection reads into: the fewer and larger its reads and writes are, the less
they cost (1.2 s of CPU a GiB with 1 MiB and blocks of 256 KiB, 0.9 s so, measured)."""
BUFFER_BYTES_MIN = 1024 * 1024
"""Size of the buffer of each of many connections."""
BLOCK_BYTES = 1024 * 1024
"""A block of at least this size is handed on."""
BLOCK_SECONDS = 0.1
"""A smaller block is handed on after this time."""


def blocks(
    reply: Reply,
    stopper: Stopper,
    *,
    timeout_seconds: float,
    read_bytes: Callable[[], int | None],
    sharers: int = 1,
) -> Iterator[memoryview]:
    """Yields the body as it was sent, without decoding.

    Args:
        reply: Open, nothing of its body read.
        stopper: Checked after every read.
        timeout_seconds: Limit of a single read.
        read_bytes: Most that one read may take now; `None` is no limit.
        sharers: Connections of the transfer, which share the memory for buffers.

    Yields:
        Blocks; each is valid only until the next one is asked for.

    Raises:
        TransferError: The connection ended early.
        Stopped: It was stopped.
    """
    if isinstance(reply.body, Straight):
        size = max(BUFFER_BYTES_MIN, BUFFER_BYTES_MAX // max(1, sharers))
        left = reply.body.length
        for block in _straight(reply.body, stopper, size, timeout_seconds=timeout_seconds, read_bytes=read_bytes):
            left -= len(block)
            if not left:
                stopper.release()  # the connection may be somebody else's at once
                reply.finished()
            yield block
        return
    for chunk in reply.body:
        stopper.check()
        yield memoryview(chunk)
    stopper.release()
    reply.close()
    stopper.check()


def gather(body: Straight, stopper: Stopper, *, seconds: float) -> bool:
    """Reads on for a moment, into what came with the header.

    Args:
        body: Nothing of it yielded yet.
        stopper: Checked after every read.
        seconds: How long the moment is.

    Returns:
        Whether the body is there as a whole. What went wrong is found again by whoever reads on.

    Raises:
        Stopped: It was stopped.
    """
    due_at = time.monotonic() + seconds
    with contextlib.suppress(OSError):
        while len(body.begin) < body.length and (left := due_at - time.monotonic()) > 0:
            body.channel.settimeout(left)
            data = body.channel.recv(body.length - len(body.begin))
            stopper.check()
            if not data:
                break
            body.begin += data
    stopper.check()
    return len(body.begin) == body.length


def _straight(
    body: Straight,
    stopper: Stopper,
    size: int,
    *,
    timeout_seconds: float,
    read_bytes: Callable[[], int | None],
) -> Iterator[memoryview]:
    """Yields what came with the header, then what the socket brings."""
    if body.begin:
        stopper.check()
        yield memoryview(body.begin)
    remaining = body.length - len(body.begin)
    if remaining:
        buffer = new_buffer(min(size, remaining))
        yield from _from_socket(
            body.channel,
            stopper,
            buffer,
            remaining=remaining,
            timeout_seconds=timeout_seconds,
            read_bytes=read_bytes,
        )


def _from_socket(
    channel: Channel,
    stopper: Stopper,
    buffer: memoryview,
    *,
    remaining: int,
    timeout_seconds: float,
    read_bytes: Callable[[], int | None],
) -> Iterator[memoryview]:
    """Reads exactly the remaining bytes from the connected (TLS) socket."""
    while remaining:
        most = read_bytes()
        view = buffer[: remaining if most is None else min(remaining, most)]
        count = _fill(channel, stopper, view, limited=most is not None, timeout_seconds=timeout_seconds)
        remaining -= count
        yield view[:count]


def _fill(channel: Channel, stopper: Stopper, view: memoryview, *, limited: bool, timeout_seconds: float) -> int:
    """Reads until a block is worth handing on: large enough, old enough, or the socket fell silent.

    TLS gives at most 16 KiB at once: this loop runs 65,536 times for 1 GiB and does nothing but read.

    Args:
        channel: The socket.
        stopper: Checked after every read.
        view: Where the bytes go.
        limited: Whether a speed limit holds; then one read is all.
        timeout_seconds: Limit of the first read.

    Returns:
        How many bytes came; at least one.
    """
    channel.settimeout(timeout_seconds)
    filled = channel.recv_into(view)
    stopper.check()
    if not filled:
        raise TransferError(Reason.CONNECTION_LOST, "connection lost")
    enough = min(BLOCK_BYTES, len(view))
    if limited or filled >= enough:
        return filled
    channel.settimeout(BLOCK_SECONDS)
    due_at = time.monotonic() + BLOCK_SECONDS
    with contextlib.suppress(OSError):  # nothing new for a while, or never again: hand on what is there
        while filled < enough and time.monotonic() < due_at:
            count = channel.recv_into(view[filled:])
            stopper.check()
            if not count:
                break  # the end, too early: the next call finds it again and says so
            filled += count
    stopper.check()
    return filled
