"""Ports for servers that are not ours.

Owns finding a free one and waiting until somebody listens. Must never bind anything but the loopback address.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int, process: subprocess.Popen[bytes], *, seconds: float = 60.0) -> None:
    """Wait until a process accepts connections.

    Raises:
        AssertionError: It ended, or nobody listens in time.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args!r} ended at once"
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    raise AssertionError(f"{process.args!r} does not answer")
