"""What a terminal is asked before the screen is drawn, in a pseudo-terminal that answers or does not."""

from __future__ import annotations

import os
import pty
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from tui_downloader.tui.terminal_memory import recall, remember, terminal_name
from tui_downloader.tui.terminal_query import BACKGROUND, TerminalQuery, is_light

ATTRIBUTES = b"\x1b[?62;4;22c"


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Yield the two ends of a pseudo-terminal: the terminal's and the program's."""
    ends = pty.openpty()
    yield ends
    for each in ends:
        os.close(each)


def answering(leader: int, answer: bytes) -> Thread:
    """Answer once the last question was asked."""

    def run() -> None:
        seen = b""
        while not seen.endswith(b"\x1b[c"):
            seen += os.read(leader, 1000)
        os.write(leader, answer)

    thread = Thread(target=run)
    thread.start()
    return thread


@pytest.mark.parametrize("end", [b"\x1b\\", b"\x07"])
def test_the_answer_is_taken_and_what_was_typed_is_kept(terminal: tuple[int, int], end: bytes) -> None:
    leader, follower = terminal
    before = termios.tcgetattr(follower)
    with TerminalQuery([BACKGROUND], reads=follower, writes=follower) as query:
        assert not termios.tcgetattr(follower)[3] & termios.ECHO
        thread = answering(leader, b"q\x1b]11;rgb:fafa/fbfb/fcfc" + end + b"j" + ATTRIBUTES)
        assert query.answers(seconds=30) == {"background": "fafa/fbfb/fcfc"}
        thread.join()
    assert query.answered
    assert query.typed == "qj"
    assert termios.tcgetattr(follower) == before


def test_a_terminal_that_names_no_background_ends_the_wait_at_once(terminal: tuple[int, int]) -> None:
    leader, follower = terminal
    with TerminalQuery([BACKGROUND], reads=follower, writes=follower) as query:
        thread = answering(leader, ATTRIBUTES)
        started = time.monotonic()
        assert query.answers(seconds=60) == {}
        assert time.monotonic() - started < 30
        thread.join()
    assert query.answered


def test_a_silent_terminal_is_not_waited_for(terminal: tuple[int, int]) -> None:
    _, follower = terminal
    with TerminalQuery([BACKGROUND], reads=follower, writes=follower) as query:
        assert query.answers(seconds=0.05) == {}
    assert not query.answered


def test_no_terminal_is_no_error() -> None:
    reads, writes = os.pipe()
    with TerminalQuery([BACKGROUND], reads=reads, writes=writes) as query:
        assert query.answers() == {}
    os.close(reads)
    os.close(writes)


@pytest.mark.parametrize(
    ("background", "expected"),
    [
        ("fafa/fbfb/fcfc", True),
        ("1212/1616/1c1c", False),
        ("ff/ff/ff", True),
        ("0/0/f", False),
        ("f/f/f/f", True),
        (None, None),
        ("", None),
        ("12/34", None),
        ("//", None),
        ("zz/00/00", None),
    ],
)
def test_light_and_dark(background: str | None, expected: bool | None) -> None:
    assert is_light(background) is expected


def test_terminals_are_remembered_apart(tmp_path: Path) -> None:
    one, two = terminal_name({"TERM": "xterm"}), terminal_name({"TERM": "xterm", "WINDOWID": "7"})
    assert recall(tmp_path, one) is None
    remember(tmp_path, one, {"background": "0/0/0"})
    remember(tmp_path, two, {})
    assert recall(tmp_path, one) == {"background": "0/0/0"}
    assert recall(tmp_path, two) == {}
    for number in range(60):
        remember(tmp_path, str(number), {})
    assert recall(tmp_path, one) is None, "only the newest are kept"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 3}', "\x00"])
def test_a_file_that_cannot_be_used_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "terminals.json").write_text(content)
    assert recall(tmp_path, "a") is None
    remember(tmp_path, "a", {"x": "y"})
    assert recall(tmp_path, "a") == {"x": "y"}
    remember(tmp_path / "missing", "a", {})
    assert not (tmp_path / "missing").exists()
