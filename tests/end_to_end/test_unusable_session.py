"""A session that cannot be used: one sentence on stderr, an exit code, and not a byte changed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.home import Home


def _garbage(home: Home, path: Path) -> None:
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_bytes(b"these are not the bytes you are looking for\n" * 100)


def _newer(home: Home, path: Path) -> None:
    home.command_line.ok("add", "--paused", "https://tuidl.invalid/file.iso")
    home.command_line.ok("stop")
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 99")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _other_application(home: Home, path: Path) -> None:
    path.parent.mkdir(parents=True, mode=0o700)
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA application_id = 7")
        database.execute("CREATE TABLE holidays (day TEXT)")


@pytest.mark.parametrize("spoil", [_garbage, _newer, _other_application])
def test_unusable_state_file_is_left_alone(home: Home, spoil: Callable[[Home, Path], None]) -> None:
    path = home.session.directory / "state.sqlite3"
    spoil(home, path)
    before = path.read_bytes()

    said = _refused(home, code=5)

    assert path.read_bytes() == before
    assert sorted(each.name for each in path.parent.iterdir() if "damaged" in each.name) == []
    if spoil is _newer:
        assert "newer" in said
        assert "tuidl -s" in said


def test_directory_instead_of_a_state_file(home: Home) -> None:
    path = home.session.directory / "state.sqlite3"
    path.mkdir(parents=True)

    _refused(home, code=5)

    assert list(path.iterdir()) == []


def test_bad_session_name(home: Home) -> None:
    said = _refused(home, "-s", "../escape", code=2)
    assert "../escape" in said
    assert not (home.root / "state").exists()


def _refused(home: Home, *arguments: str, code: int) -> str:
    """Launch the screen; it must not open. Return what it says."""
    errors = home.root / "errors.txt"
    with home.terminal(*arguments, errors=errors) as terminal:
        assert terminal.wait_for_end() == code
        assert bytes(terminal.raw) == b""
    said = errors.read_text()
    assert said.count("\n") == 1
    assert said.endswith("\n")
    assert "Traceback" not in said
    return said
