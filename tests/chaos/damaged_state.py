"""A state file that is damaged while nobody looks: what the program makes of each damage, with a real worker.

Owns the damages and the run. By hand, every one of them: `python -m tests.chaos.damaged_state [FIRST [LAST]]`,
about five minutes on an idle machine for 64 flips, 32 truncations and the rest.

The session has finished files, downloads that were paused in the middle with their part files, and some that never
began; its worker was killed, so that the last commits are only in the log. After each damage `list` must answer in
time, say what it did and keep the damaged file; then everything that is still known is resumed and must complete
with the right bytes. No finished file may change.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.command_line import CommandLine, Json
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl
from tui_downloader.model.lifecycle import State
from tui_downloader.state.schema import VERSION

START_SECONDS = 3.0
"""How long a start may take with a damaged file; longer where too many processes share the machine."""
FLIPS, TRUNCATIONS = 64, 32
"""How many of each there are."""
SIZE = 700_000
"""Bytes of each file."""
HALF = SIZE // 2
"""Where the paused ones were stopped."""


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that happens to the files of a session."""

    name: str
    """In words."""
    spoil: Callable[[Path], None]
    """Does it to the state file (or what lies beside it)."""
    kept_least: float = 0.0
    """Which part of the downloads must be saved."""
    is_refused: bool = False
    """Whether the session must not be used, and nothing be changed."""


def _flip(part: float, length: int = 1) -> Callable[[Path], None]:
    """Turn all bits of some bytes at a part of the length."""

    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            at = int(part * path.stat().st_size)
            file.seek(at)
            data = file.read(length)
            file.seek(at)
            file.write(bytes(each ^ 0xFF for each in data))

    return spoil


def _truncate(part: float) -> Callable[[Path], None]:
    """Cut the file at a part of its length."""

    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.truncate(int(part * path.stat().st_size))

    return spoil


def _checkpointed(spoil: Callable[[Path], None]) -> Callable[[Path], None]:
    """Move the log into the file first: then all of it can be damaged."""

    def both(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        spoil(path)

    return both


def _remove(suffix: str) -> Callable[[Path], None]:
    return lambda path: path.with_name(path.name + suffix).unlink(missing_ok=True)


def _clear(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        _remove(suffix)(path)


def _text(path: Path) -> None:
    path.write_text("These are not the bytes you are looking for.\n" * 300)


def _beside(suffix: str, spoil: Callable[[Path], None]) -> Callable[[Path], None]:
    """Do it to what lies beside the state file."""
    return lambda path: spoil(path.with_name(path.name + suffix))


def _directory(path: Path) -> None:
    _clear(path)
    path.mkdir()


def _newer(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(f"CREATE TABLE future (x); PRAGMA user_version = {VERSION + 1};")


def _of_another_program(path: Path) -> None:
    _clear(path)
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript("PRAGMA application_id = 7; CREATE TABLE holidays (day TEXT);")


def damages() -> list[Damage]:
    """Return all damages."""
    flips = [
        Damage(f"flip {number}", _checkpointed(_flip((number + 0.5) / FLIPS)), 0.6) for number in range(FLIPS)
    ]
    header = [Damage(f"flip of byte {at} of the head", _checkpointed(_flip_at(at)), 1.0) for at in _HEAD]
    pages = [
        Damage(f"page at {number}/8 gone bad", _checkpointed(_flip(number / 8, 4096)), 0.3) for number in range(8)
    ]
    truncations = [
        Damage(f"truncation {number}", _checkpointed(_truncate(number / TRUNCATIONS)))
        for number in range(TRUNCATIONS)
    ]
    return [
        *flips,
        *header,
        *pages,
        *truncations,
        Damage("flip with a log", _flip(0.3)),
        Damage("no -shm", _remove("-shm"), 1.0),
        Damage("no -wal", _remove("-wal")),
        Damage("neither", lambda path: (_remove("-wal")(path), _remove("-shm")(path), None)[-1]),
        Damage("-wal is text", _beside("-wal", _text)),
        Damage("-shm is text", _beside("-shm", _text), 1.0),
        Damage("-wal is a directory", _beside("-wal", _directory)),
        Damage("-shm is a directory", _beside("-shm", _directory), 1.0),
        Damage("head gone, with a log", _flip(0.0, 100), 1.0),
        Damage("text", _text),
        Damage("directory", _directory),
        Damage("another program's", _of_another_program),
        Damage("newer", _newer, is_refused=True),
    ]


_HEAD = (0, 16, 18, 19, 20, 28, 44, 47, 56, 59, 60, 68, 100, 103)
"""Magic words, page size, versions, lengths, encoding, user_version, application_id, the first page's cells."""


def _flip_at(at: int) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ 0xFF]))

    return spoil


