"""What curl, wget and aria2c do with faults of the matrix: `python -m tests.chaos.peers` runs them all.

Owns how each is called and what is called a right file. What the last run found is in `peers_table`. Must never be
part of the tests: other people's programs change.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.peers_table import FIRST, PEERS, RESUMED, Peer, versions
from tests.support.fault_server import FaultServer
from tests.support.faults import DropAfter, Fault, Pace, is_get
from tests.worker.fault_matrix import MATRIX, Row

SIZE = 3_000_000
DROPPED_AT = SIZE // 2
_SECONDS = 60.0


def commands(url: str, file: Path) -> dict[Peer, Sequence[str]]:
    """Return how each is told to bring a file, or to go on with what is there of it."""
    return {
        "curl": ["curl", "-sSL", "--max-time", "20", "--max-redirs", "10", "-C", "-", "-o", str(file), url],
        "wget": ["wget", "-q", "-c", "--tries=1", "--timeout=5", "-O", str(file), url],
        "aria2c": [
            *("aria2c", "-q", "-c", "--max-tries=1", "--timeout=5", "-x1", "-s1", "--no-conf"),
            *("--file-allocation=none",),
            *("--auto-file-renaming=false", "-d", str(file.parent), "-o", file.name, url),
        ],
    }  # fmt: skip


def what_came(row: Row, file: Path) -> str:
    """Say what lies under the name: the true object, the other one whole, or something that never was one."""
    if not file.exists():
        return "nothing"
    content, true = file.read_bytes(), row.resource(SIZE).content
    wanted = {"first": row.first, "resumed": row.resumed}
    if content == true:
        return "right"
    if any(content == each.content(true) for each in wanted.values()):
        return "the new one" if "changed" in row.name else "as the server said"
    if true.startswith(content):
        return f"part, {len(content) * 100 // SIZE} %"
    return f"wrong, {len(content)} bytes"


def run(peer: Peer, row: Row, *, resumed: bool) -> str:
    """Run one peer with one fault; return its exit code and what it left under the name."""
    with tempfile.TemporaryDirectory() as name, FaultServer() as server:
        file = Path(name) / "file"
        faults: list[Fault] = [*row.faults(is_get, None)]
        if resumed:
            faults = [DropAfter(DROPPED_AT, times=1), *row.faults(lambda heard: heard.number > 1, None)]
        url = server.add("/file", row.resource(SIZE), faults=faults)
        command = commands(url, file)[peer]
        code = 0
        for _ in range(1 + resumed):
            code = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False).returncode
        return f"exit {code}, {what_came(row, file)}"


def killed(peer: Peer) -> str:
    """Kill a peer with SIGKILL in the middle; return how much of what it had is fetched again."""
    row = next(each for each in MATRIX if each.name == "cut by FIN")
    with tempfile.TemporaryDirectory() as name, FaultServer() as server:
        url = server.add("/file", row.resource(SIZE), faults=[Pace(SIZE / 4, until_release=True)])
        command = commands(url, Path(name) / "file")[peer]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server.wait_for(lambda log: sum(each.body_bytes_sent for each in log) > SIZE // 2, timeout_seconds=30)
        process.kill()
        process.wait()
        had = sum(each.body_bytes_sent for each in server.requests())
        before = len(server.requests())
        server.release()
        subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        again = had + sum(each.body_bytes_sent for each in server.requests()[before:]) - SIZE
        return f"{max(0, again) * 100 // had} % of what it had"


def main() -> int:
    """Run all; print the table as Python."""
    missing = [each for each in PEERS if shutil.which(each) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)
        return 1
    print(f"VERSIONS = {versions()!r}")
    print("MEASURED = {")
    for names, resumed in ((RESUMED, True), (FIRST, False)):
        for row in (each for name in names for each in MATRIX if each.name == name):
            told = {peer: run(peer, row, resumed=resumed) for peer in PEERS}
            print(f"    {(row.name, 'resumed' if resumed else 'first')!r}: {tuple(told.values())!r},")
            sys.stdout.flush()
    print("}")
    print(f"FETCHED_AGAIN = {tuple(killed(peer) for peer in PEERS)!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
