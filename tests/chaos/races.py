"""Front ends and worker that do things in the same moment.

Owns the races and what must come of them. By hand, with their full numbers: `python -m tests.chaos.races [NAME…]`.
Each race returns what was wrong.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread

from tests.chaos.actors import Actors
from tests.chaos.checks import journal_problems
from tests.support.certificates import Certificates, make_certificates
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace, StallAfter
from tests.support.session_control import SessionControl, session_control, wait_until
from tui_downloader.model.lifecycle import SETTLED_STATES, State

SETTINGS = "retry_first_seconds = 0.05\nworker_idle_seconds = {idle}\ndownloads_at_once = 8\n"
SMALL, LARGE = 30_000, 1_500_000
"""A file that is there in one read, and one that is read from the socket."""


@dataclass(slots=True)
class Ring:
    """Where a race takes place."""

    control: SessionControl
    """The session."""
    server: FaultServer
    """Where files come from."""

    @property
    def log(self) -> str:
        """The worker's log, with the one before."""
        texts = [each.read_text() for each in sorted(self.control.session.directory.glob("worker.log*"))]
        return "\n".join(texts)

    def common_problems(self) -> list[str]:
        """Say what is wrong whatever the race was."""
        problems = journal_problems(self.control.session.events())
        problems += ["a traceback in the worker's log"] if "Traceback" in self.log else []
        for each in self.control.session.snapshots():
            if each.acted_number != each.intent_number:
                problems.append(f"download {each.id}: verb {each.intent_number} was not acted on")
        return problems


def workers_of(control: SessionControl) -> list[int]:
    """Return the pids of all worker processes of a session (Linux)."""
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with contextlib.suppress(OSError):
                words = (each / "cmdline").read_bytes().split(b"\0")
                if b"tui_downloader.worker" in words and str(control.session.directory).encode() in words:
                    found.append(int(each.name))
    return found


# ------------------------------------------------------------------------------------------------------- the races


def launches(ring: Ring, *, rounds: int = 20, front_ends: int = 20) -> list[str]:
    """Many front ends start a worker at once: there is one, and all know it."""
    problems = []
    control = ring.control
    url = ring.server.add("/slow.bin", Resource(body(1, LARGE)), faults=[StallAfter(1000)])
    control.add(url)
    with Actors(front_ends, control.session) as actors:
        for number in range(rounds):
            control.kill_worker()
            answers = actors.ask(["launch"])
            said = {str(each["said"]) for each in answers if "said" in each}
            pids = {each.get("pid") for each in answers}
            running = workers_of(control)
            if said or len(pids) != 1 or len(running) != 1 or running[0] not in pids:
                problems.append(f"round {number}: {said or ''} workers {running}, known {pids}")
    begun = ring.log.count(" begins, version")
    if begun != rounds + 1:
        problems.append(f"{begun} workers began in {rounds} rounds")
    return problems


