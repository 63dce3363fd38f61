"""Every call of a worker that writes fails once, by a library in between; every statement, by SQLite's connection.

Owns which calls and statements fail with what, and the long runs by hand:

    python -m tests.chaos.failing_calls calls [EVERY]         each call, with each error that it can have
    python -m tests.chaos.failing_calls statements [EVERY]    each statement, with each of SQLite's errors
    python -m tests.chaos.failing_calls front_end [EVERY]     each call of a command line that makes a session

EVERY takes each nth one only. What must come of it is `going_on`'s to say.
"""

from __future__ import annotations

import errno
import os
import shlex
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.failing_statements import CODES, Plan, write_python
from tests.chaos.going_on import Ending, go_on
from tests.chaos.interposition import step_variables
from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer

ERRORS = {
    "open": (errno.ENOSPC, errno.EACCES, errno.EMFILE, errno.ENOMEM, errno.EIO),
    "write": (errno.ENOSPC, errno.EIO),
    "pwrite": (errno.ENOSPC, errno.EIO),
    "fsync": (errno.EIO, errno.ENOSPC),
    "truncate": (errno.EIO, errno.ENOSPC),
    "link": (errno.ENOSPC, errno.EACCES, errno.EIO),
    "rename": (errno.ENOSPC, errno.EACCES, errno.EIO),
    "unlink": (errno.EACCES, errno.EIO),
    "mkdir": (errno.ENOSPC, errno.EACCES),
}
"""What each call can fail with."""

_ONCE = """
import os, runpy, sys
for name in [each for each in os.environ if each.startswith("STEPS_")]:
    del os.environ[name]
at = sys.argv.index("-m")
sys.argv = sys.argv[at + 1:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""Runs a module; a program that this one runs later has no failing calls."""


def write_failing_python(path: Path, variables: dict[str, str]) -> None:
    """Write a script that runs a module with failing calls the first time: for `sys.executable`."""
    words = shlex.join(f"{key}={value}" for key, value in variables.items())
    python, used = shlex.quote(sys.executable), shlex.quote(f"{path}.used")
    once = f"env {words} {python} -P -c {shlex.quote(_ONCE)}"
    path.write_text(f'#!/bin/sh\nmkdir {used} 2>/dev/null && exec {once} "$@"\nexec {python} "$@"\n')
    path.chmod(0o700)


@contextmanager
def _place(directory: Path) -> Iterator[Path]:
    """Give a directory for a story, whose workers are started by the script `python` beside it."""
    root = directory / "root"
    root.mkdir()
    (root / "settings.toml").write_text("retry_first_seconds = 0.05\nworker_idle_seconds = 0.2\n")
    old, python = os.environ.get("TUIDL_CONFIG"), sys.executable
    os.environ["TUIDL_CONFIG"] = str(root / "settings.toml")
    sys.executable = str(directory / "python")
    try:
        yield root
    finally:
        sys.executable = python
        if old is None:
            del os.environ["TUIDL_CONFIG"]
        else:
            os.environ["TUIDL_CONFIG"] = old


def with_failing_call(directory: Path, number: int, error: int) -> tuple[Ending, list[str]]:
    """Play the story while a call of the first worker fails.

    Args:
        directory: An empty one.
        number: Which call, from 1; 0 is none.
        error: Its `errno`.

    Returns:
        How it ended, and the worker's calls: number, name, path.
    """
    log = directory / "calls"
    root = directory / "root"
    write_failing_python(directory / "python", step_variables(root, log=log, fail_at=(number, error)))
    with _place(directory), FaultServer() as server:
        ending = go_on(root, server)
    return ending, log.read_text().splitlines()


def with_failing_statement(directory: Path, number: int, code: str, *, kind: str = "") -> tuple[Ending, str]:
    """Play the story while a statement of the first worker fails.

    Returns:
        How it ended, and how many statements there were and which one failed.
    """
    log = directory / "statements"
    write_python(directory / "python", Plan(number, code, kind), log=log)
    with _place(directory) as root, FaultServer() as server:
        ending = go_on(root, server)
    return ending, log.read_text()


