"""A session that cannot be used as it is: refused with not a byte changed, or begun anew and told."""

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


def _directory(home: Home, path: Path) -> None:
    path.mkdir(parents=True)
    path.parent.chmod(0o700)


def test_a_newer_state_file_is_left_alone(home: Home) -> None:
    path = home.session.directory / "state.sqlite3"
    _newer(home, path)
    before = path.read_bytes()

    said = _refused(home, code=5)

    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.damaged-*"))
    assert "newer" in said
    assert "tuidl -s" in said


@pytest.mark.parametrize("spoil", [_garbage, _other_application, _directory])
def test_what_is_no_state_file_is_set_aside_and_told(home: Home, spoil: Callable[[Home, Path], None]) -> None:
    path = home.session.directory / "state.sqlite3"
    spoil(home, path)
    before = path.read_bytes() if path.is_file() else None

    with home.terminal() as terminal:
        terminal.wait_for_text("was damaged")
        terminal.send("q")
        assert terminal.wait_for_end() == 0

    (aside,) = path.parent.glob("*.damaged-*")
    assert before is None or aside.read_bytes() == before


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
