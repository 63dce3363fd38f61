"""The table of faults: what curl, wget and aria2c did with them, what `tuidl` does, and the test that proves it.

Owns the figures of the last run of `python -m tests.chaos.peers` (26 November 2026) and how a row reads;
`python -m tests.chaos.peers_table` prints it. Must never run a peer. "right" is the true object, a part its
beginning; "wrong" never was an object of the server's. What curl and wget leave under the final name after an
error stays there: neither has a name of its own for what is unfinished.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from typing import Literal

from tests.worker.fault_matrix import MATRIX, Outcome, other, same

Peer = Literal["curl", "wget", "aria2c"]
PEERS: tuple[Peer, ...] = ("curl", "wget", "aria2c")

RESUMED = (
    *(
        "changed",
        "changed, weak tag",
        "changed, date only",
        "changed, no validator",
        "range ignored",
        "range shifted",
    ),
    *("other total", "unknown total", "206 with the whole body", "200 with Content-Range", "416 on a part"),
    *("206 without validators", "gzip forced", "no length, cut", "chunked, cut", "length + 100", "503", "404"),
)
"""Rows of the matrix whose fault begins with the second request, after the first one was cut in the middle."""
FIRST = (
    *("cut by FIN", "cut by RST", "length + 100", "length - 100", "chunked, cut", "no length, cut", "gzip forced"),
    *("gzip forced, cut", "endless header", "redirect loop", "to a file", "blank Location", "no HTTP"),
)
"""Rows whose fault is there from the first request on."""

VERSIONS = {"curl": "7.88.1", "wget": "1.21.3", "aria2c": "1.36.0"}
"""Of the peers, on Debian 12."""
MEASURED: dict[tuple[str, str], tuple[str, str, str]] = {
    ("changed", "resumed"): (
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
    ),
    ("changed, weak tag", "resumed"): (
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
    ),
    ("changed, date only", "resumed"): (
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
    ),
    ("changed, no validator", "resumed"): (
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
    ),
    ("range ignored", "resumed"): ("exit 33, part, 50 %", "exit 0, right", "exit 8, part, 50 %"),
    ("range shifted", "resumed"): ("exit 33, part, 50 %", "exit 4, part, 50 %", "exit 8, part, 50 %"),
    ("other total", "resumed"): ("exit 0, right", "exit 0, right", "exit 8, part, 50 %"),
    ("unknown total", "resumed"): ("exit 0, right", "exit 0, right", "exit 8, part, 50 %"),
    ("206 with the whole body", "resumed"): (
        "exit 0, wrong, 4500000 bytes",
        "exit 0, wrong, 3000000 bytes",
        "exit 0, wrong, 3000000 bytes",
    ),
    ("200 with Content-Range", "resumed"): ("exit 0, right", "exit 0, right", "exit 0, right"),
    ("416 on a part", "resumed"): ("exit 0, part, 50 %", "exit 0, part, 50 %", "exit 22, part, 50 %"),
    ("206 without validators", "resumed"): ("exit 0, right", "exit 0, right", "exit 0, right"),
    ("gzip forced", "resumed"): (
        "exit 0, wrong, 3000933 bytes",
        "exit 0, wrong, 3000933 bytes",
        "exit 1, part, 50 %",
    ),
    ("no length, cut", "resumed"): ("exit 0, part, 60 %", "exit 4, part, 60 %", "exit 13, part, 50 %"),
    ("chunked, cut", "resumed"): ("exit 18, part, 60 %", "exit 4, part, 60 %", "exit 13, part, 50 %"),
    ("length + 100", "resumed"): ("exit 18, right", "exit 0, right", "exit 1, part, 50 %"),
    ("503", "resumed"): ("exit 33, part, 50 %", "exit 8, part, 50 %", "exit 29, part, 50 %"),
    ("404", "resumed"): ("exit 33, part, 50 %", "exit 8, part, 50 %", "exit 3, part, 50 %"),
    ("cut by FIN", "first"): ("exit 18, part, 10 %", "exit 4, part, 10 %", "exit 1, part, 10 %"),
    ("cut by RST", "first"): ("exit 56, part, 10 %", "exit 4, part, 10 %", "exit 1, part, 10 %"),
    ("length + 100", "first"): ("exit 18, right", "exit 4, right", "exit 1, right"),
    ("length - 100", "first"): (
        "exit 0, as the server said",
        "exit 0, as the server said",
        "exit 0, as the server said",
    ),
    ("chunked, cut", "first"): ("exit 18, part, 10 %", "exit 4, part, 10 %", "exit 1, part, 10 %"),
    ("no length, cut", "first"): (
        "exit 0, as the server said",
        "exit 0, as the server said",
        "exit 0, as the server said",
    ),
    ("gzip forced", "first"): (
        "exit 0, wrong, 3000933 bytes",
        "exit 0, wrong, 3000933 bytes",
        "exit 0, wrong, 3000933 bytes",
    ),
    ("gzip forced, cut", "first"): (
        "exit 18, wrong, 300000 bytes",
        "exit 4, wrong, 300000 bytes",
        "exit 1, wrong, 300000 bytes",
    ),
    ("endless header", "first"): ("exit 0, right", "exit 4, part, 0 %", "exit 0, right"),
    ("redirect loop", "first"): ("exit 47, nothing", "exit 8, part, 0 %", "exit 23, nothing"),
    ("to a file", "first"): ("exit 1, nothing", "exit 1, part, 0 %", "exit 1, nothing"),
    ("blank Location", "first"): ("exit 0, part, 0 %", "exit 8, part, 0 %", "exit 1, nothing"),
    ("no HTTP", "first"): ("exit 1, nothing", "exit 0, wrong, 14 bytes", "exit 1, nothing"),
}
"""By row and situation: exit code, and what lay under the name, of curl, wget and aria2c."""

FETCHED_AGAIN = ("1 % of what it had", "0 % of what it had", "100 % of what it had")
"""By curl, wget and aria2c, killed with SIGKILL in the middle of a file within their first minute."""

PROOFS = {
    "first": "tests/worker/test_worker_fault_matrix.py::test_from_the_first_request_on",
    "resumed": "tests/worker/test_worker_fault_matrix.py::test_after_a_pause_or_a_killed_worker",
}
"""The tests that prove what `tuidl` does, one case for each row."""


def versions() -> dict[str, str]:
    """Return the versions that are installed."""
    found: dict[str, str] = {}
    for each in PEERS:
        text = subprocess.run([each, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r"\d+\.\d+(\.\d+)?", text)
        found[each] = version[0] if version else ""
    return found


def ours(outcome: Outcome) -> str:
    """Say what `tuidl` does; until it completes nothing has the final name, and the right file comes later."""
    if outcome.reason is not None:
        return f"says {outcome.reason}, {'goes on by itself' if outcome.reason.waits else 'needs the user'}"
    if outcome.content is same:
        return "right"
    return "the new one, whole" if outcome.content is other else "as the server said"


def lines() -> Iterator[str]:
    """Yield the table as Markdown."""
    head = ("fault", "when", *(f"{name} {VERSIONS[name]}" for name in PEERS), "tuidl", "proof")
    yield f"| {' | '.join(head)} |"
    yield "| --- " * len(head) + "|"
    by_name = {each.name: each for each in MATRIX}
    for (name, when), peers in MEASURED.items():
        outcome = by_name[name].first if when == "first" else by_name[name].resumed
        yield f"| {' | '.join((name, when, *peers, ours(outcome), f'`{PROOFS[when]}[{name}]`'))} |"


if __name__ == "__main__":
    print("\n".join(lines()))
