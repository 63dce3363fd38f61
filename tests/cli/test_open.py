"""`tuidl open`: the desktop's program gets the file, or a sentence says why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource


@pytest.fixture
def desktop(tuidl: CommandLine, fault_server: FaultServer) -> CommandLine:
    """A finished download (1) and a paused one (2), on a desktop whose opener notes what it opens."""
    tuidl.ok("add", fault_server.add("/ab.txt", Resource(b"bytes")))
    tuidl.ok("wait")
    tuidl.ok("add", "--paused", "https://tuidl.invalid/paused")
    programs = tuidl.directory / "bin"
    programs.mkdir()
    opens(programs, 'echo "$#:$1" >>opened')
    tuidl.environment |= {"DISPLAY": ":9", "PATH": f"{programs}:/usr/bin:/bin"}
    return tuidl


def opens(programs: Path, script: str) -> None:
    """Make the desktop's opener do this, in the directory of the test."""
    opener = programs / "xdg-open"
    opener.write_text(f"#!/bin/sh\ncd '{programs.parent}' && {script}\n")
    opener.chmod(0o755)


def test_file_and_folder(desktop: CommandLine) -> None:
    desktop.ok("open", "1")
    desktop.ok("open", "2", "--folder")

    expected = [f"1:{desktop.directory / 'ab.txt'}", f"1:{desktop.directory}"]
    assert (desktop.directory / "opened").read_text().splitlines() == expected


def test_why_not(desktop: CommandLine) -> None:
    assert "not finished (paused)" in desktop("open", "2").err
    opens(desktop.directory / "bin", "exit 3")
    assert "could not be opened" in desktop("open", "1").err
    desktop.environment["DISPLAY"] = ""
    assert "no desktop" in desktop("open", "1").err
    (desktop.directory / "ab.txt").unlink()
    result = desktop("open", "1")
    assert (result.code, result.out) == (1, "")
    assert "is gone." in result.err