def front_end(directory: Path, number: int, error: int) -> tuple[list[str], list[str]]:
    """Add a download to a session that is not there yet, while a call of the command line fails; then once more.

    Returns:
        What was wrong, and the first command line's calls.
    """
    log, calm = directory / "calls", CommandLine(directory)
    variables = step_variables(directory / "state", log=log, fail_at=(number, error))
    add = ("add", "--paused", "--json", "https://tuidl.invalid/a.bin")
    first = CommandLine(directory, variables)(*add)
    problems = [] if first.code in {0, 5} else [f"ended with {first.code}"]
    if "unexpected" in first.err or first.err.count("\n") > 1 or (first.code and not first.err):
        problems.append(f"said {first.err!r}")
    again = calm(*add)
    rows = calm.downloads() if again.code == 0 else []
    if again.code or len(rows) != 1:
        problems.append(f"then ended with {again.code} {again.err!r}, {len(rows)} downloads")
    return problems, log.read_text().splitlines() if log.exists() else []


def _run_front_end(every: int) -> int:
    """Let each call of a command line fail with each of its errors."""
    with tempfile.TemporaryDirectory() as directory:
        problems, calls = front_end(Path(directory), 0, 0)
    assert not problems, problems
    chosen = [(int(line.split()[0]), error) for line in calls[::every] for error in ERRORS[line.split()[1]]]
    print(f"{len(calls)} calls, {len(chosen)} runs")
    failed = 0
    for number, error in chosen:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as directory:
            problems, _ = front_end(Path(directory), number, error)
        failed += _report(
            f"{calls[number - 1].partition('/')[0]}{errno.errorcode[error]}", Ending(problems), began
        )
    return failed


def _run_calls(every: int) -> int:
    """Let each call fail with each of its errors."""
    with tempfile.TemporaryDirectory() as directory:
        ending, calls = with_failing_call(Path(directory), 0, 0)
    assert not ending.problems, ending
    chosen = [(int(line.split()[0]), error) for line in calls[::every] for error in ERRORS[line.split()[1]]]
    print(f"{len(calls)} calls, {len(chosen)} runs")
    failed = 0
    for number, error in chosen:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as directory:
            ending, made = with_failing_call(Path(directory), number, error)
        at = made[number - 1] if len(made) >= number else "not reached"
        failed += _report(f"{at.replace(directory, '')} {errno.errorcode[error]}", ending, began)
    return failed


def _run_statements(every: int) -> int:
    """Let each statement fail with each of SQLite's errors, or with one after the other of them."""
    with tempfile.TemporaryDirectory() as directory:
        ending, seen = with_failing_statement(Path(directory), 0, "busy")
    assert not ending.problems, ending
    count, failed = int(seen.split()[0]), 0
    chosen = [
        (number, code)
        for number in range(1, count + 1, max(1, every))
        for code in (CODES if every == 1 else [list(CODES)[number % len(CODES)]])
    ]
    print(f"{count} statements, {len(chosen)} runs")
    for number, code in chosen:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as directory:
            ending, seen = with_failing_statement(Path(directory), number, code)
        failed += _report(f"{number} {code} {seen.splitlines()[1][:60]}", ending, began)
    return failed


def _report(what: str, ending: Ending, began: float) -> bool:
    """Print how a run ended; tell whether anything was wrong."""
    said = f" said: {', '.join(sorted(ending.said))}" if ending.said else ""
    problems = "; ".join(ending.problems) or "ok"
    print(f"{what}: {time.monotonic() - began:.1f} s{said}: {problems}", flush=True)
    return bool(ending.problems)


def main() -> int:
    """Run one of the long forms."""
    what, every = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    failed = {"calls": _run_calls, "statements": _run_statements, "front_end": _run_front_end}[what](every)
    print(f"{failed} with problems")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
