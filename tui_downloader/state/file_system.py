"""On which file system the state lies: SQLite's write-ahead log needs one that all its users share memory on.

Owns which ones are refused (sqlite.org/wal.html: “WAL does not work over a network filesystem”). Must never take
an unknown one for a bad one.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from tui_downloader.errors import SessionUnusableError

NETWORK = frozenset(
    {
        *("9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "davfs", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs"),
        *("nfs4", "orangefs", "smb3", "smbfs", "webdav", "fuse.ceph", "fuse.davfs", "fuse.glusterfs"),
        *("fuse.rclone", "fuse.s3fs", "fuse.smbnetfs", "fuse.sshfs"),
    }
)
"""File systems whose files are somewhere else."""
MEMORY = frozenset({"tmpfs", "ramfs"})
"""File systems that are empty after the next boot."""

_MOUNTS = Path("/proc/self/mountinfo")
_MOUNT_COMMAND = ["/sbin/mount"]
_MOUNT_LINE = re.compile(r" on (/.*) \(([^,)]+)[^()]*\)$", re.MULTILINE)


def check_local(directory: Path) -> None:
    """Makes sure that a directory, which need not be there yet, is on no network mount.

    Raises:
        SessionUnusableError: It is.
    """
    kind = file_system_of(directory)
    if kind in NETWORK:
        raise SessionUnusableError(
            f"{directory} lies on a network mount ({kind}); there, two programs would damage the state file. "
            "Nothing was changed. Name a place on this machine: --state-dir, TUIDL_STATE_DIR"
        )


def file_system_of(path: Path) -> str | None:
    """Returns the kind of file system that a path is on, or would be; `None` for a disk, or if nobody can tell."""
    there = next((each for each in (path, *path.parents) if each.exists()), None)
    if there is None:
        return None
    try:
        if sys.platform == "darwin":
            return kind_by_place(_mounts_of_macos(), there.resolve())
        device = there.stat().st_dev
        if os.major(device):
            return None  # a disk of its own
        return kind_by_device(_MOUNTS.read_text(errors="replace"), device)
    except OSError:
        return None


def _mounts_of_macos() -> str:
    """Returns what `mount` prints; empty if it does not."""
    import subprocess  # late: elsewhere nobody needs it

    try:
        return subprocess.run(_MOUNT_COMMAND, capture_output=True, text=True, timeout=5, check=True).stdout
    except subprocess.SubprocessError:
        return ""


def kind_by_device(mounts: str, device: int) -> str | None:
    """Finds a device in Linux's list of mounts (proc_pid_mountinfo(5)).

    Args:
        mounts: The list.
        device: The device number of a file.
    """
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in mounts.splitlines():
        place, _, kind = line.partition(" - ")
        if place.split(" ")[2:3] == [wanted]:
            return kind.split(" ")[0]
    return None


def kind_by_place(mounts: str, path: Path) -> str | None:
    """Finds a path in what `mount` prints on macOS: `//me@server/files on /Volumes/files (smbfs, nodev)`.

    Args:
        mounts: What it prints.
        path: Absolute, links followed.
    """
    found = [(Path(place), kind) for place, kind in _MOUNT_LINE.findall(mounts)]
    over = [each for each in found if each[0] == path or each[0] in path.parents]
    return max(over, key=lambda each: len(each[0].parts))[1] if over else None
