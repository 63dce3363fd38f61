"""Pictures and excerpts from files, made by a child process that may fail without harm.

Owns the child's life and the sentences for what went wrong with it. Must never decode in this process: importing
this module loads no Pillow.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeAlias

from tui_downloader.errors import PreviewError
from tui_downloader.preview import child_protocol as wire
from tui_downloader.preview import media_type
from tui_downloader.preview.child_process import ChildGoneError, ChildProcess, DeadlineError
from tui_downloader.preview.excerpt import COLUMNS, LINES, Excerpt
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.regular_file import read_head

__all__ = ["Decoder", "Picture"]

DEADLINE_SECONDS: Final = 2.0
"""Processor time that one picture may take, unless the caller says otherwise."""


_Request: TypeAlias = wire.Request | wire.ExcerptRequest
_Reply: TypeAlias = wire.Raster | wire.Refusal | Excerpt


class Decoder:
    """Decodes pictures, and reads texts and archives, one after the other, from any thread.

    The child starts with the first of them.

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
        colours: int = 0,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> Picture:
        """Decode one picture, shrunk to fit a box. Blocks: call it from a worker thread.

        Args:
            path: The file.
            width_pixels: The raster's largest width, 1 to 4096.
            height_pixels: The raster's largest height, 1 to 4096. A picture smaller than the box keeps its size.
            prefix_bytes: How many bytes from the start of the file are valid, for a file that is still being
                written; None for all of them.
            colours: How many colours the raster may have, 2 to 256: it is dithered then. 0 for all there are.
            deadline_seconds: How much processor time decoding may take. By the clock it is five times as much;
                waiting for other threads' pictures and for the child's start comes on top.

        Raises:
            PreviewError: There is no picture to show; the text is the reason.
            ValueError: A width or height out of bounds, or a negative prefix.
        """
        if not (0 < width_pixels <= wire.MAX_SIDE_PIXELS and 0 < height_pixels <= wire.MAX_SIDE_PIXELS):
            raise ValueError("a box side outside 1 to 4096 pixels")
        if prefix_bytes is not None and prefix_bytes < 0:
            raise ValueError("a negative prefix")
        head, _status = read_head(path, media_type.HEAD_BYTES)
        kind = media_type.require_showable(head[:prefix_bytes])
        # The child's working directory is not ours.
        reply = self._answer(
            wire.Request(
                os.fsencode(path.absolute()),
                width_pixels,
                height_pixels,
                prefix_bytes,
                int(deadline_seconds * 1000),
                colours,
            )
        )
        assert isinstance(reply, wire.Raster)  # the protocol gives back what was asked for
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

    def excerpt(
        self,
        path: Path,
        *,
        columns: int = COLUMNS,
        lines: int = LINES,
        prefix_bytes: int | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> Excerpt:
        """Read the first lines of a text, or the first entries of an archive. Blocks, as `decode`.

        Args:
            path: The file.
            columns: Longest line in characters, 1 to 4096.
            lines: How many lines or entries, 1 to 4096.
            prefix_bytes: How many bytes from the start of the file are valid, for a file that is still being
                written; None for all of them.
            deadline_seconds: How much processor time reading may take, as for `decode`.

        Raises:
            PreviewError: There is nothing to read (`media_type.can_read` tells before), or reading failed.
            ValueError: Columns or lines out of bounds.
        """
        if not (0 < columns <= wire.MAX_SIDE_PIXELS and 0 < lines <= wire.MAX_SIDE_PIXELS):
            raise ValueError("columns or lines outside 1 to 4096")
        head, _status = read_head(path, media_type.HEAD_BYTES)
        kind = media_type.sniff(head[:prefix_bytes])
        if not media_type.can_read(kind):
            raise PreviewError(f"there is nothing to read in this ({media_type.describe(kind)})")
        reply = self._answer(
            wire.ExcerptRequest(
                os.fsencode(path.absolute()), columns, lines, prefix_bytes, int(deadline_seconds * 1000)
            )
        )
        assert isinstance(reply, Excerpt)  # the protocol gives back what was asked for
        return reply

    def close(self) -> None:
        """End the child, also in the middle of a picture, whose `decode` then fails. Idempotent."""
        self._is_closed = True
        child = self._child
        if child is not None:
            child.kill()  # wakes the thread that holds the turn
        with self._turn:
            self._drop_child()

    def _answer(self, request: _Request) -> wire.Raster | Excerpt:
        with self._turn:
            reply = self._ask(request)
        if isinstance(reply, wire.Refusal):
            raise PreviewError(reply.sentence)
        return reply

    def _ask(self, request: _Request) -> _Reply:
        had_child = self._child is not None
        try:
            return self._ask_once(request)
        except ChildGoneError:
            # A child that waited may have been killed meanwhile; a new one that ends fell over the picture.
            if not had_child:
                raise PreviewError("the file is damaged") from None
        try:
            return self._ask_once(request)
        except ChildGoneError:
            raise PreviewError("the file is damaged") from None

    def _ask_once(self, request: _Request) -> _Reply:
        child = self._ready_child()
        try:
            return child.ask(request)
        except DeadlineError:
            self._drop_child()
            raise PreviewError(f"decoding took longer than {request.processor_milliseconds / 1000:g} s") from None
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
