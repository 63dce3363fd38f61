"""SQLite that fails at one statement: put at the one place where this package opens a database.

Owns the failing connection. `run` starts a program of this package under it, for a worker's `sys.executable`. Must
never change what a statement does that it lets pass.
"""

from __future__ import annotations

import runpy
import shlex
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

ROOT = Path(__file__).parents[2]
"""Where package and tests lie."""

CODES = {
    "busy": (sqlite3.SQLITE_BUSY, "database is locked"),
    "full": (sqlite3.SQLITE_FULL, "database or disk is full"),
    "corrupt": (sqlite3.SQLITE_CORRUPT, "database disk image is malformed"),
    "ioerr": (sqlite3.SQLITE_IOERR, "disk I/O error"),
    "nomem": (sqlite3.SQLITE_NOMEM, "out of memory"),
}
"""What SQLite can say, by name."""


@dataclass(slots=True)
class Plan:
    """Which statement fails."""

    at: int = 0
    """Its number, from 1; 0 is none."""
    code: str = "busy"
    """A name in `CODES`."""
    kind: str = ""
    """Only statements that begin so are counted."""
    seen: int = 0
    """How many there were."""
    failed: str | None = None
    """The one that failed."""
    log: Path | None = None
    """Gets what was seen; a plan fails once, and never where this is there already."""

    def write(self) -> None:
        """Write down how many statements there were, and which one failed."""
        assert self.log is not None
        self.log.write_text(f"{self.seen}\n{self.failed}\n")

    def meet(self, sql: str) -> None:
        """Count a statement, and fail if it is the one."""
        self.seen += sql.startswith(self.kind)
        if self.seen != self.at or self.failed is not None or not sql.startswith(self.kind):
            return
        self.failed = sql
        if self.log is not None:
            self.write()  # nothing of this process may be left to do it later
        number, words = CODES[self.code]
        kind = sqlite3.DatabaseError if self.code == "corrupt" else sqlite3.OperationalError
        error = kind(words)
        error.sqlite_errorcode = number
        raise error


def _connection_class(plan: Plan) -> type[sqlite3.Connection]:
    class Failing(sqlite3.Connection):
        def execute(self, sql: str, *arguments: object) -> sqlite3.Cursor:
            rollback = sql.startswith(("ROLLBACK", "RELEASE"))  # SQLite does these whatever happens
            if not rollback:
                plan.meet(sql)
            return super().execute(sql, *arguments)  # type: ignore[arg-type]  # passed through

    return Failing


@contextmanager
def failing(plan: Plan) -> Iterator[Plan]:
    """Let a statement of this process fail."""
    connect = sqlite3.connect

    def open_failing(*arguments: object, **more: object) -> sqlite3.Connection:
        return connect(*arguments, factory=_connection_class(plan), **more)  # type: ignore[call-overload,no-any-return]  # passed through

    with mock.patch("sqlite3.connect", open_failing):
        yield plan


def write_python(path: Path, plan: Plan, *, log: Path) -> None:
    """Write a script that runs a module of this package under a plan the first time: for `sys.executable`.

    Args:
        path: The script.
        plan: Which statement fails.
        log: Gets how many statements there were, and the one that failed.
    """
    code = "from tests.chaos.failing_statements import run; run()"
    words = shlex.join([sys.executable, "-P", "-c", code, str(plan.at), plan.code, plan.kind, str(log)])
    path.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {words} "$@"\n')
    path.chmod(0o700)


def run() -> None:
    """Run what follows `-m` in the command line, with a failing statement."""
    at, code, kind, log = sys.argv[1:5]
    rest = sys.argv[5:]
    name = rest[rest.index("-m") + 1]
    sys.argv = [name, *rest[rest.index("-m") + 2 :]]
    if Path(log).exists():
        runpy.run_module(name, run_name="__main__", alter_sys=True)
        return
    with failing(Plan(int(at), code, kind, log=Path(log))) as plan:
        try:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
        finally:
            plan.write()
