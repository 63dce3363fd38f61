"""The parent's end of one decode child: start it, ask it, end it.

Owns the process, its environment and its two pipes. Must never fork this process (which has threads and a screen),
never let the child inherit anything but its pipes, and never load Pillow.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Final

from tui_downloader.errors import PreviewError
from tui_downloader.preview import child_protocol as wire
from tui_downloader.preview.excerpt import Excerpt

START_SECONDS: Final = 30.0
"""How long the child may take until it is ready; 0.1 s is usual, a cold disk takes longer."""

_PATIENCE: Final = 5
"""How many times its processor time an answer may take by the clock: others use the machine, too."""

_MODULE: Final = "tui_downloader.preview.decode_child"
_INSTALLED_FOLDERS: Final = frozenset(("site-packages", "dist-packages"))
_PASSED_ON: Final = (
    "HOME", "PYTHONHOME", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
)  # fmt: skip
"""The environment the child gets: only what Python needs to find itself and its packages."""

_READ_BYTES: Final = 1024 * 1024


class ChildGoneError(Exception):
    """The child ended, or broke the protocol, before it answered."""


class DeadlineError(Exception):
    """The child did not answer in time."""


class ChildProcess:
    """One running decode child. Not thread-safe, but for `kill`."""

    def __init__(self) -> None:
        """Start a child; `wait_ready` tells when it can be asked."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=_environment(),
            close_fds=True,
            start_new_session=True,  # no terminal to reach, and no share in Ctrl-C and Ctrl-Z
        )

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    def wait_ready(self) -> None:
        """Wait until the child can be asked.

        Raises:
            PreviewError: It ended, or was not ready after `START_SECONDS`.
        """
        try:
            ready = self._read(len(wire.READY), time.monotonic() + START_SECONDS)
        except (ChildGoneError, DeadlineError) as error:
            raise PreviewError("the picture decoder could not be started") from error
        if ready != wire.READY:
            raise PreviewError("the picture decoder could not be started")

    def ask(self, request: wire.Request | wire.ExcerptRequest) -> wire.Raster | wire.Refusal | Excerpt:
        """Send one request and wait for its reply. After any error the child is of no more use.

        Args:
            request: What to decode or to read. The child ends itself when its processor time is used up; a child
                that hangs, or gets no time, is waited for a few times as long.

        Raises:
            DeadlineError: No whole reply in time.
            ChildGoneError: The child ended or answered nonsense.
        """
        deadline = time.monotonic() + request.processor_milliseconds / 1000 * _PATIENCE
        try:
            _pipe(self._process.stdin).write(wire.pack_request(request))
            head = self._read(wire.REPLY_HEAD_BYTES, deadline)
            body = self._read(wire.body_length(head, request), deadline)
            return wire.unpack_reply(head, body, request)
        except (BrokenPipeError, ChildGoneError, wire.ProtocolError) as error:
            if self._has_used_its_time():
                raise DeadlineError from error
            raise ChildGoneError from error

    def kill(self) -> None:
        """End the process at once; it holds nothing worth saving. May be called from any thread."""
        self._process.kill()

    def close(self) -> None:
        """End the process, collect its exit code and close the pipes."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            _pipe(pipe).close()
        self._process.wait()

    def _has_used_its_time(self) -> bool:
        """Whether the child ended because of that; what has ended otherwise, or not at all, is ended."""
        self._process.kill()  # one that has ended keeps its exit code
        return self._process.wait() == -signal.SIGPROF

    def _read(self, size: int, deadline: float) -> bytes:
        descriptor = _pipe(self._process.stdout).fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        received = bytearray()
        while len(received) < size:
            left_seconds = deadline - time.monotonic()
            if left_seconds <= 0 or not poll.poll(left_seconds * 1000):
                raise DeadlineError
            data = os.read(descriptor, min(size - len(received), _READ_BYTES))
            if not data:
                raise ChildGoneError
            received += data
        return bytes(received)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # both were asked for when the process was started
    return pipe


def _environment() -> dict[str, str]:
    """The child's environment. It finds this package where this process found it."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    entries = [
        str(Path(entry).absolute()) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry
    ]
    root = Path(__file__).parents[2]
    # An installed package is found anyway, and its folder must not come before the standard library.
    if root.name not in _INSTALLED_FOLDERS and str(root) not in entries:
        entries.append(str(root))
    if entries:
        environment["PYTHONPATH"] = os.pathsep.join(entries)
    return environment
