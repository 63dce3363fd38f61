"""Processes and boots: whether the one that wrote a row is still the same.

Owns start times and the boot id. A pid alone is never trusted: the start time must agree.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_HAS_PROC = sys.platform.startswith("linux")


def start_time(pid: int) -> str | None:
    """Returns a process's start time in the system's own words; `None` if it is gone or a zombie."""
    if pid <= 0:
        return None
    if not _HAS_PROC:
        return _start_time_by_ps(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in {b"Z", b"X"} else fields[19].decode()


def _start_time_by_ps(pid: int) -> str | None:
    """Asks `ps`, where there is no /proc."""
    answer = _output_of(["ps", "-o", "stat=,lstart=", "-p", str(pid)]).split()
    return None if not answer or answer[0].startswith("Z") else " ".join(answer[1:])


def _output_of(command: list[str]) -> str:
    """Runs a small system program; empty if it failed."""
    import subprocess  # only where there is no /proc: a tenth of what `tuidl list` takes

    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def is_running(pid: int | None, started: str | None) -> bool:
    """Tells whether the process that had this pid and start time still runs."""
    return pid is not None and started is not None and start_time(pid) == started


def boot_id() -> str:
    """Returns a text that is different after each boot of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        pass
    if sys.platform == "darwin":
        answer = _output_of(["sysctl", "-n", "kern.bootsessionuuid"]).strip()
        if answer:
            return answer
    return os.urandom(16).hex()  # unknown: every start counts as another boot, so only synced bytes are trusted


def own_start_time() -> str:
    """Returns this process's start time in the system's own words."""
    return start_time(os.getpid()) or "unknown"
