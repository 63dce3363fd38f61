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

from tui_downloader.preview.ways import Way
from tui_downloader.tui.terminal import Asking, Terminal
from tui_downloader.tui.terminal_memory import recall, remember, terminal_name
from tui_downloader.tui.terminal_query import BACKGROUND, CELL, KITTY, VERSION, TerminalQuery, is_light

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
        assert query.answers(seconds=30) == {"background": "fafa/fbfb/fcfc", "attributes": "62;4;22"}
        thread.join()
    assert query.answered
    assert query.typed == "qj"
    assert termios.tcgetattr(follower) == before


def test_a_terminal_that_names_no_background_ends_the_wait_at_once(terminal: tuple[int, int]) -> None:
    leader, follower = terminal
    with TerminalQuery([BACKGROUND], reads=follower, writes=follower) as query:
        thread = answering(leader, ATTRIBUTES)
        started = time.monotonic()
        assert query.answers(seconds=60) == {"attributes": "62;4;22"}
        assert time.monotonic() - started < 30
        thread.join()
    assert query.answered


def test_a_silent_terminal_is_not_waited_for(terminal: tuple[int, int]) -> None:
    _, follower = terminal
    with TerminalQuery([BACKGROUND], reads=follower, writes=follower) as query:
        assert query.answers(seconds=0.05) == {}
    assert not query.answered


def test_what_comes_too_late_is_not_typed_text(terminal: tuple[int, int]) -> None:
    leader, follower = terminal
    with TerminalQuery([BACKGROUND], reads=follower, writes=follower) as query:
        assert query.answers(seconds=0.01) == {}
        os.write(leader, b"\x1b]11;rgb:fafa/fbfb/fcfc\x1b\\")
    os.set_blocking(follower, False)
    with pytest.raises(BlockingIOError):
        os.read(follower, 100)


def test_what_pictures_it_can_draw_is_among_the_answers(terminal: tuple[int, int]) -> None:
    leader, follower = terminal
    told = b"\x1b_Gi=31;OK\x1b\\\x1bP>|kitty(0.26.5)\x1b\\\x1b[6;18;9t"
    with TerminalQuery([KITTY, VERSION, CELL], reads=follower, writes=follower) as query:
        thread = answering(leader, b"k" + told + ATTRIBUTES + b"j")
        answers = query.answers(seconds=30)
        thread.join()
    assert answers == {"kitty": "OK", "version": "kitty(0.26.5)", "cell": "18;9", "attributes": "62;4;22"}
    assert query.typed == "kj"


def asked(
    ends: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
    directory: Path,
    environment: dict[str, str],
    told: bytes,
) -> tuple[bytes, Terminal]:
    """Ask a terminal as at a start; return what was asked, and what is known then."""
    leader, follower = ends
    monkeypatch.setattr(os, "isatty", lambda _: True)
    saved = os.dup(0), os.dup(1)
    seen = b""

    def answer() -> None:
        nonlocal seen
        while not seen.endswith(b"\x1b[c"):
            seen += os.read(leader, 1000)
        os.write(leader, told + ATTRIBUTES)

    thread = Thread(target=answer)
    try:
        os.dup2(follower, 0)
        os.dup2(follower, 1)
        thread.start()
        with Asking(environment, directory) as asking:
            terminal = asking.terminal()
        thread.join()
    finally:
        for at, each in enumerate(saved):
            os.dup2(each, at)
            os.close(each)
    return seen, terminal


def test_the_next_start_does_not_ask_about_pictures(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment = {"TERM": "xterm"}
    first, known = asked(terminal, monkeypatch, tmp_path, environment, b"\x1b_Gi=31;OK\x1b\\\x1b[6;18;9t")
    assert b"_Gi=31" in first
    assert known.way(None, environment, setting="auto") is Way.KITTY
    second, known = asked(terminal, monkeypatch, tmp_path, environment, b"")
    assert b"_Gi=31" not in second
    assert known.way(None, environment, setting="auto") is Way.KITTY
    assert known.cell == "18;9"


@pytest.mark.parametrize(
    "more", [{"TMUX": "/tmp/t"}, {"TERM": "tmux-256color"}, {"TERM_PROGRAM": "Apple_Terminal"}]
)
def test_who_would_print_the_questions_is_not_asked(
    terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, more: dict[str, str]
) -> None:
    environment = {"TERM": "xterm", **more}
    seen, _ = asked(terminal, monkeypatch, tmp_path, environment, b"")
    assert b"_G" not in seen
    assert b"]11;?" in seen


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
