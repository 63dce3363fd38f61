"""A damaged state file: set aside with its bytes, and replaced by what could be saved; killed in between too."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.state.filled import fill, read
from tests.state.test_creation import (
    contents,
    make_garbage,
    make_newer,
    make_other_program,
    make_text,
    tables,
    with_sqlite,
)
from tui_downloader.errors import DamagedStateFileError, NewerStateFileError, SessionUnusableError
from tui_downloader.paths import STATE_FILE
from tui_downloader.state.creation import is_current
from tui_downloader.state.database import Database
from tui_downloader.state.mending import mend, prepare
from tui_downloader.state.schema import VERSION


def spoil(path: Path, *, at: int, data: bytes) -> None:
    """Write over bytes of a file that nobody has open."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(data)


@pytest.mark.parametrize("make", [make_garbage, make_text, make_other_program])
def test_a_damaged_file_is_set_aside_with_its_bytes(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / STATE_FILE
    make(path)
    before = path.read_bytes()
    mended = prepare(path)
    assert mended is not None
    assert mended.aside.parent == tmp_path
    assert mended.aside.read_bytes() == before
    assert mended.sentence.endswith("No download could be saved from it.")
    assert is_current(path)


def test_nothing_is_built_into_another_programs_database(tmp_path: Path) -> None:
    path = tmp_path / STATE_FILE
    with_sqlite(path, "CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);")
    before = path.read_bytes()
    mended = prepare(path)
    assert mended is not None
    assert mended.aside.read_bytes() == before
    assert "theirs" not in tables(path)


def test_a_directory_in_its_place_is_set_aside_with_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / STATE_FILE
    path.mkdir()
    (path / "theirs").write_text("precious")
    mended = prepare(path)
    assert mended is not None
    assert (mended.aside / "theirs").read_text() == "precious"
    assert is_current(path)


def test_a_directory_in_place_of_its_log_is_set_aside_too(tmp_path: Path) -> None:
    path = fill(tmp_path)
    before, _, _ = read(path)
    log = path.with_name(f"{STATE_FILE}-wal")
    log.mkdir()
    mended = prepare(path)
    assert mended is not None
    assert mended.aside.with_name(f"{mended.aside.name}-wal").is_dir()
    after, _, _ = read(path)
    assert after.keys() == before.keys()


def test_a_damaged_log_goes_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / STATE_FILE
    make_garbage(path)
    path.with_name(f"{STATE_FILE}-wal").write_bytes(b"log of it")
    mended = prepare(path)
    assert mended is not None
    assert mended.aside.with_name(f"{mended.aside.name}-wal").read_bytes() == b"log of it"


def test_each_damaged_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / STATE_FILE
    kept = set()
    for number in range(4):
        path.unlink(missing_ok=True)
        path.write_bytes(b"%d: not a database at all, " % number * 100)
        kept.add(path.read_bytes())
        prepare(path)
    found = {each.read_bytes() for each in tmp_path.iterdir() if ".damaged-" in each.name}
    assert found == kept


def test_a_damaged_page_is_noticed_and_mended(tmp_path: Path) -> None:
    path = fill(tmp_path)
    downloads, events, cursor = read(path)
    spoil(path, at=100, data=b"\xff" * 3996)
    with pytest.raises(DamagedStateFileError):
        Database(path).rows("SELECT * FROM downloads")
    mended = mend(path)
    assert mended is not None
    assert mended.sentence.endswith("60 downloads are saved from it.")
    assert read(path) == (downloads, events, cursor)


def test_a_sound_file_is_left_alone(tmp_path: Path) -> None:
    path = fill(tmp_path)
    before = contents(tmp_path)
    assert mend(path) is None
    assert contents(tmp_path) == before


def _unknown_state(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE downloads SET state = 'queuef' WHERE id = 6")


def _no_utf8(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE downloads SET error = CAST(x'ff41' AS TEXT) WHERE id = 6")


def _unknown_event(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE events SET kind = 'starved' WHERE sequence = 6")


def _no_control(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM control")


def _no_worker(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM worker")


def _no_counter(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM counter")


def _half_an_index(connection: sqlite3.Connection) -> None:
    connection.executescript("""
        PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'downloads_by_url')
        WHERE name = 'downloads_by_revision';
    """)


def _no_text_in_a_name(connection: sqlite3.Connection) -> None:
    connection.executescript("""
        PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET sql = CAST(x'ff' || sql AS TEXT) WHERE name = 'events';
    """)


def _no_table(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TABLE events")


@pytest.mark.parametrize(
    "damage",
    [
        _unknown_state,
        _no_utf8,
        _unknown_event,
        _no_control,
        _no_worker,
        _no_counter,
        _half_an_index,
        _no_table,
        _no_text_in_a_name,
    ],
)
def test_what_sqlite_can_read_and_nobody_else_is_mended(
    tmp_path: Path, damage: Callable[[sqlite3.Connection], None]
) -> None:
    path = fill(tmp_path)
    downloads, _, _ = read(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        damage(connection)
    mended = mend(path)
    assert mended is not None
    assert mended.saved.whole + mended.saved.paused == 60
    after, _, _ = read(path)
    assert {each.id: each for each in after.values() if each.id != 6} == {
        each.id: each for each in downloads.values() if each.id != 6
    }
    assert mend(path) is None


def test_a_version_that_was_never_written_is_damage_and_a_newer_one_is_not(tmp_path: Path) -> None:
    path = fill(tmp_path)
    spoil(path, at=60, data=b"\x7f")
    mended = prepare(path)
    assert mended is not None
    assert mended.saved.whole == 60
    path.unlink()
    make_newer(path)
    for use in (prepare, mend):
        with pytest.raises(NewerStateFileError):
            use(path)


def test_a_version_that_is_too_low_is_damage(tmp_path: Path) -> None:
    path = fill(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION - 2}")
    mended = prepare(path)
    assert mended is not None
    assert mended.saved.whole == 60


@pytest.mark.parametrize("at", [18, 47])
def test_a_head_that_calls_the_file_read_only_or_of_a_future_format_is_damage(tmp_path: Path, at: int) -> None:
    path = fill(tmp_path)
    spoil(path, at=at, data=b"\xfd")
    with pytest.raises(DamagedStateFileError), closing(Database(path)) as database, database.transaction():
        pass
    mended = mend(path)
    assert mended is not None
    assert mended.saved.whole == 60


@pytest.mark.parametrize("step", range(1, 8))
def test_killed_in_between_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """Killed before the nth renaming; somebody looks at it, and the next one finishes."""
    path = fill(tmp_path)
    downloads, _, _ = read(path)
    keeper = sqlite3.connect(path)  # its log stays
    keeper.execute("UPDATE downloads SET error = 'in the log' WHERE id = 3")
    keeper.commit()
    spoil(path, at=0, data=b"X" * 16)
    renames = 0

    def rename(source: Path, target: Path) -> Path:
        nonlocal renames
        renames += 1
        if renames == step:
            raise KeyboardInterrupt
        source.replace(target)
        return target

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename)
        try:
            prepare(path)
        except KeyboardInterrupt:
            assert not is_current_or_damaged(path) or renames > 4
    prepare(path)
    after, _, _ = read(path)
    keeper.close()
    assert after.keys() == downloads.keys()
    assert after[3].error == "in the log"
    assert not list(tmp_path.glob("*.saved"))
    assert any(each.read_bytes().startswith(b"X" * 16) for each in tmp_path.glob("*.damaged-*"))


def is_current_or_damaged(path: Path) -> bool:
    """Tell whether somebody could use the file as it is."""
    try:
        return is_current(path)
    except DamagedStateFileError:
        return False


def test_what_cannot_be_set_aside_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / STATE_FILE
    make_garbage(path)

    def rename(_source: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", rename)
        with pytest.raises(SessionUnusableError, match="cannot be set aside: No space left on device"):
            prepare(path)
    assert path.read_bytes().startswith(b"not a database")
