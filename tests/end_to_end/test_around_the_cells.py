"""What the program says to the terminal beside its cells, and what it hears from it: colours, title, settings."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys

import pytest

from tests.end_to_end.home import Home
from tests.end_to_end.terminal import Terminal
from tui_downloader.paths import TERMINALS_FILE
from tui_downloader.tui.terminal_signs import NO_PROGRESS, RESTORE_TITLE
from tui_downloader.tui.theme import DARK, LIGHT

QUESTION = b"\x1b]11;?\x1b\\"
ENTER_PROGRAMS_SCREEN = b"\x1b[?1049h"
LIGHT_ANSWER = "\x1b]11;rgb:fafa/fbfb/fcfc\x1b\\\x1b[?62;4;22c"


@pytest.fixture
def filled(home: Home) -> Home:
    """Return a home with a paused download."""
    home.control.add("https://files.example.org/a.iso", paused=True)
    return home


def background(terminal: Terminal) -> str:
    """Return the colour behind the header."""
    red, green, blue = terminal.cells[0][0].background or (0, 0, 0)
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_a_light_terminal_gets_the_light_theme_and_keeps_its_keys(filled: Home) -> None:
    with filled.terminal() as terminal:
        terminal.wait_for(lambda: QUESTION in terminal.raw, what="the question")
        terminal.send(LIGHT_ANSWER)
        terminal.wait_for_text("a.iso")
        assert background(terminal) == LIGHT.background
        terminal.wait_for(lambda: b"\x1b]2;tuidl\x1b\\" in terminal.raw, what="the title")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert RESTORE_TITLE.encode() in terminal.raw
        assert NO_PROGRESS.encode() not in terminal.raw


def test_a_silent_terminal_is_asked_once(filled: Home) -> None:
    for asked in (True, False):
        with filled.terminal() as terminal:
            terminal.wait_for_text("a.iso")
            assert background(terminal) == DARK.background
            assert (QUESTION in terminal.raw) is asked
            terminal.send("q")
            assert terminal.wait_for_end() == 0
    assert (filled.control.root / "state" / TERMINALS_FILE).exists()


@pytest.mark.parametrize(("variables", "uses_mouse"), [({}, True), ({"STY": "1234.pts-0.host"}, False)])
def test_gnu_screen_gets_no_mouse_because_it_would_keep_escape(
    filled: Home, variables: dict[str, str], uses_mouse: bool
) -> None:
    with filled.terminal(variables=variables) as terminal:
        terminal.wait_for_text("a.iso")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert (b"\x1b[?1000h" in terminal.raw) is uses_mouse


def test_settings_are_edited_and_taken_over(filled: Home) -> None:
    editor = filled.root / "editor"
    editor.write_text('#!/bin/sh\necho "editing"\nprintf \'theme = "light"\\n[keymap]\\nquit = "Q"\\n\' > "$1"\n')
    editor.chmod(0o755)
    with filled.terminal(variables={"EDITOR": str(editor)}) as terminal:
        terminal.wait_for_text("a.iso")
        terminal.send("S")
        terminal.wait_for(lambda: background(terminal) == LIGHT.background, what="the light theme")
        terminal.wait_for_text("Q Quit")
        assert b"editing" in terminal.raw
        settings = filled.root / "settings.toml"
        settings.write_text('theme = "light"\n[keymap]\nquit = "a"\n')
        terminal.wait_for_text("line 3: a is taken by")
        terminal.send("Q")
        assert terminal.wait_for_end() == 0


def test_what_was_stopped_is_drawn_again_when_it_goes_on(filled: Home) -> None:
    with filled.terminal() as terminal:
        terminal.wait_for_text("a.iso")
        terminal.send("\x1a")
        terminal.wait_for(lambda: not terminal.shows_program, what="the shell's screen")
        assert os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED) is not None
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for(lambda: terminal.shows_program, what="the program's screen")
        terminal.wait_for_text("a.iso")
        terminal.send("q")
        assert terminal.wait_for_end() == 0


def test_what_was_stopped_from_outside_hears_every_key(filled: Home) -> None:
    with filled.terminal() as terminal:
        terminal.wait_for_text("a.iso")
        for _ in range(3):
            terminal.process.send_signal(signal.SIGSTOP)
            assert os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED) is not None
            terminal.raw.clear()
            terminal.process.send_signal(signal.SIGCONT)
            terminal.wait_for(lambda: ENTER_PROGRAMS_SCREEN in terminal.raw, what="the screen anew")
        terminal.wait_for_text("a.iso")
        terminal.send("/")
        for count in range(1, 13):  # one by one: two readers would take turns
            terminal.send("abcdefghijkl"[count - 1])
            terminal.wait_for_text("abcdefghijkl"[:count])
        terminal.send("\x1b")
        terminal.wait_until_gone("abcdefghijkl")
        terminal.send("q")
        assert terminal.wait_for_end() == 0


def test_a_terminal_that_is_gone_ends_the_screen_though_hangups_are_ignored(filled: Home) -> None:
    leader, follower = pty.openpty()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        screen = subprocess.Popen(
            [sys.executable, "-m", "tui_downloader"],
            env=filled.command_line.variables,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            start_new_session=True,
        )
    finally:
        signal.signal(signal.SIGHUP, before)
    os.close(follower)
    emulator = subprocess.Popen(["cat"], stdin=leader, stdout=subprocess.PIPE)
    os.close(leader)
    with screen, emulator:
        assert emulator.stdout is not None
        printed = b""
        while b"a.iso" not in printed:
            data = os.read(emulator.stdout.fileno(), 65_536)
            assert data, printed
            printed += data
        emulator.kill()
        assert screen.wait(60) == 128 + signal.SIGHUP


def test_taskbar_progress_ends_with_the_screen(filled: Home) -> None:
    with filled.terminal(variables={"WT_SESSION": "1"}) as terminal:
        terminal.wait_for_text("a.iso")
        terminal.send("q")
        assert terminal.wait_for_end() == 0
        assert b"]9;4;1" not in terminal.raw, "nothing moves"
