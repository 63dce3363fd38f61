"""Completion in real shells: downloads, sessions and settings come from the state."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import DEADLINE_SECONDS, CommandLine, start_on_terminal
from tests.state.files import new_state_file
from tui_downloader.model.request import Request
from tui_downloader.state import downloads
from tui_downloader.state.database import Database

WORDS = {
    ("show", ""): {"12", "11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1"},
    ("pause", "11", "1"): {"12", "10", "1"},
    ("-s", "w"): {"work"},
    ("-s", "work", "show", ""): {"1"},
    ("sessions", "remove", ""): {"default", "work"},
    ("settings", "the"): {"theme"},
    ("list", "--state", "fa"): {"failed"},
    ("resu",): {"resume"},
    ("resume", "--fa"): {"--failed"},
}
"""What is typed behind `tuidl`, and what is offered."""


@pytest.fixture
def shell(tuidl: CommandLine, tmp_path: Path) -> CommandLine:
    """Two sessions, with twelve downloads and with one; `tuidl` is on the path."""
    for name, count in (("default", 12), ("work", 1)):
        database = Database(new_state_file(tuidl.state / "sessions" / name))
        with database.transaction() as transaction:
            for number in range(count):
                request = Request(url=f"https://tuidl.invalid/{number}", directory=tmp_path, paused=True)
                downloads.insert(transaction, request, now=1.0)
        database.close()
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "tuidl").write_text(f'#!/bin/sh\nexec {sys.executable} -m tui_downloader "$@"\n')
    (programs / "tuidl").chmod(0o755)
    tuidl.environment["PATH"] = f"{programs}:{os.environ['PATH']}"
    return tuidl


def run(tuidl: CommandLine, *argv: str) -> str:
    """Run a shell; return what it prints."""
    done = subprocess.run(
        argv,
        env=tuidl.variables,
        cwd=tuidl.directory,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def source(tuidl: CommandLine, shell: str) -> str:
    """Return what the README tells to write into the shell's completion file."""
    tuidl.environment["_TUIDL_COMPLETE"] = f"{shell}_source"
    text = tuidl.ok().out
    del tuidl.environment["_TUIDL_COMPLETE"]
    return text


def test_bash(shell: CommandLine) -> None:
    asks = [
        f"COMP_WORDS=(tuidl {' '.join(repr(word) for word in words)}); COMP_CWORD={len(words)}; "
        'COMPREPLY=(); _tuidl_completion tuidl; echo "${COMPREPLY[*]}"'
        for words in WORDS
    ]
    shown = run(shell, "bash", "--norc", "-c", "\n".join([source(shell, "bash"), *asks]))

    assert [set(line.split()) for line in shown.splitlines()] == list(WORDS.values())


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish")
def test_fish(shell: CommandLine) -> None:
    asks = [f"complete -C 'tuidl {' '.join(words)}'; echo =" for words in WORDS]
    shown = run(shell, "fish", "--no-config", "-c", "\n".join([source(shell, "fish"), *asks]))

    groups = [set(group.split("\n")) - {""} for group in shown.split("=\n")[:-1]]
    assert [{line.partition("\t")[0] for line in group} for group in groups] == list(WORDS.values())
    assert "12\tpaused · 11" in shown


@pytest.mark.skipif(shutil.which("zsh") is None, reason="there is no zsh")
def test_zsh(shell: CommandLine) -> None:
    (shell.directory / "tuidl.zsh").write_text(source(shell, "zsh"))
    begin = b"PS1='ready> '; autoload -U compinit; compinit -u -D; . ./tuidl.zsh; print go\r"
    with start_on_terminal(shell, "zsh", "-f") as terminal:
        terminal.type(begin)
        terminal.until("\ngo")
        for typed, completed in ((b"tuidl -s w\t", "-s work"), (b"tuidl settings the\t", "settings theme")):
            terminal.type(b"\x15" + typed)
            terminal.until(completed)
        terminal.type(b"\x15exit\r")
        assert "not found" not in terminal.end()


def test_nothing_is_offered_where_nothing_can_be_read(shell: CommandLine) -> None:
    (shell.state / "sessions" / "work" / "state.sqlite3").write_bytes(b"no database" * 100)
    shell.environment |= {
        "_TUIDL_COMPLETE": "bash_complete",
        "COMP_WORDS": "tuidl -s work show ",
        "COMP_CWORD": "4",
    }

    result = shell.ok()
    shell.environment.clear()

    assert (result.out.strip(), result.err) == ("", "")
