"""Pictures from files, decoded by a child process that may fail without harm.

Owns the child's life and the sentences for what went wrong with it. Must never decode in this process: importing
this module loads no Pillow.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tui_downloader.errors import PreviewError
from tui_downloader.preview import child_protocol as wire
from tui_downloader.preview import media_type
from tui_downloader.preview.child_process import ChildGoneError, ChildProcess, DeadlineError
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.regular_file import read_head

__all__ = ["Decoder", "Picture"]

DEADLINE_SECONDS: Final = 2.0
"""How long one picture may take, unless the caller says otherwise."""


class Decoder:
    """Decodes pictures one after the other, from any thread. The child starts with the first picture.

    Use it as a context manager or call `close`, which ends the child.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: ChildProcess | None = None
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def child_pid(self) -> int | None:
        """The process id of the running child; None before the first picture and after a failure."""
        child = self._child
        return None if child is None else child.pid

    def decode(
        self,
        path: Path,
        *,
        width_pixels: int,
        height_pixels: int,
        prefix_bytes: int | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> Picture:
        """Decode one picture, shrunk to fit a box. Blocks: call it from a worker thread.

        Args:
            path: The file.
            width_pixels: The raster's largest width, 1 to 4096.
            height_pixels: The raster's largest height, 1 to 4096. A picture smaller than the box keeps its size.
            prefix_bytes: How many bytes from the start of the file are valid, for a file that is still being
                written; None for all of them.
            deadline_seconds: How long decoding may take; waiting for other threads' pictures and for the child's
                start comes on top.

        Raises:
            PreviewError: There is no picture to show; the text is the reason.
            ValueError: A width or height out of bounds, or a negative prefix.
        """
        if not (0 < width_pixels <= wire.MAX_SIDE_PIXELS and 0 < height_pixels <= wire.MAX_SIDE_PIXELS):
            raise ValueError("a box side outside 1 to 4096 pixels")
        if prefix_bytes is not None and prefix_bytes < 0:
            raise ValueError("a negative prefix")
        head, _size = read_head(path, media_type.HEAD_BYTES)
        kind = media_type.require_showable(head[:prefix_bytes])
        # The child's working directory is not ours.
        request = wire.Request(os.fsencode(path.absolute()), width_pixels, height_pixels, prefix_bytes)
        with self._turn:
            reply = self._ask(request, deadline_seconds)
        if isinstance(reply, wire.Refusal):
            raise PreviewError(reply.sentence)
        return Picture(
            width=reply.width,
            height=reply.height,
            rgb=reply.rgb,
            natural_width=reply.natural_width,
            natural_height=reply.natural_height,
            format=media_type.describe(kind),
            frames=reply.frames,
            media_type=kind,
        )

    def close(self) -> None:
        """End the child, also in the middle of a picture, whose `decode` then fails. Idempotent."""
        self._is_closed = True
        child = self._child
        if child is not None:
            child.kill()  # wakes the thread that holds the turn
        with self._turn:
            self._drop_child()

    def _ask(self, request: wire.Request, deadline_seconds: float) -> wire.Raster | wire.Refusal:
        had_child = self._child is not None
        try:
            return self._ask_once(request, deadline_seconds)
        except ChildGoneError:
            # A child that waited may have been killed meanwhile; a new one that ends fell over the picture.
            if not had_child:
                raise PreviewError("the picture is damaged") from None
        try:
            return self._ask_once(request, deadline_seconds)
        except ChildGoneError:
            raise PreviewError("the picture is damaged") from None

    def _ask_once(self, request: wire.Request, deadline_seconds: float) -> wire.Raster | wire.Refusal:
        child = self._ready_child()
        try:
            return child.ask(request, deadline_seconds=deadline_seconds)
        except DeadlineError:
            self._drop_child()
            raise PreviewError(f"decoding took longer than {deadline_seconds:g} s") from None
        except BaseException:
            self._drop_child()
            self._refuse_if_closed()
            raise

    def _ready_child(self) -> ChildProcess:
        self._refuse_if_closed()
        if self._child is not None and self._child.is_running:
            return self._child
        self._drop_child()
        try:
            child = self._child = ChildProcess()
        except OSError as error:
            raise PreviewError("the picture decoder could not be started") from error
        try:
            # Closing sets its mark before it looks for a child: one of the two threads sees the other.
            self._refuse_if_closed()
            child.wait_ready()
        except BaseException:
            self._drop_child()
            raise
        return child

    def _refuse_if_closed(self) -> None:
        if self._is_closed:
            raise PreviewError("the preview is closed")

    def _drop_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.close()
