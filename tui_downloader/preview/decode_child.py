"""The decode child: reads requests from standard input, answers with rasters or excerpts, ends with it.

Owns the process's limits and its two pipes. Must never write a file, never write to the terminal, and never
outlive the process that started it. Started as `python -P -m tui_downloader.preview.decode_child`.
"""

from __future__ import annotations

import contextlib
import gc
import os
import resource
import signal
from typing import BinaryIO, Final

from tui_downloader.errors import PreviewError
from tui_downloader.preview import child_protocol as wire
from tui_downloader.preview.excerpt import Excerpt
from tui_downloader.preview.raster import rasterise

_MEMORY_BYTES: Final = 300_000_000
"""Address space for everything, of which Python and Pillow take 30 MB: at four bytes a pixel enough for about 65
megapixels decoded at full size. A JPEG is decoded at a smaller scale, so that any camera's fits."""


def main() -> None:
    """Serve requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is meant for the parent, which ends the child
    requests, replies = _take_pipes()
    with requests, replies:
        _limit_process()
        replies.write(wire.READY)
        replies.flush()
        while (request := _next_request(requests)) is not None:
            # SIGPROF ends the process, in the middle of a library, too, and when the parent has gone.
            signal.setitimer(signal.ITIMER_PROF, request.processor_milliseconds / 1000)
            replies.write(wire.pack_reply(_answer(request)))
            replies.flush()
            signal.setitimer(signal.ITIMER_PROF, 0)
            gc.collect()  # a decoder in a circle of references holds a whole picture; nobody waits for this


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for the protocol alone; what a library prints goes nowhere."""
    requests, replies = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    return os.fdopen(requests, "rb"), os.fdopen(replies, "wb")


def _limit_process() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(OSError, ValueError):  # some systems know a limit but refuse to set it
            resource.setrlimit(limit, (value, value))


def _next_request(requests: BinaryIO) -> wire.Request | wire.ExcerptRequest | None:
    head = requests.read(wire.REQUEST_HEAD_BYTES)
    if len(head) < wire.REQUEST_HEAD_BYTES:
        return None
    length = wire.path_length(head)
    path = requests.read(length)
    return wire.unpack_request(head, path) if len(path) == length else None


def _answer(request: wire.Request | wire.ExcerptRequest) -> wire.Raster | wire.Refusal | Excerpt:
    try:
        if isinstance(request, wire.Request):
            return rasterise(request)
        from tui_downloader.preview.excerpts.registry import excerpt  # the archives' modules are not needed before

        return excerpt(request)
    except PreviewError as error:
        return wire.Refusal(str(error))


if __name__ == "__main__":
    main()
