"""A terminal with one process in it: what it prints becomes cells, what the test types becomes its input.

Owns the pseudo-terminal, the thread that reads it, and the process. Must never answer for the process, nor wait
without a deadline: every condition is looked at again when something was printed.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Condition, Thread
from typing import NamedTuple, Self

import pyte

DEADLINE_SECONDS = 60.0
"""How long a condition may take before the test fails."""

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""

_COMMAND_BEGINS = b"\x1b_"
_COMMAND = re.compile(rb"\x1b_.*?\x1b\\", re.DOTALL)
_END_SECONDS = 30.0
_WAYS_TO_ERASE = 3
_ALTERNATE_SCREEN = 1049 << 5  # pyte moves the numbers of private modes up by five bits
# The process makes the pseudo-terminal its own, so that it hears of a new size, then becomes the program.
_TAKE_TERMINAL = (
    "import fcntl,os,sys,termios;fcntl.ioctl(0,termios.TIOCSCTTY,0);os.execv(sys.argv[1],sys.argv[1:])"
)


class Cell(NamedTuple):
    """One cell of the screen."""

    text: str
    """Its character; empty for the right half of a wide one."""
    foreground: Colour | None
    """24 bit colour of the character; None for a colour of the palette."""
    background: Colour | None
    """24 bit colour behind it; None for a colour of the palette."""


class Terminal:
    """Runs one process from its construction until it ends or `close`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        directory: Path,
        columns: int = 120,
        rows: int = 34,
        errors: Path | None = None,
    ) -> None:
        """Start the process.

        Args:
            command: Its argument vector; the first word is a path.
            environment: All its variables.
            directory: Its current directory.
            columns: Width of the terminal in cells.
            rows: Height of the terminal in cells.
            errors: A file that takes its stderr; None leaves that on the terminal.
        """
        self.raw = bytearray()
        """All it has printed, byte for byte."""
        self._emulator = _Emulator(columns, rows)
        self._stream = pyte.ByteStream(self._emulator)
        self._unfed = b""
        self._printed = Condition()
        self._open = True
        self._master, slave = pty.openpty()
        self._set_size(columns, rows)
        with (errors or Path(os.devnull)).open("wb") as error_file:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _TAKE_TERMINAL, *command],
                env=environment,
                cwd=directory,
                stdin=slave,
                stdout=slave,
                stderr=slave if errors is None else error_file,
                start_new_session=True,
            )
        os.close(slave)
        self._reader = Thread(target=self._read, name="terminal", daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------ what is to be seen

    @property
    def lines(self) -> list[str]:
        """The rows of the screen as text, blanks at the right cut off."""
        with self._printed:
            return [line.rstrip() for line in self._emulator.display]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def shows_program(self) -> bool:
        """Whether the program's screen is shown and not the shell's, which it covers."""
        with self._printed:
            return self._emulator.is_alternate

    def row(self, part: str) -> str:
        """Return the first row that holds a text; empty if none does."""
        return next((line for line in self.lines if part in line), "")

    @property
    def cells(self) -> list[list[Cell]]:
        """The rows of the screen as cells."""
        with self._printed:
            columns, rows = range(self._emulator.columns), range(self._emulator.lines)
            return [[_cell(self._emulator.buffer[row][column]) for column in columns] for row in rows]

    # --------------------------------------------------------------------------------------------- what is to come

    def wait_for(
        self, condition: Callable[[], object], *, what: str = "the condition", seconds: float = DEADLINE_SECONDS
    ) -> None:
        """Wait until a condition on the screen is true; fail with its name and the screen after a while."""
        with self._printed:
            self._printed.wait_for(lambda: condition() or not self._open, seconds)
            assert condition(), f"{what} never came; the screen is:\n{self.text}"

    def wait_for_text(self, text: str, *, seconds: float = DEADLINE_SECONDS) -> None:
        """Wait until a text stands in one row of the screen."""
        self.wait_for(lambda: self.row(text), what=repr(text), seconds=seconds)

    def wait_until_gone(self, text: str, *, seconds: float = DEADLINE_SECONDS) -> None:
        """Wait until a text stands in no row any more."""
        self.wait_for(lambda: not self.row(text), what=f"a screen without {text!r}", seconds=seconds)

    def wait_for_end(self, *, seconds: float = DEADLINE_SECONDS) -> int:
        """Wait until the process has ended and nothing holds the terminal any more; return its exit code."""
        deadline = time.monotonic() + seconds
        self._reader.join(seconds)
        if self._reader.is_alive():
            shown, before = self.text, len(self.raw)
            self.process.send_signal(signal.SIGABRT)  # Python's fault handler tells what each thread is doing
            self._reader.join(_END_SECONDS)
            told = self.raw[before:].decode("utf-8", "replace")
            raise AssertionError(f"something still holds the terminal:\n{shown}\n{told}")
        return self.process.wait(max(1.0, deadline - time.monotonic()))

    # ------------------------------------------------------------------------------------------------ what is done

    def send(self, keys: str) -> None:
        """Type keys, as the bytes a terminal sends for them."""
        data = keys.encode()
        while data:
            data = data[os.write(self._master, data) :]

    def paste(self, text: str) -> None:
        """Paste a text, bracketed as terminals do when the program asks for it."""
        self.send(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the process is told by its signal."""
        with self._printed:
            self._emulator.resize(rows, columns)
        self._set_size(columns, rows)

    def kill(self) -> None:
        """Kill the process, as a crash or a closed machine would; the terminal's modes stay as they are."""
        self.process.send_signal(signal.SIGKILL)
        self.wait_for_end()

    def close(self) -> None:
        """End the process if it still runs, and give the terminal back."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(_END_SECONDS)
        self._reader.join(_END_SECONDS)
        assert not self._reader.is_alive(), "something outlives the process and holds its terminal"
        os.close(self._master)

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65_536)
            except OSError:  # what Linux says when the last process has left the terminal
                data = b""
            with self._printed:
                self.raw += data
                self._feed(data)
                self._open = bool(data)
                self._printed.notify_all()
            if not data:
                return

    def _feed(self, data: bytes) -> None:
        """Draw what was printed, without application program commands: terminals swallow them, pyte shows them."""
        text, begin, self._unfed = _COMMAND.sub(b"", self._unfed + data).partition(_COMMAND_BEGINS)
        if data and not begin and text.endswith(b"\x1b"):
            text, begin = text[:-1], b"\x1b"  # the next read tells what it begins
        self._unfed = begin + self._unfed
        self._stream.feed(text)


class _Emulator(pyte.Screen):
    """Cells, with the second screen that full-screen programs draw on, which pyte lacks."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.is_alternate = False
        self._shell: list[str] = []

    def set_mode(self, *modes: int, **more: bool) -> None:
        """Begin the program's screen, empty."""
        super().set_mode(*modes, **more)
        if _ALTERNATE_SCREEN in self.mode and not self.is_alternate:
            self.is_alternate = True
            self._shell = [line.rstrip() for line in self.display[: self.cursor.y + 1]]
            self.erase_in_display(2)

    def reset_mode(self, *modes: int, **more: bool) -> None:
        """Bring the shell's screen back: its text, the cursor behind it."""
        super().reset_mode(*modes, **more)
        if _ALTERNATE_SCREEN not in self.mode and self.is_alternate:
            self.is_alternate = False
            self.reset()
            self.draw("\r\n".join(self._shell))

    def erase_in_display(self, how: int = 0, *more: object, **modes: object) -> None:
        """Leave out ways that there are none of: a key echoed inside a sequence is one, and pyte breaks."""
        if how <= _WAYS_TO_ERASE:
            super().erase_in_display(how, *more, **modes)


def _cell(char: pyte.screens.Char) -> Cell:
    """Read a cell as pyte keeps it."""
    foreground, background = (char.bg, char.fg) if char.reverse else (char.fg, char.bg)
    return Cell(char.data, _colour(foreground), _colour(background))


def _colour(code: str) -> Colour | None:
    """Read a colour as pyte spells it: six hexadecimal digits, or a name of the palette."""
    try:
        number = int(code, 16)
    except ValueError:
        return None
    return (number >> 16, number >> 8 & 255, number & 255) if len(code) == 6 else None
