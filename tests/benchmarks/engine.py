"""What the engine must cost, beside the peers (DESIGN section 10).

Owns the measures that move bytes.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.benchmarks.peers import Ours, Peer, peers
from tests.benchmarks.process import run
from tests.benchmarks.table import Row
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace
from tests.support.nginx import Nginx
from tests.support.session_control import session_control, sha256, wait_until
from tui_downloader.model.lifecycle import State

MIB = 1024 * 1024
CAPPED_BYTES = 100_000_000
PACED_BYTES = 512 * MIB
SMALL_FILES, SMALL_BYTES = 500, 20_000
KILL_BYTES = 64 * MIB


@dataclass(frozen=True, slots=True)
class Ground:
    """Where it is measured."""

    root: Path
    nginx: Nginx
    authority: Path
    size: int
    rounds: int
    disk: Path
    """A directory on a real disk; `root` may lie in memory."""

    def file(self, path: str, size: int) -> Path:
        """Make a served file, if it is not there."""
        target = self.nginx.files / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            block = body(size, min(size, 8 * MIB))
            with target.open("wb") as file:  # in blocks: what this process holds counts as its children's peak
                for _ in range(max(1, size // len(block))):
                    file.write(block)
                file.flush()
                os.fsync(file.fileno())  # the disk is not to work on it while something is measured
        return target

    @contextmanager
    def ours(self, place: Path | None = None) -> Iterator[Ours]:
        """Give a session of ours whose worker runs already; its files lie in `place`, else in `root`."""
        self.file("small", 1000)
        ours = Ours(Path(tempfile.mkdtemp(dir=place or self.root)) / "ours")
        try:
            ours.warm_up(self.nginx.url("/small"))
            yield ours
        finally:
            ours.control.close()

    def scratch(self, place: Path | None = None) -> Path:
        """Return a new directory for peers."""
        return Path(tempfile.mkdtemp(dir=place or self.root))


def one_file(ground: Ground, *, tls: bool) -> list[Row]:
    """One large file: wall clock, CPU and memory."""
    ground.file("large", ground.size)
    url = ground.nginx.url("/large", tls=tls)
    name = f"{ground.size // MIB} MiB, {'https' if tls else 'http'}"
    wall = Row(f"{name}, wall", "≤ 0.85" if tls else "≤ 0.70")
    cpu = Row(f"{name}, CPU of the process", "≤ 1.00 of curl" if tls else "", against="curl")
    memory = Row(f"{name}, memory", "≤ 60 MiB", unit="MiB")
    with ground.ours() as ours:
        everybody = [Peer("ours", ours.fetch), *peers(ground.authority)]
        for _ in range(ground.rounds):
            for peer in everybody:
                scratch = ground.scratch()
                cost = peer.fetch(url, scratch)
                shutil.rmtree(scratch)
                wall.figures_of(peer.name).append(cost.wall_seconds)
                cpu.figures_of(peer.name).append(cost.cpu_seconds)
                if peer.name == "ours":  # a child's peak begins with its parent's
                    memory.ours.append(cost.memory_bytes / MIB)
    return [wall, cpu, memory]


def on_disk(ground: Ground) -> list[Row]:
    """One large file until it would survive a power loss: ours always does, the peers' is synced after them."""
    ground.file("large", ground.size)
    url = ground.nginx.url("/large")
    row = Row(f"{ground.size // MIB} MiB, http, safe on a disk", "")
    with ground.ours(ground.disk) as ours:
        for _ in range(ground.rounds):
            for peer in [Peer("ours", ours.fetch), *peers(ground.authority)]:
                scratch = ground.scratch(ground.disk)
                seconds = peer.fetch(url, scratch).wall_seconds
                started = time.perf_counter()
                for path in scratch.iterdir():
                    with path.open("rb") as file:
                        os.fsync(file.fileno())
                row.figures_of(peer.name).append(seconds + time.perf_counter() - started)
                shutil.rmtree(scratch)
    return [row]


def capped(ground: Ground) -> list[Row]:
    """A server that caps each connection at 2 MB/s: unknown origin first, then known."""
    ground.file("capped/file", CAPPED_BYTES)
    url = ground.nginx.url("/capped/file")
    first = Row("100 MB, 2 MB/s a connection, first time", "≤ 1.50")
    known = Row("100 MB, 2 MB/s a connection, known", "≤ 1.00")
    many = [peer for peer in peers(ground.authority) if "x16" in peer.name]
    for _ in range(ground.rounds):
        with ground.ours() as ours:
            first.ours.append(ours.fetch(url, ground.root).wall_seconds)
            known.ours.append(ours.fetch(url, ground.root).wall_seconds)
        for peer in many:
            seconds = peer.fetch(url, ground.scratch()).wall_seconds
            first.others.setdefault(peer.name, []).append(seconds)
            known.others.setdefault(peer.name, []).append(seconds)
    return [first, known]


def many_connections(ground: Ground) -> list[Row]:
    """A server that paces each connection at 8 MB/s, which 16 of them make fast: wall clock and memory."""
    ground.file("paced/file", PACED_BYTES)
    url = ground.nginx.url("/paced/file")
    wall = Row(f"{PACED_BYTES // MIB} MiB, 8 MB/s a connection, wall", "")
    memory = Row("the same, memory with 16 connections", "≤ 60 MiB", unit="MiB")
    many = [peer for peer in peers(ground.authority) if "16" in peer.name]
    for _ in range(ground.rounds):
        with ground.ours() as ours:
            for peer in [Peer("ours", ours.fetch), *many]:
                cost = peer.fetch(url, ground.scratch())
                wall.figures_of(peer.name).append(cost.wall_seconds)
                if peer.name == "ours":
                    memory.ours.append(cost.memory_bytes / MIB)
    return [wall, memory]


