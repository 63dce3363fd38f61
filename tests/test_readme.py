"""What the README says is so: its verbs, its Python, its completion, and how everything is taken away."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui_downloader
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.session_control import wait_until
from tui_downloader.cli.verbs import VERBS
from tui_downloader.session.session import Session

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SIZE = 50_000


def section(title: str) -> str:
    """Return a section of the README."""
    return README.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


class Reader:
    """Somebody who types what the README says, at a home of their own."""

    def __init__(self, home: Path, server: FaultServer) -> None:
        """Put `tuidl` on the path; the README's server is the test's."""
        self.home = home
        self.files = home / "Downloads"
        self.files.mkdir()
        programs = home / "bin"
        programs.mkdir()
        (programs / "tuidl").write_text(f'#!/bin/sh\nexec {sys.executable} -P -m tui_downloader "$@"\n')
        (programs / "tuidl").chmod(0o755)
        self._url = server.add("/disk.iso", Resource(body(1, SIZE)))
        kept = ("LANG", "LC_ALL", "TERM", "TMPDIR")
        self.environment = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            **{name: os.environ[name] for name in kept if name in os.environ},
        }

    def shell(self, lines: str) -> str:
        """Type lines into a shell."""
        return self._run("bash", "--norc", "-e", "-c", lines)

    def python(self, code: str) -> str:
        """Run a script, with every warning an error."""
        return self._run(sys.executable, "-W", "error", "-c", code)

    def _run(self, *argv: str) -> str:
        words = [word.replace("https://example.com/disk.iso", self._url) for word in argv]
        done = subprocess.run(
            words, cwd=self.files, env=self.environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout


@pytest.fixture
def reader(tmp_path: Path, fault_server: FaultServer) -> Iterator[Reader]:
    """A reader whose workers have left at the end."""
    reader = Reader(tmp_path, fault_server)
    yield reader
    reader.shell("tuidl stop --all-sessions")


def test_every_verb_is_in_its_table() -> None:
    named = set(re.findall(r"`(?:tuidl )?([a-z]+)\b", section("Verbs")))
    assert VERBS.keys() <= named


def test_python_examples_run_and_say_what_happened(reader: Reader) -> None:
    adds, hears = blocks(section("From Python"), "python")

    assert reader.python(adds) == ""
    assert reader.python(hears).splitlines() == ["disk.iso is here", "1 completed", f"{SIZE} bytes"]
    assert reader.python(hears).splitlines() == ["1 completed", f"{SIZE} bytes"]
    assert (reader.files / "disk.iso").read_bytes() == body(1, SIZE)


def test_stable_names_are_there() -> None:
    said = section("From Python").partition("These names stay:")[2].partition("All are typed")[0]
    names = set(re.findall(r"`(\w+)`", said))
    members = set(re.findall(r"`(\w+)`", said.partition("(")[2].partition(")")[0]))
    assert names - members - {"parse"} == set(tui_downloader.__all__) - {"__version__"}
    assert all(callable(getattr(Session, each)) for each in members)


def test_completion_is_installed_as_said(reader: Reader) -> None:
    commands = {
        shell: cells.split("`")[1]
        for shell, cells in re.findall(r"^\| (bash|zsh|fish) \|(.*)\|$", section("Verbs"), re.MULTILINE)
    }
    for command in commands.values():
        reader.shell(command)

    for file in (
        ".local/share/bash-completion/completions/tuidl",
        ".tuidl.zsh",
        ".config/fish/completions/tuidl.fish",
    ):
        assert "_TUIDL_COMPLETE" in (reader.home / file).read_text()
    assert commands.keys() == {"bash", "zsh", "fish"}


def test_nothing_stays_after_what_it_says_about_removing(reader: Reader) -> None:
    (adds,) = [each for each in blocks(section("Try it"), "sh") if "tuidl add" in each]
    (removes,) = [each for each in blocks(section("Where things lie"), "sh") if "rm -rf" in each]
    reader.shell(adds)
    reader.shell("tuidl -s other add --paused https://example.com/disk.iso; EDITOR=true tuidl settings --edit")
    assert (reader.home / ".local/state/tuidl").is_dir()
    assert (reader.home / ".config/tuidl/settings.toml").is_file()

    reader.shell(removes)

    def left() -> set[str]:
        files = {str(each.relative_to(reader.home)) for each in reader.home.rglob("*") if each.is_file()}
        return files - {"bin/tuidl", "Downloads/disk.iso"}

    wait_until(lambda: not left(), what="nothing but the downloaded file")
