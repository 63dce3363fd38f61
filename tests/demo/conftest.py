"""Drawn pictures, shared by all tests of one run, and directories with servers that end with their test."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import tui_downloader
from tui_downloader.demo.gallery import Gallery
from tui_downloader.demo.launch import stop_server
from tui_downloader.demo.pictures import PICTURES


@pytest.fixture(scope="session")
def drawn_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pictures, drawn once, also when several processes share the tests."""
    base = tmp_path_factory.getbasetemp()
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    directory = base / "drawn" if run is None else base.parent / f"drawn-{run}"
    directory.mkdir(exist_ok=True)
    with (directory / "drawing").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        Gallery(directory).draw_all()
    return directory


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let processes that ignore their working directory import the package under test."""
    root = str(Path(tui_downloader.__file__).parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([root, inherited] if inherited else [root]))


@pytest.fixture
def demo_directory(drawn_directory: Path, tmp_path: Path) -> Iterator[Path]:
    """A directory in which all pictures are drawn; a server that was started in it is ended."""
    directory = tmp_path / "demo"
    directory.mkdir()
    for name in PICTURES:
        shutil.copy2(drawn_directory / name, directory)
    yield directory
    stop_server(directory)


@pytest.fixture
def new_directory(tmp_path: Path) -> Iterator[Path]:
    """The path of a directory that does not exist; a server that was started in it is ended."""
    directory = tmp_path / "new" / "demo"
    yield directory
    stop_server(directory)
