"""Bytes from a socket, where the connection ends in the middle of a block."""

from __future__ import annotations

import socket
import struct

import pytest

from tui_downloader.engine.body import BLOCK_BYTES, BUFFER_BYTES_MIN, _from_socket
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.stopping import Stopper

CAME = 100_000


@pytest.mark.parametrize("reset", [True, False], ids=["reset", "end"])
def test_what_came_before_a_connection_breaks_is_handed_on(reset: bool) -> None:
    assert CAME < BLOCK_BYTES
    with socket.create_server(("127.0.0.1", 0)) as listener:
        here = socket.create_connection(listener.getsockname())
        there, _ = listener.accept()
    with here:
        there.sendall(b"x" * CAME)
        assert here.recv(1, socket.MSG_PEEK) == b"x"
        if reset:
            there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        there.close()
        body = _from_socket(
            here,
            Stopper(),
            memoryview(bytearray(BUFFER_BYTES_MIN)),
            remaining=2 * BLOCK_BYTES,
            timeout_seconds=60.0,
            read_bytes=lambda: None,
        )
        came: list[int] = []
        with pytest.raises((TransferError, OSError)):
            came.extend(map(len, body))
    assert sum(came) == CAME
