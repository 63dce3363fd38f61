"""Questions to the terminal, before Textual reads its input: what its background is, and what it can draw.

Owns the asking: all questions at once, then one that every terminal answers, after which nothing more comes.
Must never be used while the application runs: an answer would be typed text there.
"""

from __future__ import annotations

import contextlib
import os
import re
import select
import time
from collections.abc import Sequence
from types import TracebackType
from typing import NamedTuple, Self

PATIENCE_SECONDS = 0.3
"""How long the last answer may take, from when somebody needs it."""

_DEVICE_ATTRIBUTES = "\x1b[c"
_SAVE_CURSOR, _ERASE_SINCE = "\x1b7", "\x1b8\x1b[K"
"""Around the questions: some terminals print a part of what they do not understand."""
_LAST_ANSWER = re.compile(rb"\x1b\[\?([0-9;]*)c")
ATTRIBUTES = "attributes"
"""What the answer to the last question is called: numbers for what the terminal is (DA1)."""


class Question(NamedTuple):
    """Something a terminal may tell about itself."""

    name: str
    """What it is called among the answers."""
    request: str
    """What is written to the terminal."""
    answer: re.Pattern[bytes]
    """What it answers; the first group is what is told."""


BACKGROUND = Question(
    "background", "\x1b]11;?\x1b\\", re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F/]{1,40})(?:\x07|\x1b\\)")
)
"""The colour behind the text: `rrrr/gggg/bbbb`."""


KITTY = Question(
    "kitty", "\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\", re.compile(rb"\x1b_Gi=31;([^\x1b]{1,100})\x1b\\")
)
"""Whether it knows kitty's graphics protocol: `OK`, or what is wrong."""

VERSION = Question("version", "\x1b[>q", re.compile(rb"\x1bP>\|([^\x1b]{1,100})\x1b\\"))
"""Its name and version (XTVERSION)."""

CELL = Question("cell", "\x1b[16t", re.compile(rb"\x1b\[6;([0-9]{1,4};[0-9]{1,4})t"))
"""Height and width of a cell in pixels."""


class TerminalQuery:
    """One round of questions; answers come while other work is done.

    Used as a context manager: the terminal's modes are as before after it.
    """

    def __init__(self, questions: Sequence[Question], *, reads: int = 0, writes: int = 1) -> None:
        """Names the questions; nothing is written yet.

        Args:
            questions: What to ask; none asks nothing at all.
            reads: File descriptor of the terminal's input.
            writes: File descriptor of its output.
        """
        self._questions = questions
        self._reads = reads
        self._writes = writes
        self._modes: list[object] | None = None
        self._data = b""
        self.answered = False
        """Whether the terminal has answered the last question, so that nothing more comes."""

    def __enter__(self) -> Self:
        """Asks."""
        if not self._questions:
            return self
        with contextlib.suppress(ImportError, OSError):  # Windows; a terminal that has gone
            import termios
            import tty

            try:
                self._modes = termios.tcgetattr(self._reads)
                tty.setcbreak(self._reads, termios.TCSANOW)
            except termios.error:
                self._modes = None
                return self
            requests = "".join(each.request for each in self._questions)
            os.write(self._writes, f"{_SAVE_CURSOR}{requests}{_ERASE_SINCE}{_DEVICE_ATTRIBUTES}".encode())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Sets the terminal's modes as they were."""
        if self._modes is not None:
            import termios

            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._reads, termios.TCSANOW, self._modes)  # type: ignore[arg-type]  # as it gave them
                if not self.answered:  # what comes too late would be typed text
                    termios.tcflush(self._reads, termios.TCIFLUSH)
            self._modes = None

    def answers(self, *, seconds: float = PATIENCE_SECONDS) -> dict[str, str]:
        """Waits for the answers.

        Args:
            seconds: The longest wait.

        Returns:
            What was told, by the question's name, and the terminal's `ATTRIBUTES`; what was not told is missing.
        """
        deadline = time.monotonic() + seconds
        while self._modes is not None and not self.answered:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._reads], [], [], left)[0]:
                break
            data = os.read(self._reads, 4096)
            self._data += data
            self.answered = not data or _LAST_ANSWER.search(self._data) is not None
        found = {each.name: each.answer.search(self._data) for each in self._questions}
        found[ATTRIBUTES] = _LAST_ANSWER.search(self._data)
        return {name: match[1].decode("ascii", "replace") for name, match in found.items() if match}

    @property
    def typed(self) -> str:
        """What the user typed meanwhile: plain characters only."""
        data = _LAST_ANSWER.sub(b"", self._data)
        for each in self._questions:
            data = each.answer.sub(b"", data)
        return "" if b"\x1b" in data else data.decode("ascii", "ignore")


def is_light(background: str | None) -> bool | None:
    """Tells whether a background that a terminal named is light; `None` if it did not name one."""
    parts = (background or "").split("/")[:3]
    try:
        red, green, blue = (int(each, 16) / float(16 ** len(each) - 1) for each in parts)
    except (ValueError, ZeroDivisionError):
        return None
    return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5
