"""Servers that turn away connections beyond so many: refused requests, how soon it settles, and how fast it is.

Owns the sampling. The transfers run in this process, all kinds at once: their pace is slow.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from tests.benchmarks.engine import Ground
from tests.benchmarks.table import Row
from tests.engine.transferring import LOOK_SECONDS, Running, shared_parts
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace
from tests.support.refusals import KINDS

ALLOWED = [1, 2, 4]
PACE = 1_000_000
"""Bytes a second of each connection."""
SECONDS = 25
"""How long the allowed connections need."""
WINDOW_SECONDS = 4.0
SETTLED = 0.9
"""Share of the allowed connections' speed from which it counts as settled."""

NEARLY_ALL = 0.9
"""Share of the file after which it is not looked at any more: the connections end one after the other."""


@dataclass(slots=True)
class Watched:
    """One transfer and how far it was when."""

    running: Running
    began: float
    full_speed: float
    """Bytes a second of the connections that are allowed."""
    samples: list[tuple[float, int]] = field(default_factory=list)

    def look(self, now: float) -> None:
        """Supervise it and note how far it is."""
        self.running.transfer.supervise(now=now)
        self.samples.append((now - self.began, self.running.transfer.bytes_written))

    @property
    def speed(self) -> float:
        """Share of the allowed connections' speed over the whole transfer."""
        seconds, written = self.samples[-1]
        return written / seconds / self.full_speed

    @property
    def settled_seconds(self) -> float:
        """When the last stretch began that was too slow; the last bytes of the file are none."""
        last, later, most = 0.0, 0, NEARLY_ALL * self.samples[-1][1]
        for at, written in self.samples:
            while later < len(self.samples) and self.samples[later][0] < at + WINDOW_SECONDS:
                later += 1
            if later == len(self.samples) or self.samples[later][1] > most:
                break
            end, more = self.samples[later]
            if (more - written) / (end - at) < SETTLED * self.full_speed:
                last = at
        return last


def refusals(ground: Ground) -> list[Row]:
    """The worst over the numbers of allowed connections, of every kind of refusal."""
    refused: dict[str, list[float]] = {}
    settled: dict[str, list[float]] = {}
    speed: dict[str, list[float]] = {}
    for allowed in ALLOWED:
        for kind, (count, watched) in _all_kinds(ground, allowed).items():
            refused.setdefault(kind, []).append(count)
            settled.setdefault(kind, []).append(watched.settled_seconds)
            speed.setdefault(kind, []).append(watched.speed)
    rows = []
    for kind, counts in refused.items():
        rows += [
            Row(f"{kind}: refused requests", "≤ 20", ours=[max(counts)], unit=""),
            Row(f"{kind}: settled after", "≤ 10 s", ours=[max(settled[kind])]),
            Row(f"{kind}: speed of the allowed", "≥ 0.90", ours=[min(speed[kind])], unit=""),
        ]
    return rows + _nginx(ground)


def _all_kinds(ground: Ground, allowed: int) -> dict[str, tuple[int, Watched]]:
    """Run one transfer for each kind, all at once; return how many requests were refused, and the transfer."""
    content = body(1, SECONDS * PACE * allowed)
    servers = {kind: FaultServer(address=f"127.0.2.{number}") for number, kind in enumerate(KINDS, 1)}
    servers["closed at once"] = FaultServer(address="127.0.2.100", connections_max=allowed)
    try:
        watched = {}
        with shared_parts() as shared:
            for kind, server in servers.items():
                faults = [KINDS[kind](lambda heard: heard.in_flight > allowed)] if kind in KINDS else []
                url = server.add("/a", Resource(content), faults=[Pace(PACE), *faults])
                running = Running(url, ground.scratch(), shared)
                watched[kind] = Watched(running, time.monotonic(), float(PACE * allowed))
            _watch(list(watched.values()))
        return {kind: (_refused(servers[kind], allowed), each) for kind, each in watched.items()}
    finally:
        for server in servers.values():
            server.close()


def _refused(server: FaultServer, allowed: int) -> int:
    return server.refused_count or sum(each.in_flight > allowed for each in server.requests("/a"))


def _watch(watched: list[Watched]) -> None:
    """Supervise transfers until all are over."""
    while active := [each for each in watched if not each.running.has_ended]:
        for each in active:
            each.look(time.monotonic())
        time.sleep(LOOK_SECONDS)
    for each in watched:
        assert each.running.error is None, each.running.error


def _nginx(ground: Ground) -> list[Row]:
    """A real server's limits: three connections, or two requests a second (compared with one connection)."""
    rows = []
    for place, what, allowed in (("three", "nginx limit_conn", 3), ("seldom", "nginx limit_req", 1)):
        ground.file(f"{place}/file", SECONDS * allowed * PACE)
        with shared_parts() as shared:
            running = Running(ground.nginx.url(f"/{place}/file"), ground.scratch(), shared)
            watched = Watched(running, time.monotonic(), float(1024 * 1024 * allowed))
            _watch([watched])
        time.sleep(2.0)  # nginx writes its log once a second
        log = (ground.nginx.files.parent / "access.log").read_text().splitlines()
        count = sum(f"/{place}/file" in line and '" 503 ' in line for line in log)
        rows += [
            Row(f"{what}: refused requests", "≤ 20", ours=[count], unit=""),
            Row(f"{what}: speed of the allowed", "≥ 0.90", ours=[watched.speed], unit=""),
        ]
    return rows
