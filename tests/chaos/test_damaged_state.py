"""A damaged state file under a real worker and the command line: some of the damages of `damaged_state`."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.damaged_state import Damage, damages, scene
from tests.cli.command_line import ROOT

SHORT = (
    *("flip 20", "flip of byte 18 of the head", "head gone, with a log", "truncation 12", "page at 3/8 gone bad"),
    *("directory", "newer"),
)
"""What runs with the tests; by hand all run."""


def _by_name(name: str) -> Damage:
    (found,) = [each for each in damages() if each.name == name]
    return found


def test_damage_is_told_kept_and_mended(tmp_path: Path) -> None:
    with scene(tmp_path, finished=2, halves=2, others=4) as made:
        problems = {name: made.try_out(_by_name(name), in_time=False) for name in SHORT}
    assert {name: each for name, each in problems.items() if each} == {}


@pytest.mark.parametrize("file", ["sound", "damaged"])
@pytest.mark.parametrize("disk", ["full", "read-only"])
def test_a_disk_that_takes_nothing_is_told_and_all_goes_on_when_it_does(
    tmp_path: Path, disk: str, file: str
) -> None:
    unshare = [shutil.which("unshare") or "", "--user", "--map-root-user", "--mount"]
    if not unshare[0] or subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode:
        pytest.skip("no mounts of our own here")
    command = [*unshare, sys.executable, "-m", "tests.chaos.bad_disk", str(tmp_path), disk, file]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
