"""Writing a drawing to the terminal so that it is whole or taken back.

Owns what happens when the program is interrupted in the middle of an escape code. Must never buffer: what is left
in a buffer would follow the code that puts the terminal right.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from tui_downloader.cli import output
from tui_downloader.preview.printed import RESTORE

_ENDING = (signal.SIGTERM, signal.SIGHUP)
_PIECE_BYTES = 16 * 1024


def draw(drawing: bytes) -> None:
    """Writes a drawing to stdout.

    Args:
        drawing: Text and escape codes.

    Raises:
        TuidlError: stdout is closed or cannot take it.
        SystemExit: The reader went away, or the program is told to end.
        KeyboardInterrupt: Ctrl+C. In each case the terminal is put right first.
    """
    if not output.on_terminal():
        output.emit_bytes(drawing)
        return
    output.flush()
    terminal = sys.stdout.fileno()
    with _interruptible():
        try:
            for at in range(0, len(drawing), _PIECE_BYTES):
                _write(terminal, drawing[at : at + _PIECE_BYTES])
        except BaseException:
            with contextlib.suppress(OSError):
                _write(terminal, RESTORE)
            raise


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Makes signals that end the program exceptions, and lets nobody stop it halfway."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in _ENDING}
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTSTP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