@dataclass(slots=True)
class Scene:
    """A session to be damaged again and again: what lies on disk is put back before each time."""

    root: Path
    """Everything lies below."""
    server: FaultServer
    """Has all files."""
    command_line: CommandLine
    """Calls the program."""
    contents: dict[str, bytes] = field(default_factory=dict)
    """What each name must hold in the end."""
    known: dict[int, Json] = field(default_factory=dict)
    """The downloads as they were."""

    @property
    def state_file(self) -> Path:
        """The session's."""
        return self.root / "state" / "sessions" / "default" / "state.sqlite3"

    @property
    def downloads(self) -> Path:
        """Where files are saved."""
        return self.root / "downloads"

    def prepare(self, *, finished: int = 8, halves: int = 8, others: int = 24) -> None:
        """Make the session and keep a copy of all it has."""
        control = SessionControl(self.root, "default")
        urls = []
        for number in range(finished + halves + others):
            name = f"{number:02}.bin"
            self.contents[name] = body(number, SIZE)
            faults = [StallAfter(HALF, times=1)] if finished <= number < finished + halves else []
            urls.append(self.server.add(f"/{name}", Resource(self.contents[name]), faults=faults))
        for each in control.add(*urls[:finished]):
            control.wait_for(each, State.COMPLETED)
        paused = control.add(*urls[finished : finished + halves])
        for each in paused:
            control.wait_for_bytes(each, HALF)
        control.session.pause(paused)
        for each in paused:
            control.wait_for(each, State.PAUSED)
        control.add(*urls[finished + halves :], paused=True)
        control.kill_worker()
        control.session.close()
        self.known = {int(str(each["id"])): each for each in self.command_line.downloads()}
        shutil.copytree(self.root / "state", self.root / "kept" / "state")
        shutil.copytree(self.downloads, self.root / "kept" / "downloads")

    def put_back(self) -> None:
        """Make everything as it was before the damage; files keep their times, part files their inodes change."""
        for name in ("state", "downloads"):
            shutil.rmtree(self.root / name)
            shutil.copytree(self.root / "kept" / name, self.root / name)
        inodes = [(each.stat().st_ino, str(each)) for each in self.downloads.glob("*.part")]
        with contextlib.closing(sqlite3.connect(self.state_file)) as connection:
            connection.executemany("UPDATE downloads SET inode = ? WHERE part_path = ?", inodes)
            connection.commit()
            keeper = sqlite3.connect(self.state_file)  # a second connection: the log is not moved into the file
            keeper.execute("SELECT 1 FROM downloads").fetchall()
        for suffix in ("", "-wal", "-shm"):
            source = Path(f"{self.state_file}{suffix}")
            if source.exists():
                shutil.copy(source, f"{source}.copy")
        keeper.close()
        for suffix in ("", "-wal", "-shm"):
            copy = Path(f"{self.state_file}{suffix}.copy")
            if copy.exists():
                copy.replace(f"{self.state_file}{suffix}")

    def try_out(self, damage: Damage, *, in_time: bool = True) -> list[str]:
        """Damage the file and use the session; return what is wrong with what comes of it.

        Args:
            damage: What happens.
            in_time: Whether to judge how long the start takes.
        """
        self.put_back()
        finished = {each: each.read_bytes() for each in self.downloads.glob("*.bin")}
        damage.spoil(self.state_file)
        before = None if self.state_file.is_dir() else self.state_file.read_bytes()
        began = time.monotonic()
        listed = self.command_line("list", "--json")
        seconds = time.monotonic() - began
        crowding = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        late = in_time and seconds > START_SECONDS * crowding
        problems = [f"list took {seconds:.1f} s"] if late else []
        if damage.is_refused:
            changed = self.state_file.read_bytes() != before
            return problems + (["it was not refused unmodified"] if listed.code != 5 or changed else [])
        if listed.code != 0:
            return [*problems, f"list ended with {listed.code}: {listed.err}"]
        rows = {int(str(each["id"])): each for each in listed.objects()}
        problems += self._problems_of_keeping(damage, rows, listed.err, before)
        problems += self._problems_of_going_on(rows)
        for path, content in finished.items():
            if not path.exists() or path.read_bytes() != content:
                problems.append(f"the finished file {path.name} changed")
        return problems

    def _problems_of_keeping(
        self, damage: Damage, rows: dict[int, Json], said: str, before: bytes | None
    ) -> list[str]:
        """Look at what was saved, and whether the damaged file was kept."""
        problems = []
        aside = [each for each in self.state_file.parent.glob("*.damaged-*") if each.suffix != ".sqlite3-wal"]
        kept = [each for each in aside if not each.name.endswith(("-wal", "-shm"))]
        if kept and str(kept[0]) not in said:
            problems.append(f"nothing was said of {kept[0].name}: {said!r}")
        if kept and before is not None and not _holds(kept[0], before):
            problems.append("the damaged file was not kept as it was")
        if len(rows) < damage.kept_least * len(self.known):
            problems.append(f"only {len(rows)} of {len(self.known)} downloads were saved")
        problems += [f"download {each} was never added" for each in rows if each not in self.known]
        return problems

    def _problems_of_going_on(self, rows: dict[int, Json]) -> list[str]:
        """Resume everything and wait for it; look at the bytes of all that completes."""
        if not rows:
            return []
        problems: list[str] = []
        unfinished = [str(each) for each, row in rows.items() if row["state"] != "completed"]
        resumed = self.command_line("resume", *unfinished) if unfinished else None
        waited = self.command_line("wait", "--timeout", "45", *unfinished) if unfinished else None
        done = [each for each in (resumed, waited) if each is not None]
        problems += [f"ended with {each.code}: {each.err}" for each in done if each.code not in {0, 1, 4}]
        for row in self.command_line.downloads():
            name = str(row["url"]).rpartition("/")[2]
            path = Path(str(row["path"])) if row["path"] else None
            if row["state"] == "completed" and (path is None or not path.exists()):
                problems.append(f"{name} is called complete and is not there")
            elif row["state"] == "completed" and name in self.contents:
                assert path is not None
                if path.read_bytes() != self.contents[name]:
                    problems.append(f"{name} has wrong bytes")
            elif row["state"] not in {"completed", "failed"}:
                problems.append(f"{name} is {row['state']} in the end: {row['error']}")
        self.command_line("stop")
        return problems


