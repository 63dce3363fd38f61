"""What an error keeps alive: nothing, once it is an outcome."""

from __future__ import annotations

import gc
import weakref

from tui_downloader.engine.buffers import new_buffer
from tui_downloader.engine.failures import TransferError, forget_way
from tui_downloader.model.lifecycle import Reason


class Held:
    """Something that a frame keeps."""


def _break(held: Held) -> None:
    """Raise an error with a cause, from a frame that names both and itself."""
    try:
        raise OSError
    except OSError as cause:
        error = TransferError(Reason.CONNECTION_LOST, "lost")
        raise error from cause


def test_an_outcome_lets_go_of_the_frames_it_came_through() -> None:
    gc.disable()
    try:
        held = Held()
        seen = weakref.ref(held)
        try:
            _break(held)
        except TransferError as error:
            outcome = error
        del held
        assert seen() is not None, "the frames are not kept: this proves nothing"
        forget_way(outcome)
        assert seen() is None
    finally:
        gc.enable()


def test_a_buffer_is_written_like_any_memory() -> None:
    buffer = new_buffer(5000)
    assert len(buffer) == 5000
    buffer[4998:] = b"ab"
    assert bytes(buffer[4997:]) == b"\0ab"
