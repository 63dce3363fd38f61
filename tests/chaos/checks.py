"""What must be true after any disaster: of the state file, the downloads folder, the journal and the processes.

Owns the looking. Each check returns sentences, so that one run tells everything that is wrong. Must never change
what it looks at.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tui_downloader.model.events import Event, EventKind
from tui_downloader.state.schema import VERSION

STATE_NAMES = (
    "state.sqlite3",
    "state.sqlite3-wal",
    "state.sqlite3-shm",
    "worker.lock",
    "worker.log",
    "screen.lock",
)
"""What may lie in a session's directory."""


def state_problems(state_file: Path) -> list[str]:
    """Say what is wrong with a state file: its pages, its form, what lies beside it."""
    problems = []
    with contextlib.closing(sqlite3.connect(f"{state_file.as_uri()}?mode=rw", uri=True)) as connection:
        answers = [row[0] for row in connection.execute("PRAGMA integrity_check").fetchall()]
        version = connection.execute("PRAGMA user_version").fetchall()[0][0]
    if answers != ["ok"]:
        problems.append(f"integrity_check: {answers[:3]}")
    if version != VERSION:
        problems.append(f"the state file has version {version}")
    beside = {each.name for each in state_file.parent.iterdir()}
    strays = sorted(each for each in beside - {*STATE_NAMES} if not each.startswith("worker.log."))
    return problems + [f"{each} lies beside the state file" for each in strays]


def folder_problems(folder: Path, wanted: Mapping[str, Collection[str]]) -> list[str]:
    """Say what is wrong with a downloads folder.

    Args:
        folder: Where the files lie.
        wanted: By name, the SHA-256 digests that a file may have; nothing else may lie there.
    """
    found = {each.name: each for each in folder.iterdir()}
    problems = [f"{name} is not there" for name in sorted(wanted.keys() - found.keys())]
    problems += [f"{name} is a stray file" for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & found.keys()):
        with found[name].open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest not in wanted[name]:
            problems.append(f"{name} has wrong bytes ({found[name].stat().st_size} of them)")
    return problems


def journal_problems(events: Iterable[Event]) -> list[str]:
    """Say what is wrong with a whole journal: numbers without a hole, one end for each download that finished."""
    problems, expected, finished = [], 1, set[int]()
    for event in events:
        if event.sequence != expected:
            problems.append(f"event {event.sequence} follows {expected - 1}")
        expected = event.sequence + 1
        about = event.download_id or 0
        if about in finished and event.kind is not EventKind.REMOVED:
            problems.append(f"download {about}: {event.kind.value} after finished (event {event.sequence})")
        if event.kind is EventKind.FINISHED:
            finished.add(about)
    return problems


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a process holds (Linux)."""

    descriptors: int
    """Open files, sockets and pipes."""
    threads: int
    """Its threads."""
    memory_bytes: int
    """Resident memory."""

    def fits(self, before: Holdings, more: Holdings) -> bool:
        """Tell whether it is no more than what was held before and what may be added to that."""
        return (
            self.descriptors <= before.descriptors + more.descriptors
            and self.threads <= before.threads + more.threads
            and self.memory_bytes <= before.memory_bytes + more.memory_bytes
        )


def holdings(pid: int) -> Holdings:
    """Look at what a process holds."""
    place = Path(f"/proc/{pid}")
    resident = int((place / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return Holdings(len(list((place / "fd").iterdir())), len(list((place / "task").iterdir())), resident)


def processes_about(place: Path) -> list[str]:
    """Return the command lines of all other processes that name a path (Linux)."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and int(each.name) != os.getpid():
            with contextlib.suppress(OSError):
                words = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                if str(place) in words:
                    found.append(f"{each.name}: {words}")
    return found