def _holds(kept: Path, before: bytes) -> bool:
    """Tell whether a kept file is what was damaged; SQLite may have moved its log into it meanwhile."""
    data = kept.read_bytes()
    same = sum(one == other for one, other in zip(data, before, strict=False))
    return data == before or same > 0.5 * len(before)


@contextlib.contextmanager
def scene(root: Path, **sizes: int) -> Iterator[Scene]:
    """Give a prepared session, whose worker ends with the block."""
    (root / "settings.toml").write_text("retry_first_seconds = 0.05\nworker_idle_seconds = 0.2\n")
    with FaultServer() as server:
        made = Scene(root, server, CommandLine(root))
        made.prepare(**sizes)
        try:
            yield made
        finally:
            made.command_line("stop")


def main() -> int:
    """Try every damage out; say what is wrong."""
    first, last = (*map(int, sys.argv[1:]), *(0, 10_000)[len(sys.argv) - 1 :])[:2]
    failed = 0
    with tempfile.TemporaryDirectory() as directory, scene(Path(directory)) as made:
        chosen = damages()[first : last + 1]
        for damage in chosen:
            began = time.monotonic()
            problems = made.try_out(damage)
            failed += bool(problems)
            print(f"{damage.name}: {time.monotonic() - began:.1f} s {'; '.join(problems) or 'ok'}", flush=True)
    print(f"{len(chosen)} damages, {failed} with problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
