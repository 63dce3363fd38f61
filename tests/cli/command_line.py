"""Runs `tuidl` as a user's shell does: a process with its own environment, pipes or a pseudo-terminal.

Owns the environment of those processes. Must never call the command line in this process.
"""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""Where the package lies."""

DEADLINE_SECONDS = 60.0
"""How long anything may take before the test fails."""

Json = dict[str, object]
"""A parsed JSON object."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a command line ended."""

    code: int
    """Exit code."""
    out: str
    """What it printed on stdout."""
    err: str
    """What it printed on stderr."""

    @property
    def lines(self) -> list[str]:
        """What it printed on stdout, by lines."""
        return self.out.splitlines()

    def objects(self) -> list[Json]:
        """Parse stdout as a JSON array of objects."""
        value = json.loads(self.out)
        assert isinstance(value, list), value
        return value

    def object(self) -> Json:
        """Parse stdout as one JSON object."""
        value = json.loads(self.out)
        assert isinstance(value, dict), value
        return value

    def object_lines(self) -> list[Json]:
        """Parse stdout as JSON Lines."""
        return [json.loads(line) for line in self.lines]


@dataclass(slots=True)
class CommandLine:
    """Calls `tuidl` with everything it writes below one directory."""

    directory: Path
    """The current directory of the calls."""
    environment: dict[str, str] = field(default_factory=dict)
    """Further variables."""

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.directory / "state"

    @property
    def variables(self) -> dict[str, str]:
        """The whole environment of the calls."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("TUIDL_")}
        return {
            **kept,
            "PYTHONPATH": str(ROOT),
            "TUIDL_STATE_DIR": str(self.state),
            "TUIDL_CONFIG": str(self.directory / "settings.toml"),
            "XDG_CACHE_HOME": str(self.directory / "cache"),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "no_proxy": "127.0.0.1",
            **self.environment,
        }

    def argv(self, *arguments: str | bytes) -> list[str | bytes]:
        """The argument vector of a call."""
        return [sys.executable, "-m", "tui_downloader", *arguments]

    def __call__(self, *arguments: str | bytes, stdin: bytes = b"") -> Result:
        """Call and wait for the end; no call may ever show a traceback."""
        done = subprocess.run(
            self.argv(*arguments),
            cwd=self.directory,
            env=self.variables,
            input=stdin,
            capture_output=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        result = Result(done.returncode, done.stdout.decode(), done.stderr.decode())
        assert "Traceback" not in result.err, result.err
        return result

    def ok(self, *arguments: str | bytes, stdin: bytes = b"") -> Result:
        """Call and expect exit code 0."""
        result = self(*arguments, stdin=stdin)
        assert result.code == 0, result
        return result

    def into(self, stdout: int, *arguments: str) -> Result:
        """Call with stdout on a descriptor of the test's."""
        done = subprocess.run(
            self.argv(*arguments),
            cwd=self.directory,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        return Result(done.returncode, "", done.stderr.decode())

    def into_broken_pipe(self, *arguments: str) -> Result:
        """Call with a pipe for stdout that nobody reads."""
        reader, writer = os.pipe()
        os.close(reader)
        try:
            return self.into(writer, *arguments)
        finally:
            os.close(writer)

    def without_stdout(self, *arguments: str) -> Result:
        """Call with stdout closed, as `>&-` does."""
        words = ["sh", "-c", 'exec "$@" >&-', "sh", *map(str, self.argv(*arguments))]
        done = subprocess.run(
            words,
            cwd=self.directory,
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        return Result(done.returncode, "", done.stderr.decode())

    @contextmanager
    def on_terminal(self, *arguments: str) -> Iterator[Terminal]:
        """Call on a pseudo-terminal; the process is killed if it outlives the block."""
        with start_on_terminal(self, *(str(word) for word in self.argv(*arguments))) as terminal:
            yield terminal

    def downloads(self, *arguments: str) -> list[Json]:
        """The downloads as `list --json` tells them."""
        return self.ok("list", "--json", *arguments).objects()

    def until(self, condition: Callable[[Sequence[Json]], bool]) -> list[Json]:
        """Wait until the downloads satisfy a condition, and return them."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition(downloads := self.downloads()):
            assert time.monotonic() < deadline, downloads
            time.sleep(0.1)  # each look is a process, and takes the processor from what is waited for
        return downloads


@contextmanager
def start_on_terminal(call: CommandLine, *argv: str) -> Iterator[Terminal]:
    """Run any program as the command line is run, on a pseudo-terminal; it is killed if it outlives the block."""
    pid, descriptor = pty.fork()
    if pid == 0:
        try:
            os.chdir(call.directory)
            os.execvpe(argv[0], argv, call.variables)
        finally:
            os._exit(127)
    terminal = Terminal(pid, descriptor)
    try:
        yield terminal
    finally:
        terminal.close()


@dataclass(slots=True)
class Terminal:
    """A process on a pseudo-terminal."""

    pid: int
    """The process."""
    descriptor: int
    """The terminal's other end."""
    seen: bytes = b""
    """All it has printed."""
    code: int | None = None
    """Its exit code; `None` while it runs."""

    def until(self, text: str) -> str:
        """Read until the text was printed, and return all."""
        return self._read(lambda: text.encode() in self.seen)

    def end(self) -> str:
        """Read until the process has ended, and return all."""
        shown = self._read(lambda: False)
        if self.code is None:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return shown

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.descriptor, keys)

    def close(self) -> None:
        """End the process if it still runs."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.descriptor)

    def _read(self, enough: Callable[[], bool]) -> str:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not enough():
            assert time.monotonic() < deadline, self.seen
            if select.select([self.descriptor], [], [], 0.5)[0]:
                try:
                    chunk = os.read(self.descriptor, 65_536)
                except OSError:  # what Linux says when the last process has left the terminal
                    chunk = b""
                if not chunk:
                    break
                self.seen += chunk
        return self.seen.decode("utf-8", "replace")