def retiring(ring: Ring, *, adds: int = 500) -> list[str]:
    """Adding in the moment when the worker leaves: nothing is lost."""
    control, chance = ring.control, random.Random(1)
    url = ring.server.add("/a.bin", Resource(b"abc"))
    for _ in range(adds):
        (download_id,) = [each.download.id for each in control.session.add([control.request(url)], again=True)]
        control.wait_for(download_id, State.COMPLETED)
        time.sleep(chance.uniform(0.0, 0.03))  # the worker is leaving, or has left, or will
    rows = control.session.snapshots()
    problems = [f"{len(rows)} downloads of {adds}"] if len(rows) != adds else []
    left = ring.log.count(" leaves")
    print(f"  met {left} workers that left")
    return problems + (["the race was never met"] if left < adds // 10 else [])


def completion(ring: Ring, *, times: int = 200) -> list[str]:
    """Pause and remove in the moment of completion: whole or not at all, and the row agrees."""
    control, chance = ring.control, random.Random(2)
    content = body(2, LARGE)
    counts = {"whole": 0, "stopped": 0}
    problems: list[str] = []
    for number in range(times):
        name = f"c{number}.bin"
        url = ring.server.add(f"/{name}", Resource(content))
        (download_id,) = control.add(url)
        verb = control.session.remove if number % 2 else control.session.pause
        row = control.row(download_id)
        while row.bytes_received == 0 and row.state is not State.COMPLETED:
            row = control.row(download_id)
        time.sleep(chance.uniform(0.0, 0.03))
        verb([download_id])
        final = control.downloads / name
        if number % 2:
            wait_until(partial(_is_gone, control, download_id), what="the removal")
        else:
            row = control.wait_until_acted(download_id, State.PAUSED, State.COMPLETED)
            if (row.state is State.COMPLETED) is not final.exists():
                problems.append(f"{name} is {row.state.value}, and its file is {final.exists()=}")
        whole = final.exists()
        counts["whole" if whole else "stopped"] += 1
        if whole and final.read_bytes() != content:
            problems.append(f"{name} has wrong bytes")
        control.session.resume([each.id for each in control.session.find([download_id]).values()])
        if not number % 2:
            control.wait_for(download_id, State.COMPLETED)
            problems += [f"{name} has wrong bytes in the end"] if final.read_bytes() != content else []
        ring.server.remove(f"/{name}")
    print(f"  {counts}")
    strays = [each.name for each in control.downloads.iterdir() if not each.name.endswith(".bin")]
    problems += [f"stray files: {strays}"] if strays else []
    return problems + (["the race was never met"] if min(counts.values()) < times // 40 else [])


def _is_gone(control: SessionControl, download_id: int) -> bool:
    """Tell whether a download was removed."""
    return not control.session.find([download_id])


def phases(ring: Ring, *, times: int = 200) -> list[str]:
    """Pausing in every phase of a transfer, and going on: no wrong byte."""
    control, chance = ring.control, random.Random(3)
    content = body(3, 6_000_000)
    met: dict[str, int] = {}
    problems: list[str] = []
    for number in range(times):
        name = f"p{number}.bin"
        faults = [Pace(40_000_000)] if number % 3 else []
        url = ring.server.add(f"/{name}", Resource(content), faults=faults)
        (download_id,) = control.add(url)
        for _ in range(chance.randrange(1, 4)):
            time.sleep(chance.expovariate(1 / 0.08))
            row = control.row(download_id)
            met[row.state.value] = met.get(row.state.value, 0) + 1
            control.session.pause([download_id])
            if chance.random() < 0.7:
                control.wait_until_acted(download_id, State.PAUSED, State.COMPLETED)
            control.session.resume([download_id])
        row = control.wait_for(download_id, State.COMPLETED, State.FAILED)
        if row.path is None or row.path.read_bytes() != content:
            problems.append(f"{name}: {row.state.value} {row.error}, wrong bytes")
        elif row.path.exists():
            row.path.unlink()
        ring.server.remove(f"/{name}")
    print(f"  paused while {met}")
    strays = [each.name for each in control.downloads.iterdir()]
    return problems + ([f"stray files: {strays}"] if strays else [])


def reused_pid(ring: Ring, *, times: int = 3) -> list[str]:
    """The row of a dead worker names a process that is somebody else's by now: it is not believed."""
    control = ring.control
    control.add(ring.server.add("/s.bin", Resource(body(5, LARGE)), faults=[StallAfter(1000)]))
    problems = []
    for _ in range(times):
        control.kill_worker()
        with control.database() as database:
            database.execute("UPDATE worker SET pid = ?", (os.getpid(),))
            database.commit()
        if control.session.worker_status().running:
            problems.append("a foreign process passes for the worker")
        control.session.ensure_worker()
        if control.worker_pid() == os.getpid() or len(workers_of(control)) != 1:
            problems.append("no worker of our own")
    return problems


def stopped(ring: Ring, *, times: int = 10) -> list[str]:
    """A worker that is stopped (SIGSTOP) has the session still; what was asked meanwhile is done afterwards."""
    control, problems = ring.control, list[str]()
    urls = [
        ring.server.add(f"/t{number}.bin", Resource(body(6, LARGE)), faults=[Pace(1_000_000)])
        for number in range(times)
    ]
    for url in urls:
        (download_id,) = control.add(url)
        pid = control.worker_pid()
        control.wait_for_bytes(download_id, 1)
        os.kill(pid, signal.SIGSTOP)
        try:
            if _is_locked(control):
                continue
            control.session.pause([download_id])
            control.session.ensure_worker()
            if workers_of(control) != [pid]:
                problems.append(f"workers {workers_of(control)} beside the stopped {pid}")
            if control.session.stop(timeout_seconds=0.2) or not control.session.worker_status().running:
                problems.append("a stopped worker passes for gone")
            control.session.reconnect()
        finally:
            os.kill(pid, signal.SIGCONT)
        control.wait_until_acted(download_id, State.PAUSED, State.COMPLETED)
        control.session.resume([download_id])
        control.wait_for(download_id, State.COMPLETED)
    return problems


def stopped_inside(ring: Ring, *, times: int = 3, tries: int = 3000) -> list[str]:
    """A worker that is stopped inside a transaction: one sentence after a while, and all goes on afterwards."""
    control, chance, problems = ring.control, random.Random(7), list[str]()
    met = 0
    url = ring.server.add("/u.bin", Resource(body(7, 20_000)))
    for _ in range(tries):
        if met == times:
            break
        (download_id, *_others) = [
            each.download.id for each in control.session.add([control.request(url)] * 4, again=True)
        ]
        pid = control.worker_pid()
        time.sleep(chance.uniform(0.0, 0.02))
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
        try:
            if not _is_locked(control):
                continue
            met += 1
            answers: list[str] = []
            began = time.monotonic()
            verb = Thread(target=_ask_pause, args=(control, download_id, answers))
            verb.start()
            rows = control.session.snapshots() if met > 1 else []  # waits its turn behind the verb
            verb.join()
            if not (answers[0] == "ok" or f"kill -9 {pid}" in answers[0]) or time.monotonic() - began > 25:
                problems.append(f"after {time.monotonic() - began:.0f} s: {answers[0]}")
            print(f"  inside a transaction: {answers[0]} ({len(rows)} rows)")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    wait_until(
        lambda: all(each.state in {*SETTLED_STATES, State.COMPLETED} for each in control.session.snapshots()),
        what="the end",
    )
    return problems + (["the race was never met"] if met < times else [])


def _ask_pause(control: SessionControl, download_id: int, answers: list[str]) -> None:
    """Pause, and keep what was said."""
    from tui_downloader.errors import TuidlError

    try:
        control.session.pause([download_id])
        answers.append("ok")
    except TuidlError as error:
        answers.append(str(error))


def _is_locked(control: SessionControl) -> bool:
    """Tell whether somebody is inside a writing transaction."""
    import sqlite3

    with control.database() as database:
        database.execute("PRAGMA busy_timeout = 0")
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        database.execute("ROLLBACK")
    return False


# ------------------------------------------------------------------------------------------------------- running

RACES: dict[str, Callable[[Ring], list[str]]] = {
    "launches": launches,
    "retiring": retiring,
    "completion": completion,
    "phases": phases,
    "reused_pid": reused_pid,
    "stopped": stopped,
    "stopped_inside": stopped_inside,
}
"""All races by name, with the numbers of a run by hand."""

_LEAVES_AT_ONCE = {"retiring"}
_OVER_TLS = {"phases", "completion"}


def run(name: str, root: Path, race: Callable[[Ring], list[str]], certificates: Certificates) -> list[str]:
    """Run a race in an empty directory; return what was wrong.

    Args:
        name: Its name in `RACES`.
        root: The directory.
        race: It, perhaps with other numbers.
        certificates: For those over https.
    """
    authority = root / "authority.pem"
    certificates.write_authority(authority)
    (root / "settings.toml").write_text(SETTINGS.format(idle=0.0 if name in _LEAVES_AT_ONCE else 5.0))
    kept = {key: os.environ.get(key) for key in ("TUIDL_CONFIG", "SSL_CERT_FILE")}
    os.environ.update({"TUIDL_CONFIG": str(root / "settings.toml"), "SSL_CERT_FILE": str(authority)})
    try:
        with FaultServer(certificates if name in _OVER_TLS else None) as server, session_control(root) as control:
            ring = Ring(control, server)
            problems = race(ring)
            return problems + ring.common_problems()
    finally:
        for key, value in kept.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})


def main() -> int:
    """Run races by name, or all; say what was wrong."""
    certificates, wrong = make_certificates(), 0
    for name in sys.argv[1:] or list(RACES):
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as directory:
            try:
                problems = run(name, Path(directory), RACES[name], certificates)
            except AssertionError as error:
                problems = [re.sub(r"\s+", " ", str(error))[:2000]]
        wrong += bool(problems)
        print(f"{name}: {time.monotonic() - began:.1f} s {'; '.join(problems) or 'ok'}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
