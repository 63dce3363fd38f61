"""A display that nobody sees, and terminals on it.

Owns their processes, which end with the block. Must never use the display of whoever runs the tests.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import struct
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

PROGRAMS: Final = ("Xvfb", "xwd")
"""What every test here needs."""

_OF_ANOTHER_TERMINAL: Final = frozenset({"COLUMNS", "LINES", "TMUX", "STY", "TERM_PROGRAM"})
"""Variables that the terminal here does not set, and programs in it would believe."""

_CELLS = "120x34"
_XTERM: Final = ("xterm", "-fa", "DejaVu Sans Mono", "-fs", "10", "-geometry", f"{_CELLS}+0+0")
_TRUE_COLOUR: Final = ("-e", "env", "COLORTERM=truecolor")


@dataclass(frozen=True)
class Display:
    """A running display."""

    name: str
    """As `DISPLAY` has it."""

    def shot(self) -> Image.Image:
        """Return what is on it now."""
        command = ["xwd", "-silent", "-display", self.name, "-root"]
        dump = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
        # X11/XWDFile.h: 25 numbers, the window’s name, the palette, then lines of B, G, R and maybe padding.
        header = struct.unpack_from(">25I", dump)
        width, height, bits, stride, colours = header[4], header[5], header[11], header[12], header[19]
        pixels = dump[header[0] + 12 * colours :]
        return Image.frombytes("RGB", (width, height), pixels, "raw", {24: "BGR", 32: "BGRX"}[bits], stride)

    @contextlib.contextmanager
    def running(self, command: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
        """Run a program on it; it is ended with all that it started."""
        inherited = {name: value for name, value in os.environ.items() if name not in _OF_ANOTHER_TERMINAL}
        drawn = {**inherited, **environment, "DISPLAY": self.name, "LIBGL_ALWAYS_SOFTWARE": "1"}
        program = subprocess.Popen(command, env=drawn, start_new_session=True, stderr=subprocess.DEVNULL)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)
            program.wait(timeout=60)


@contextlib.contextmanager
def display() -> Iterator[Display]:
    """Start a display."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1280x800x24", "+extension", "GLX", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield Display(f":{told.readline().strip()}")
    finally:
        server.terminate()
        server.wait(timeout=60)


def kitty(program: Sequence[str], socket: Path) -> list[str]:
    """Return the command that opens a program in kitty, with a socket for keys."""
    options = {
        "allow_remote_control": "yes",
        "initial_window_width": "120c",
        "initial_window_height": "34c",
        "remember_window_size": "no",
        "font_family": "DejaVu Sans Mono",
        "update_check_interval": "0",
    }
    chosen = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    return ["kitty", "--config", "NONE", *chosen, "--listen-on", f"unix:{socket}", *program]


def press(keys: str, socket: Path) -> None:
    """Type into kitty."""
    subprocess.run(["kitty", "@", "--to", f"unix:{socket}", "send-text", keys], check=True, timeout=60)


def xterm(program: Sequence[str], *, sixel: bool) -> list[str]:
    """Return the command that opens a program in xterm; as a VT340 it knows sixels."""
    return [*_XTERM, *(("-ti", "vt340") if sixel else ()), *_TRUE_COLOUR, *program]


def tmux(program: Sequence[str], socket: Path) -> list[str]:
    """Return the command that opens a program in tmux, in an xterm that knows sixels."""
    inside = [
        "tmux",
        "-S",
        str(socket),
        "-f",
        os.devnull,
        "-u",
        "new-session",
        "env",
        "COLORTERM=truecolor",
        *program,
    ]
    return xterm(inside, sixel=True)


def missing(*programs: str) -> list[str]:
    """Return which programs are not installed."""
    return [each for each in (*PROGRAMS, *programs) if shutil.which(each) is None]
