"""`interposed.c`, compiled, and the environment that turns its parts on for one program.

Owns the library and the words of its environment. Must never be loaded into the tests' own process.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

_SOURCE = Path(__file__).with_name("interposed.c")
_COMPILER = shutil.which("cc") or shutil.which("gcc")


def why_not_interposable() -> str | None:
    """Say why nothing can be put between a program and the C library here; `None` if it can."""
    if not sys.platform.startswith("linux"):
        return "calls are counted by LD_PRELOAD and /proc, which only Linux has"
    return None if _COMPILER else "no C compiler is installed"


@cache
def _library() -> Path:
    """Compile the library once for each text of its source."""
    assert _COMPILER is not None, why_not_interposable()
    text = _SOURCE.read_bytes()
    place = Path(tempfile.gettempdir(), f"tuidl-interposed-{os.getuid()}")
    place.mkdir(mode=0o700, exist_ok=True)
    assert place.stat().st_uid == os.getuid()
    library = place / f"{hashlib.sha256(text).hexdigest()[:16]}.so"
    if not library.exists():
        fresh = place / f"{os.getpid()}.so"
        command = [_COMPILER, "-shared", "-fPIC", "-O1", "-Wall", "-o", str(fresh), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True, capture_output=True)
        fresh.replace(library)
    return library


def step_variables(
    below: Path,
    *,
    log: Path | None = None,
    kill_at: int | None = None,
    fail_at: tuple[int, int] | None = None,
    fail_count: int = 1,
    refuse: tuple[str, int] | None = None,
    only: tuple[str, ...] = (),
) -> dict[str, str]:
    """Return variables that make a program count its calls below a directory, and end or fail at one.

    Args:
        below: Only paths in this directory count.
        log: Gets one line for each counted call: number, name, path.
        kill_at: Number of the call, from 1, instead of which the program is killed; a negative one is the call
            that is half done before.
        fail_at: Number of the call that fails, and its `errno`.
        fail_count: How many calls fail from there on; 0 is all.
        refuse: Names of calls that always fail, separated by commas, and their `errno`.
        only: Names of the calls that count; empty is all: open (creating), write, pwrite, fsync, truncate, link,
            unlink, rename, renameat2, mkdir.
    """
    variables = {"LD_PRELOAD": str(_library()), "STEPS_BELOW": f"{below}/"}
    if log is not None:
        variables["STEPS_LOG"] = str(log)
    if kill_at is not None:
        variables["STEPS_KILL"] = str(kill_at)
    if fail_at is not None:
        variables["STEPS_FAIL"] = f"{fail_at[0]}:{fail_at[1]}:{fail_count}"
    if refuse is not None:
        variables["STEPS_REFUSE"] = f"{refuse[0]}:{refuse[1]}"
    if only:
        variables["STEPS_ONLY"] = ",".join(only)
    return variables


def clock_variables(shift: Path) -> dict[str, str]:
    """Return variables that move a program's wall clock by what `set_clock` wrote into a file."""
    return {"LD_PRELOAD": str(_library()), "CLOCK_SHIFT": str(shift)}


def set_clock(shift: Path, seconds: float) -> None:
    """Move the wall clock of the programs that look at this file, running ones at once."""
    descriptor = os.open(shift, os.O_WRONLY | os.O_CREAT, 0o600)
    os.pwrite(descriptor, struct.pack("d", seconds), 0)
    os.close(descriptor)


def write_python(path: Path, variables: dict[str, str]) -> None:
    """Write a script that is this Python interpreter with such an environment: for `sys.executable`."""
    words = shlex.join(f"{key}={value}" for key, value in variables.items())
    path.write_text(f'#!/bin/sh\nexec env {words} {shlex.quote(sys.executable)} "$@"\n')
    path.chmod(0o700)