def many_small(ground: Ground) -> list[Row]:
    """Hundreds of small files in one call, with a running worker.

    Where our processor time goes per file: a little more than half of it in the main thread
    (plans, four row writes, the journal), the rest in the transfer’s (the request and its record, the file and its
    checks, two hand-overs). All of it shares one GIL.
    """
    urls = []
    for number in range(SMALL_FILES):
        ground.file(f"small-files/{number}.bin", SMALL_BYTES)
        urls.append(ground.nginx.url(f"/small-files/{number}.bin"))
    row = Row(f"{SMALL_FILES} files of 20 kB", "≤ 2.00")
    for _ in range(ground.rounds):
        with ground.ours() as ours:
            started = time.perf_counter()
            ours.control.add(*urls)
            with ours.control.database() as state:
                wait_until(partial(_are_completed, state, SMALL_FILES), what="all files")
            row.ours.append(time.perf_counter() - started)
        aria2c = shutil.which("aria2c")
        if aria2c:
            scratch = ground.scratch()
            (scratch / "list").write_text("\n".join(urls))
            cost = run([aria2c, "-q", "-j16", "-d", str(scratch), "-i", str(scratch / "list")])
            row.others.setdefault("aria2c -j16", []).append(cost.wall_seconds)
    return [row]


def _are_completed(state: sqlite3.Connection, count: int) -> bool:
    """Tell whether so many downloads are completed; looks seldom, to leave the processor to the worker."""
    time.sleep(0.02)
    completed = "SELECT count(*) FROM downloads WHERE state = 'completed' AND removed_at IS NULL"
    return bool(state.execute(completed).fetchone()[0] >= count)


def refetched(ground: Ground) -> list[Row]:
    """Bytes fetched twice because of a `kill -9` after a second."""
    row = Row("refetched after kill -9 at 1 s", "≤ 0.4 s of traffic", unit="MiB")
    with FaultServer() as server:
        content = body(1, KILL_BYTES)
        for name in ("ours", "curl", "aria2c"):
            server.add(f"/{name}", Resource(content), faults=[Pace(8 * MIB)])
        with session_control(ground.scratch()) as control:
            (download_id,) = control.add(server.url("/ours"))
            control.wait_for(download_id, State.TRANSFERRING)
            wait_until(lambda: _sent(server, "/ours") > 8 * MIB, what="some traffic")
            control.kill_worker()
            control.session.reconnect()
            done = control.wait_for(download_id, State.COMPLETED)
            assert done.path is not None
            row.ours.append((_sent(server, "/ours") - KILL_BYTES) / MIB)
        for name, first, again in _killed_peers(ground, server):
            _kill_after(first, lambda name=name: _sent(server, f"/{name}") > 8 * MIB)
            run(again)
            row.others[name] = [(_sent(server, f"/{name}") - KILL_BYTES) / MIB]
    return [row]


def _sent(server: FaultServer, path: str) -> int:
    """Return how many body bytes went out for a path."""
    return sum(each.body_bytes_sent for each in server.requests(path))


def _killed_peers(ground: Ground, server: FaultServer) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield name, first command and resuming command of the peers."""
    scratch = str(ground.scratch())
    if shutil.which("curl"):
        command = ["curl", "-s", "-C", "-", "-o", f"{scratch}/curl", server.url("/curl")]
        yield "curl", command, command
    if shutil.which("aria2c"):
        command = [
            "aria2c",
            "-q",
            "-c",
            "-x4",
            "-s4",
            "-k1M",
            "-d",
            scratch,
            "-o",
            "aria2c",
            server.url("/aria2c"),
        ]
        yield "aria2c", command, command


def _kill_after(command: list[str], condition: object) -> None:
    """Run a command and kill it once a condition holds."""
    assert callable(condition)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        wait_until(condition, what="some traffic")
        process.send_signal(signal.SIGKILL)


def spliced(ground: Ground) -> list[Row]:
    """The file changes between two runs: 1 where the result is a mixture, 0 where it is right."""
    row = Row("file changed between two runs: mixed", "0", unit="")
    old, new = body(1, 8 * MIB), body(2, 8 * MIB)
    with FaultServer() as server:
        names = ["ours"]
        commands = {}
        scratch = ground.scratch()
        if shutil.which("curl"):
            commands["curl"] = ["curl", "-s", "-C", "-", "-o", str(scratch / "curl"), server.url("/curl")]
        if shutil.which("aria2c"):
            commands["aria2c"] = ["aria2c", "-q", "-c", "-d", str(scratch), "-o", "aria2c", server.url("/aria2c")]
        for name in [*names, *commands]:
            server.add(f"/{name}", Resource(old), faults=[Pace(4 * MIB, times=1)])
        with session_control(ground.scratch()) as control:
            (download_id,) = control.add(server.url("/ours"), connections_max=1)
            control.wait_for_bytes(download_id, 2 * MIB)
            control.kill_worker()
            server.replace("/ours", Resource(new, etag='"v2"'))
            control.session.reconnect()
            done = control.wait_for(download_id, State.COMPLETED)
            assert done.path is not None
            row.ours.append(float(done.path.read_bytes() != new))
        for name, command in commands.items():
            _kill_after(command, lambda name=name: _sent(server, f"/{name}") > 2 * MIB)
            server.replace(f"/{name}", Resource(new, etag='"v2"'))
            ended = subprocess.run(command, check=False, capture_output=True).returncode
            expected = scratch / "expected"
            expected.write_bytes(new)
            mixed = ended == 0 and sha256(scratch / name) != sha256(expected)
            row.others[name] = [float(mixed)]
    return [row]
