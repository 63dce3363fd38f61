"""Opening files and folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.session_control import SessionControl, wait_until
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.tui.opening import open_apart, opener

DESKTOP = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")


def program(directory: Path, text: str) -> Path:
    """Write a program that stands in for the desktop's."""
    path = directory / "xdg-open"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_which_command_opens(tmp_path: Path) -> None:
    command = [str(program(tmp_path, "exit 0"))]
    path = str(tmp_path)
    assert opener({"PATH": path, "DISPLAY": ":0"}, platform="linux") == command
    assert opener({"PATH": path, "WAYLAND_DISPLAY": "w"}, platform="linux") == command
    assert opener({"PATH": path}, platform="linux") is None
    assert opener({"PATH": "", "DISPLAY": ":0"}, platform="linux") is None
    assert opener({"PATH": ""}, platform="darwin") is None


def test_it_runs_apart_from_our_terminal(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    command = program(
        tmp_path, f'echo noise; ps -o sid= -p $$ > {seen}.new; echo "$1" >> {seen}.new; mv {seen}.new {seen}'
    )
    failures: list[str] = []
    open_apart([str(command)], tmp_path / "-a file", failed=failures.append)
    wait_until(seen.exists, what="the program's run")
    session, argument = seen.read_text().splitlines()
    assert int(session) != os.getsid(0)
    assert argument == str(tmp_path / "-a file")
    assert failures == []


def test_a_failure_is_told(tmp_path: Path) -> None:
    failures: list[str] = []
    open_apart([str(program(tmp_path, "exit 3"))], tmp_path / "a", failed=failures.append)
    wait_until(lambda: failures, what="the sentence")
    assert failures[0].startswith(f"{tmp_path / 'a'} could not be opened")
    open_apart([str(tmp_path / "missing")], tmp_path / "b", failed=failures.append)
    assert len(failures) == 2


def test_without_a_desktop_the_path_is_copied(control: SessionControl, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in DESKTOP:
        monkeypatch.delenv(each, raising=False)
    journal = Journal(control)
    done, unfinished = journal.add("a.iso", "b.iso")
    path = journal.finish(done, "a.iso")

    async def scenario(screen: ScreenControl) -> None:
        assert screen.current.id == unfinished
        await screen.press("o")
        await screen.until(lambda: screen.remark, what="the remark")
        assert screen.remark == "Nothing to open yet: the file is not finished"
        await screen.press("O")
        await screen.until(lambda: screen.app.clipboard == str(control.downloads), what="the folder")
        await screen.press("j", "o")
        await screen.until(lambda: screen.app.clipboard == str(path), what="the path")
        assert screen.remark.startswith("No desktop to open it on; copied: ")

    play(control, scenario)


def test_on_a_desktop_its_program_is_started(
    control: SessionControl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    program(tmp_path, f'echo "$1" > {seen}.new; mv {seen}.new {seen}')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("DISPLAY", ":0")
    journal = Journal(control)
    path = journal.finish(journal.add("a.iso")[0], "a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("o")
        await screen.until(seen.exists, what="the program's run")

    play(control, scenario)
    assert seen.read_text().strip() == str(path)
