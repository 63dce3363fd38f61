"""The downloaders that are measured, each as its own users run it.

Owns their command lines, and a session of ours whose worker is already running or not.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.process import Cost, cpu_seconds, peak_memory, run
from tests.support.session_control import SessionControl
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State

Fetch = Callable[[str, Path], Cost]
"""Brings a URL into a directory."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One downloader."""

    name: str
    """As the table shows it."""
    fetch: Fetch
    """How it brings one file."""


def peers(authority: Path) -> list[Peer]:
    """Return the peers that are installed.

    Args:
        authority: PEM file of the authority that https servers here use.
    """
    found: list[Peer] = []

    def offer(name: str, program: str, arguments: Callable[[str, Path], list[str]]) -> None:
        path = installed(program)
        if path:
            found.append(Peer(name, lambda url, directory: run([path, *arguments(url, directory)])))

    offer("curl", "curl", lambda url, to: ["-s", "--cacert", str(authority), "-o", str(to / "curl"), url])
    common = [f"--ca-certificate={authority}", "-q", "--allow-overwrite=true", "--file-allocation=none"]
    offer("aria2c", "aria2c", lambda url, to: [*common, "-d", str(to), "-o", "aria2", url])
    many = [*common, "-x16", "-s16", "-k1M"]
    offer("aria2c -x16", "aria2c", lambda url, to: [*many, "-d", str(to), "-o", "aria2", url])
    offer("wget2", "wget2", lambda url, to: ["-q", f"--ca-certificate={authority}", "-O", str(to / "wget2"), url])
    offer("axel -n16", "axel", lambda url, to: ["-q", "-k", "-n16", "-o", str(to / "axel"), url])
    quiet = ["--no-history", "--no-sound"]
    offer("mox -c16", "mox", lambda url, to: [*quiet, "-c16", "-d", str(to), "-o", "mox", url])
    return found


def installed(program: str) -> str | None:
    """Return where a program is: on the path, beside this Python (`pip install moxdl`) or among the servers."""
    places = [os.environ.get("PATH", ""), str(Path(sys.executable).parent), "/usr/sbin"]
    return shutil.which(program, path=os.pathsep.join(places))


class Ours:
    """A session of ours that stays for several runs, its worker kept running in between."""

    def __init__(self, root: Path) -> None:
        """Name the session; start nothing."""
        root.mkdir()
        os.environ["TUIDL_CONFIG"] = str(root / "settings.toml")
        (root / "settings.toml").write_text("worker_idle_seconds = 600.0\n")
        self.control = SessionControl(root)

    def fetch(self, url: str, directory: Path) -> Cost:
        """Bring one file; the cost is that of the worker, from the call to the finished file.

        The CPU time of its digest counts, though nobody waits for it.
        """
        del directory
        before = self._cpu()
        started = time.perf_counter()
        (download_id,) = self.control.add(url)
        row = self._wait_for(download_id)
        wall = time.perf_counter() - started
        assert row.state is State.COMPLETED, row.error
        assert row.path is not None
        while self.control.row(download_id).digest is None:
            time.sleep(0.005)
        pid = self.control.worker_pid()
        cost = Cost(wall, cpu_seconds(pid) - before, peak_memory(pid))
        row.path.unlink()
        self.control.session.remove([download_id])
        return cost

    def _wait_for(self, download_id: int) -> Download:
        """Wait for the end; look only when something was committed, and leave the processor to others."""
        while (row := self.control.row(download_id)).state not in {State.COMPLETED, State.FAILED}:
            while not self.control.session.has_changed():
                time.sleep(0.005)
        return row

    def warm_up(self, url: str) -> None:
        """Start the worker, with a download of something small."""
        self.fetch(url, self.control.downloads)

    def _cpu(self) -> float:
        status = self.control.session.worker_status()
        return cpu_seconds(status.pid) if status.pid else 0.0
