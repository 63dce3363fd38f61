"""Python's own `http.server` as a process: no ranges, no entity tags, HTTP/1.0.

Owns that process. Must never serve anything but the directory it is given.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.ports import wait_for_port


@contextlib.contextmanager
def running_plain_server(files: Path) -> Iterator[str]:
    """Serve a directory until the block ends; give the URL of its root, without a slash at the end."""
    options = ["--bind", "127.0.0.1", "--directory", str(files), "0"]
    with subprocess.Popen(
        [sys.executable, "-I", "-u", "-m", "http.server", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.stdout is not None
            match = re.search(rb"port (\d+)", process.stdout.readline())
            assert match is not None, "the server did not say its port"
            port = int(match[1])
            wait_for_port(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
