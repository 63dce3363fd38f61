"""The library between a program and the C library counts, kills, fails and moves the clock."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.interposition import clock_variables, set_clock, step_variables, why_not_interposable

pytestmark = pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))

_STEPS = """
import os, sys, time
descriptor = os.open("a", os.O_RDWR | os.O_CREAT)
for number in range(3):
    os.pwrite(descriptor, b"12345678", 8 * number)
os.fsync(descriptor)
os.link("a", "b")
os.unlink("a")
print(time.time(), time.monotonic())
"""


def _run(place: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = _STEPS.replace('"a"', repr(str(place / "a"))).replace('"b"', repr(str(place / "b")))
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True, check=False)


def test_counts_calls_below_a_directory(tmp_path: Path) -> None:
    log = tmp_path.with_name("log")
    done = _run(tmp_path, step_variables(tmp_path, log=log))
    assert done.returncode == 0, done.stderr
    names = [line.split()[1] for line in log.read_text().splitlines()]
    assert names == ["open", "pwrite", "pwrite", "pwrite", "fsync", "link", "unlink"]


def test_kills_before_a_call_and_in_the_middle_of_one(tmp_path: Path) -> None:
    assert _run(tmp_path, step_variables(tmp_path, kill_at=3)).returncode == -9
    assert (tmp_path / "a").read_bytes() == b"12345678"
    assert _run(tmp_path, step_variables(tmp_path, kill_at=-4)).returncode == -9
    assert (tmp_path / "a").read_bytes() == b"12345678" * 2 + b"1234"


def test_fails_calls_of_one_name(tmp_path: Path) -> None:
    done = _run(tmp_path, step_variables(tmp_path, fail_at=(1, errno.EIO), only=("fsync",)))
    assert "Input/output error" in done.stderr
    assert not (tmp_path / "b").exists()


def test_moves_the_wall_clock_only(tmp_path: Path) -> None:
    shift = tmp_path.with_name("clock")
    set_clock(shift, 0.0)
    wall, monotonic = map(float, _run(tmp_path, clock_variables(shift)).stdout.split())
    (tmp_path / "b").unlink()
    set_clock(shift, 259_200.0)
    moved, later = map(float, _run(tmp_path, clock_variables(shift)).stdout.split())
    assert moved - wall > 259_199
    assert later - monotonic < 3600
