"""A state file of an older version is brought into today's form, and the program dies in the middle.

What is found then is the old form or today's, whole, with every row, and none between, which others would take for
an older program's; and the next one to open it goes on.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.chaos.interposition import step_variables, why_not_interposable
from tui_downloader.paths import STATE_FILE
from tui_downloader.state import downloads, journal
from tui_downloader.state.database import Database
from tui_downloader.state.mending import prepare
from tui_downloader.state.schema import MIGRATIONS, VERSION

pytestmark = pytest.mark.skipif(why_not_interposable() is not None, reason=str(why_not_interposable()))

DATA = Path(__file__).parents[1] / "data"
POINTS = 20
_PREPARE = (
    "import sys, pathlib; from tui_downloader.state import mending as m; m.prepare(pathlib.Path(sys.argv[1]))"
)


def _old_file(path: Path, version: int) -> None:
    """Make the file that a version left, with a log of what was not in it yet."""
    kept = max(each for each in (1, 3) if each <= version)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript((DATA / f"state_version_{kept}.sql").read_text(encoding="utf-8"))
        for number in range(kept, version):
            connection.executescript(f"BEGIN;{MIGRATIONS[number]};PRAGMA user_version = {number + 1};COMMIT;")
        connection.execute("PRAGMA journal_mode = WAL")


def _form(path: Path) -> tuple[int, frozenset[tuple[str, str]], tuple[object, ...]]:
    """Return a file's version, its tables and indexes, and what its rows hold."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        version = connection.execute("PRAGMA user_version").fetchall()[0][0]
        made = connection.execute("SELECT name, coalesce(sql, '') FROM sqlite_master").fetchall()
        rows = connection.execute("SELECT id, url, state, received, bytes_received FROM downloads").fetchall()
        events = connection.execute("SELECT sequence, kind, fields FROM events").fetchall()
        return version, frozenset(made), (*rows, *events)


def _migrate(path: Path, *, kill_at: int | None, log: Path) -> int:
    """Have another process bring a file into today's form; return its exit code."""
    variables = step_variables(path.parent, log=log, kill_at=kill_at)
    command = [sys.executable, "-P", "-c", _PREPARE, str(path)]
    return subprocess.run(command, env={**os.environ, **variables}, check=False).returncode


@pytest.mark.parametrize("version", range(1, VERSION))
def test_a_migration_that_is_killed_leaves_one_version_whole(tmp_path: Path, version: int) -> None:
    old = tmp_path / f"{version}.sqlite3"
    _old_file(old, version)
    forms = {version: _form(old)}
    whole = tmp_path / "whole" / STATE_FILE
    whole.parent.mkdir()
    shutil.copy(old, whole)
    log = tmp_path / "log"
    assert _migrate(whole, kill_at=None, log=log) == 0
    forms[VERSION] = _form(whole)
    steps = len(log.read_text().splitlines())
    points = sorted(
        {1 + number * (steps - 1) // (POINTS // (VERSION - 1)) for number in range(POINTS // (VERSION - 1))}
    )
    found = set()
    for point in points:
        place = tmp_path / f"killed-{point}"
        place.mkdir()
        shutil.copy(old, place / STATE_FILE)
        assert _migrate(place / STATE_FILE, kill_at=point, log=log) == -9
        form = _form(place / STATE_FILE)
        assert form == forms.get(form[0]), f"killed at call {point} of {steps}: half a version {form[0]}"
        found.add(form[0])
        assert prepare(place / STATE_FILE) is None
        assert _form(place / STATE_FILE) == forms[VERSION]
    assert version in found
    _check_readable(place / STATE_FILE)


def _check_readable(path: Path) -> None:
    """Check that the program finds what was there."""
    database = Database(path)
    try:
        assert [each.id for each in downloads.read_all(database)] == [1, 3]
        assert [each.sequence for each in journal.read(database, after=0)] == [1, 2]
    finally:
        database.close()


@pytest.mark.parametrize("kill_at", range(1, 30, 4))
def test_a_creation_that_is_killed_is_done_again(tmp_path: Path, kill_at: int) -> None:
    path = tmp_path / STATE_FILE
    assert _migrate(path, kill_at=kill_at, log=tmp_path / "log") == -9
    if path.exists():
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA user_version").fetchall()[0][0] in (0, VERSION)
    assert prepare(path) is None
    assert path.stat().st_mode & 0o777 == 0o600
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchall() == [(VERSION,)]
