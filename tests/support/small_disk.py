"""A disk of a few mebibytes that a test can fill: a file system in memory, in a mount namespace of its own.

Owns the process that holds it. Must never mount anything where others could see it.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

_HOLD = 'mount -t tmpfs -o size="$1" tmpfs "$2" && echo ready && exec cat'
"""Mounts, then lives as long as its standard input is open."""


@contextlib.contextmanager
def small_disk(mount_point: Path, size_bytes: int) -> Iterator[Path]:
    """Give a directory on a disk of its own; skip the test where the system does not allow it.

    Args:
        mount_point: An empty directory; it stays empty for all others.
        size_bytes: Size of the disk.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("unshare is not installed")
    command = [unshare, "--user", "--map-root-user", "--mount", "sh", "-c", _HOLD, "sh"]
    with subprocess.Popen(
        [*command, str(size_bytes), str(mount_point)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        assert holder.stderr is not None
        if holder.stdout.readline() != "ready\n":
            pytest.skip(f"no file system of our own here: {holder.stderr.read()[:200]}")
        try:
            yield Path(f"/proc/{holder.pid}/root{mount_point}")
        finally:
            holder.stdin.close()


def fill(disk: Path, *, leave_bytes: int) -> Path:
    """Write a file that leaves so much free; return it."""
    filler = disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(disk).free - leave_bytes))
    return filler
