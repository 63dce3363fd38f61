"""Making, refusing and setting aside state files."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.state.files import new_state_file
from tui_downloader.errors import DamagedStateFileError, NewerStateFileError, SessionUnusableError
from tui_downloader.paths import STATE_FILE, create_private_directory
from tui_downloader.state.creation import is_current
from tui_downloader.state.database import Database
from tui_downloader.state.mending import prepare
from tui_downloader.state.schema import APPLICATION_ID, VERSION

NO_ROOT = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")


def contents(directory: Path) -> dict[str, bytes]:
    """Return every file that holds something, but for SQLite's shared memory, which holds no data."""
    return {
        each.name: each.read_bytes()
        for each in sorted(directory.iterdir())
        if each.is_file() and not each.name.endswith("-shm") and each.stat().st_size
    }


def with_sqlite(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(script)


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return {
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        }


def make_other_program(path: Path) -> None:
    with_sqlite(path, "PRAGMA application_id = 99; CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);")


def make_garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all, " * 100)


def make_text(path: Path) -> None:
    path.write_bytes(b"short")


# ------------------------------------------------------------------------------------------------------- making


def test_a_new_file_is_current(tmp_path: Path) -> None:
    assert not is_current(tmp_path / STATE_FILE)
    path = new_state_file(tmp_path)
    assert is_current(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    path = new_state_file(tmp_path)
    before = contents(tmp_path)
    assert prepare(path) is None
    assert contents(tmp_path) == before


@NO_ROOT
def test_modes_are_private_whatever_the_umask(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        directory = tmp_path / "state" / "sessions" / "default"
        create_private_directory(directory)
        path = new_state_file(directory)
        database = Database(path)
        with database.transaction():
            pass
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in directory.iterdir()}
        database.close()
    finally:
        os.umask(old)
    assert modes.keys() >= {STATE_FILE, f"{STATE_FILE}-wal"}
    assert set(modes.values()) == {0o600}
    for each in (directory, *directory.parents[:2]):
        assert stat.S_IMODE(each.stat().st_mode) == 0o700


@NO_ROOT
def test_an_open_directory_of_ones_own_is_closed(tmp_path: Path) -> None:
    directory = tmp_path / "open"
    directory.mkdir()
    directory.chmod(0o777)
    create_private_directory(directory)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_directory_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SessionUnusableError, match="cannot be used"):
        create_private_directory(tmp_path / "file" / "below")


def write_half(path: Path) -> None:
    """Leave the files as a process leaves them that is killed while it writes, before there is a WAL."""
    source = path.with_name("source")
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.executescript("PRAGMA cache_size = 1; BEGIN; CREATE TABLE t (x);")
        connection.executemany("INSERT INTO t VALUES (randomblob(?))", [(4000,)] * 50)
        for suffix in ("", "-journal"):
            shutil.copy(f"{source}{suffix}", f"{path}{suffix}")
    source.unlink()


@pytest.mark.parametrize("how", ["empty", "wal only", "half written"])
def test_a_creation_that_was_killed_is_finished(tmp_path: Path, how: str) -> None:
    path = tmp_path / STATE_FILE
    path.touch(mode=0o600)
    if how == "wal only":
        with_sqlite(path, "PRAGMA journal_mode = WAL;")
    if how == "half written":
        write_half(path)
    assert not is_current(path)
    assert prepare(path) is None
    assert {each.name for each in tmp_path.iterdir()} == {STATE_FILE}
    assert is_current(path)


# ------------------------------------------------------------------------------------------------------ refusing


def make_newer(path: Path) -> None:
    new_state_file(path.parent)
    with_sqlite(path, f"CREATE TABLE future (x INTEGER) STRICT; PRAGMA user_version = {VERSION + 1};")


def make_newer_with_log(path: Path) -> None:
    """Leave the files as a killed worker of a newer version leaves them: its last commits are in the WAL."""
    source = path.parent / "source"
    with closing(sqlite3.connect(new_state_file(source), isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE future (x INTEGER) STRICT")
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        for suffix in ("", "-wal"):
            shutil.copy(source / f"{STATE_FILE}{suffix}", path.with_name(path.name + suffix))
    shutil.rmtree(source)


@pytest.mark.parametrize("make", [make_newer, make_newer_with_log])
def test_a_newer_file_is_refused_unmodified(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = tmp_path / STATE_FILE
    make(path)
    before = contents(tmp_path)
    for use in (is_current, prepare, Database):
        with pytest.raises(NewerStateFileError, match="newer tuidl"):
            use(path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("make", [make_garbage, make_text, make_other_program])
def test_a_file_that_is_no_state_file_is_refused_unmodified(tmp_path: Path, make: object) -> None:
    assert callable(make)
    path = tmp_path / STATE_FILE
    make(path)
    before = contents(tmp_path)
    for use in (is_current, Database):
        with pytest.raises(DamagedStateFileError) as caught:
            use(path)
        assert str(path) in str(caught.value)
        assert "tuidl -s NAME" in str(caught.value)
    assert contents(tmp_path) == before


def test_another_programs_database_without_marks_is_refused(tmp_path: Path) -> None:
    """Most programs set neither `application_id` nor `user_version`: version 0 is not yet an empty file."""
    path = tmp_path / STATE_FILE
    with_sqlite(path, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);")
    before = contents(tmp_path)
    for use in (is_current, Database):
        with pytest.raises(DamagedStateFileError):
            use(path)
    assert contents(tmp_path) == before


def test_a_directory_in_its_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / STATE_FILE
    path.mkdir()
    for use in (is_current, Database):
        with pytest.raises(DamagedStateFileError, match="is a directory"):
            use(path)
    assert path.is_dir()


def test_a_missing_file_is_not_created_by_opening(tmp_path: Path) -> None:
    with pytest.raises(SessionUnusableError):
        Database(tmp_path / STATE_FILE)
    assert list(tmp_path.iterdir()) == []
