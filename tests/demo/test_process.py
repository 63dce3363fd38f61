"""The server process: one a directory, deaf to hang-ups, and gone when nobody needs it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.demo.client import PATIENCE_SECONDS, fetch
from tui_downloader.demo.rendezvous import Record, find_server, is_locked

NAME = "dunes-1600x900.jpg"


@contextlib.contextmanager
def running(directory: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Run a server process; it has ended when the block has."""
    command = [sys.executable, "-P", "-m", "tui_downloader.demo", "--directory", str(directory), *options]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def answering(directory: Path, process: subprocess.Popen[str]) -> Record:
    """Wait until the process answers."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (record := find_server(directory)) is None or record.pid != process.pid:
        assert process.poll() is None
        assert time.monotonic() < deadline
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    return record


def test_it_ends_when_nobody_came(demo_directory: Path) -> None:
    with running(demo_directory, "--lifetime", "0.1") as process:
        assert process.wait(PATIENCE_SECONDS) == 0
    assert not is_locked(demo_directory)


def test_it_ends_when_all_is_fetched_and_not_in_the_middle(demo_directory: Path) -> None:
    expected = (demo_directory / NAME).read_bytes()
    rate = str(len(expected) * 2)
    with running(demo_directory, "--lifetime", "5", "--quiet", "0.1", "--rate", rate) as process:
        record = answering(demo_directory, process)
        assert fetch(record.port, f"/{NAME}").content == expected
        assert process.wait(PATIENCE_SECONDS) == 0


def test_there_is_only_one(demo_directory: Path) -> None:
    with running(demo_directory) as first:
        record = answering(demo_directory, first)
        with running(demo_directory) as second:
            assert second.wait(PATIENCE_SECONDS) == 0
            assert second.stderr is not None
            assert second.stderr.read() == "A demo server is there already.\n"
        assert find_server(demo_directory) == record
        assert is_locked(demo_directory)


def test_a_hang_up_is_ignored_and_a_termination_is_not(demo_directory: Path) -> None:
    with running(demo_directory) as process:
        record = answering(demo_directory, process)
        process.send_signal(signal.SIGHUP)
        assert find_server(demo_directory) == record
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0


def test_a_directory_that_is_none_is_named_in_one_line(tmp_path: Path) -> None:
    with running(tmp_path / "none") as process:
        assert process.wait(PATIENCE_SECONDS) == 1
        assert process.stderr is not None
        said = process.stderr.read()
    assert str(tmp_path / "none") in said
    assert said.count("\n") == 1


def test_a_rate_of_nothing_is_refused(tmp_path: Path) -> None:
    for rate in ("0", "-5", "fast"):
        with running(tmp_path, "--rate", rate) as process:
            assert process.wait(PATIENCE_SECONDS) == 2
