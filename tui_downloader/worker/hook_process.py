"""Running one hook: a program of the user's, with a download on its stdin, for a limited time.

Owns the process from start to end: its pipes, its time limit, its group. It inherits three descriptors and no
more. Must never keep more of its output than a log can bear, nor raise for anything that the program does.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

from tui_downloader import units

OUTPUT_BYTES = 16_384
"""How much of its output is kept."""
_LOOK_SECONDS = 0.1
_GRACE_SECONDS = 1.0
_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class HookEnd:
    """How a hook ended."""

    problem: str | None
    """What went wrong, a clause for a sentence; `None` if it ended well."""
    output: bytes = b""
    """The beginning of what it printed."""
    bytes_left_out: int = 0
    """How much more it printed."""


def run(
    command: Sequence[str], text: bytes, *, environment: Mapping[str, str], seconds: float, leave: threading.Event
) -> HookEnd | None:
    """Runs a hook to its end.

    Args:
        command: The program (`~` is the home directory) and its arguments.
        text: What it reads on stdin.
        environment: Its environment variables.
        seconds: How long it may run.
        leave: Set when the worker leaves: the hook is ended.

    Returns:
        How it ended; `None` if it was ended because the worker leaves.
    """
    program = str(Path(command[0]).expanduser()) if command[0].startswith("~/") else command[0]
    try:
        process = subprocess.Popen(
            [program, *command[1:]],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
    except OSError as error:
        return HookEnd(f"cannot be run: {error.strerror or error}")
    with _Pipes(process, text) as pipes:
        deadline = time.monotonic() + seconds
        while process.poll() is None:
            if leave.is_set():
                _end(process)
                return None
            if time.monotonic() > deadline:
                _end(process)
                return HookEnd(f"did not end within {units.format_span(seconds)} and was ended", *pipes.output())
            pipes.serve()
        return HookEnd(_problem(process.returncode), *pipes.output())


class _Pipes:
    """The two pipes of a hook; a context manager that closes them."""

    def __init__(self, process: subprocess.Popen[bytes], text: bytes) -> None:
        """Takes over the pipes of a process that was just started."""
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin: IO[bytes] = process.stdin
        self._stdout: IO[bytes] = process.stdout
        self._left = memoryview(text)
        self._kept = bytearray()
        self._count = 0
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        """Begins to serve them."""
        for pipe, what in ((self._stdin, selectors.EVENT_WRITE), (self._stdout, selectors.EVENT_READ)):
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, what)
        return self

    def __exit__(self, *_error: object) -> None:
        """Closes them: what still holds the other end prints into nothing."""
        self._selector.close()
        for pipe in (self._stdin, self._stdout):
            with contextlib.suppress(OSError):
                pipe.close()

    def serve(self) -> None:
        """Waits a moment for either, and moves what can be moved."""
        if not self._selector.get_map():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_LOOK_SECONDS)
            return
        for key, _ in self._selector.select(_LOOK_SECONDS):
            if key.fileobj is self._stdin:
                self._write()
            elif not self._read():
                self._selector.unregister(self._stdout)

    def output(self) -> tuple[bytes, int]:
        """Returns the beginning of what was printed, and how many bytes more that were."""
        for _ in range(16):  # what is in the pipe already; a child of the hook's may hold it open for ever
            if not self._read():
                break
        return bytes(self._kept), self._count - len(self._kept)

    def _write(self) -> None:
        """Writes what fits; a hook that does not want it all is no error."""
        try:
            self._left = self._left[os.write(self._stdin.fileno(), self._left) :]
        except BlockingIOError:
            return
        except OSError:
            self._left = self._left[:0]
        if not self._left:
            self._selector.unregister(self._stdin)
            with contextlib.suppress(OSError):
                self._stdin.close()

    def _read(self) -> bool:
        """Reads what is there; tells whether more may come."""
        try:
            data = os.read(self._stdout.fileno(), _READ_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self._count += len(data)
        self._kept += data[: OUTPUT_BYTES - len(self._kept)]
        return bool(data)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends a hook with all that it started: first asked, then made to."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
            return


def _problem(code: int) -> str | None:
    """Words an exit status; `None` if all went well."""
    if code == 0:
        return None
    return f"ended with code {code}" if code > 0 else f"was ended by signal {-code}"
