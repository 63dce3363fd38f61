"""What starting must cost: the command line, the first paint, the first byte.

Owns the measures of processes that begin.
"""

from __future__ import annotations

import compileall
import os
import pty
import select
import signal
import subprocess
import sys
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import tui_downloader
from tests.benchmarks.engine import Ground
from tests.benchmarks.process import run
from tests.benchmarks.table import Row
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import session_control

ROUNDS = 15
_PAINT_SECONDS = 20.0

SMALLEST = """
from textual.app import App
from textual.widgets import Static
class Smallest(App):
    def compose(self):
        yield Static("painted")
Smallest().run()
"""


def _compile() -> None:
    """Compile the package, as an installation does."""
    compileall.compile_dir(Path(tui_downloader.__file__).parent, quiet=1)


def listing(ground: Ground) -> list[Row]:
    """`tuidl list` of ten rows beside a Python that does nothing."""
    _compile()
    row = Row("tuidl list, 10 rows", "≤ 6.0")
    scratch = ground.scratch()
    with session_control(scratch, "default") as control:
        control.session.add(
            [control.request(f"https://example.org/{number}.iso", paused=True) for number in range(10)]
        )
        environment = {**os.environ, "TUIDL_STATE_DIR": str(scratch / "state")}
        for _ in range(ROUNDS):
            row.ours.append(run([sys.executable, "-m", "tui_downloader", "list"], env=environment).wall_seconds)
            row.others.setdefault("python -c pass", []).append(run([sys.executable, "-c", "pass"]).wall_seconds)
    return [row]


def first_paint(ground: Ground) -> list[Row]:
    """The screen with some rows beside the smallest Textual app, in a pseudo-terminal."""
    _compile()
    rows = []
    for count, aim in ((10, "≤ 1.3"), (10_000, "≤ 1.6"), (100_000, "≤ 1.5 s")):
        row = Row(f"first paint, {count} rows", aim)
        scratch = ground.scratch()
        with session_control(scratch, "default") as control:
            urls = [f"https://example.org/{number}.iso" for number in range(count)]
            control.session.add([control.request(url, paused=True) for url in urls], again=True)
            environment = {"TUIDL_STATE_DIR": str(scratch / "state"), "HOME": str(scratch)}
            ours = [sys.executable, "-m", "tui_downloader"]
            _seconds_to(b".iso", ours, environment)  # the terminal is asked now, and not again: it is silent
            for _ in range(5):
                row.ours.append(_seconds_to(b".iso", ours, environment))
                smallest = [sys.executable, "-c", SMALLEST]
                row.others.setdefault("smallest Textual app", []).append(_seconds_to(b"painted", smallest, {}))
        rows.append(row)
    return rows


def _seconds_to(needle: bytes, command: list[str], environment: dict[str, str]) -> float:
    """Return how long a program takes until a text is on its terminal."""
    with painted(needle, command, environment) as program:
        return program.seconds


class Painted:
    """A program in a pseudo-terminal that has drawn its first frame."""

    def __init__(self, process: subprocess.Popen[bytes], leader: int, seconds: float) -> None:
        """Take over the running program."""
        self._process = process
        self._leader = leader
        self.seconds = seconds
        """How long the first frame took."""

    @property
    def cpu_seconds(self) -> float:
        """CPU time it has used so far, in user and system mode."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def memory_bytes(self) -> int:
        """Its resident memory."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def read_for(self, seconds: float) -> None:
        """Take what it draws for a while, as a terminal does."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if select.select([self._leader], [], [], left)[0]:
                os.read(self._leader, 65536)

    def seconds_to_answer(self, keys: bytes, needle: bytes) -> float:
        """Press keys; return how long it takes until a text is drawn."""
        started, seen = time.perf_counter(), b""
        os.write(self._leader, keys)
        while needle not in seen and time.perf_counter() - started < _PAINT_SECONDS:
            if select.select([self._leader], [], [], 0.5)[0]:
                seen += os.read(self._leader, 65536)
        return time.perf_counter() - started


@contextmanager
def painted(
    needle: bytes, command: list[str], environment: dict[str, str], *, typed: bytes = b""
) -> Iterator[Painted]:
    """Start a program in a pseudo-terminal and wait for a text on it; it ends with the block.

    Args:
        needle: The text.
        command: The program.
        environment: What is added to the own environment.
        typed: What comes from the terminal before the program asks: its answers.
    """
    leader, follower = pty.openpty()
    if typed:
        tty.setraw(follower)
        os.write(leader, typed)
    os.set_blocking(leader, False)
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "120", "LINES": "34"}
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=follower,
        stdout=follower,
        stderr=follower,
        env={**env, **environment},
        start_new_session=True,
    )
    os.close(follower)
    seen = b""
    try:
        while needle not in seen and time.perf_counter() - started < _PAINT_SECONDS:
            if select.select([leader], [], [], 0.5)[0]:
                seen += os.read(leader, 65536)
        assert needle in seen, seen[-500:]
        yield Painted(process, leader, time.perf_counter() - started)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        os.close(leader)


def first_byte(ground: Ground) -> list[Row]:
    """From calling `tuidl add`, with no worker running, to the request on the wire."""
    _compile()
    row = Row("tuidl add to first byte, no worker", "≤ 0.4 s")
    for _ in range(7):
        scratch: Path = ground.scratch()
        with FaultServer() as server, session_control(scratch, "default"):
            url = server.add("/a.bin", Resource(body(1, 1000)), faults=[StallAfter(10)])
            environment = {**os.environ, "TUIDL_STATE_DIR": str(scratch / "state")}
            started = time.monotonic()
            command = [sys.executable, "-m", "tui_downloader", "add", "-d", str(scratch), url]
            with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
                (request,) = server.wait_for(lambda log: len(log) == 1, timeout_seconds=20)
            row.ours.append(request.at_monotonic - started)
    return [row]
