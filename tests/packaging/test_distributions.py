"""Wheel and sdist: everything that runs, the types, the licence, and nothing else."""

from __future__ import annotations

import subprocess
import tarfile
import tomllib
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.packaging.wheels import ROOT, build
from tui_downloader import __version__

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="only a clone knows its files")

SUFFIXES = {".py", ".tcss", ".typed"}
"""What the package is made of."""


def tracked(*folders: str) -> set[str]:
    """Return the files of the source tree that are not ignored."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    return {each for each in listed if each and (ROOT / each).exists()}


def test_wheel_is_the_package_and_its_description(tmp_path: Path) -> None:
    with zipfile.ZipFile(build("wheel", tmp_path)) as wheel:
        names = set(wheel.namelist())
        about = f"tuidl-{__version__}.dist-info"
        metadata = Parser().parsestr(wheel.read(f"{about}/METADATA").decode())
        entry_points = wheel.read(f"{about}/entry_points.txt").decode()
    package = {each for each in names if not each.startswith(about)}

    assert package == tracked("tui_downloader")
    assert {Path(each).suffix for each in package} == SUFFIXES
    assert "tui_downloader/py.typed" in package
    assert f"{about}/licenses/LICENSE" in names
    assert "tuidl = tui_downloader.cli.main:run" in entry_points
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"
    extras = set(metadata.get_all("Provides-Extra", []))
    assert extras == {"socks", "notify", "test"}
    assert "Start a download, quit, come back" in metadata.get_payload()


def test_sdist_builds_tests_and_explains_itself(tmp_path: Path) -> None:
    with tarfile.open(build("sdist", tmp_path)) as sdist:
        names = {each.name.partition("/")[2] for each in sdist.getmembers() if each.isfile()}

    alone = {"README.md", "LICENSE", "pyproject.toml", ".gitignore", "PKG-INFO"}
    assert names == tracked("tui_downloader", "tests", "screenshots") | alone


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    extras = project["optional-dependencies"].values()
    for each in [*project["dependencies"], *(one for extra in extras for one in extra)]:
        lines = [line for line in text.splitlines() if line.strip().startswith(f'"{each}"')]
        assert lines
        assert all("#" in line for line in lines), f"{each} has no reason beside it"
