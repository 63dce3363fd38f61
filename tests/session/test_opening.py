"""Opening a session: for reading as it is, for writing made where needed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from tests.state.files import new_state_file
from tui_downloader.errors import (
    DamagedStateFileError,
    NewerStateFileError,
    NoSuchDownloadError,
    SessionUnusableError,
    TuidlError,
)
from tui_downloader.paths import LOCK_FILE, STATE_FILE
from tui_downloader.session.opening import open_existing, open_or_create
from tui_downloader.session.session import Session, session_names
from tui_downloader.state.creation import is_current
from tui_downloader.state.database import version_of
from tui_downloader.state.schema import VERSION
from tui_downloader.state.worker_lock import try_lock

VERSION_1 = Path(__file__).parents[1] / "data" / "state_version_1.sql"
GARBAGE = b"no database, " * 1000


def everything_below(directory: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(directory)): each.read_bytes()
        for each in directory.rglob("*")
        if each.is_file() and not each.name.endswith("-shm") and each.stat().st_size
    }


def test_reading_an_unused_session_creates_nothing(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path / "state")
    assert open_existing(session.directory / STATE_FILE) is None
    assert session.snapshots() == []
    assert session.events() == []
    assert session.changes().downloads == ()
    assert not session.has_changed()
    assert not session.worker_status().running
    assert not session.exists()
    assert not session.stop()
    session.reconnect()
    session.ensure_worker()
    with pytest.raises(NoSuchDownloadError):
        session.download(1)
    with pytest.raises(NoSuchDownloadError):
        session.pause([1])
    session.close()
    assert list(tmp_path.iterdir()) == []


def test_writing_makes_private_directories_and_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state" / "sessions" / "test" / STATE_FILE
    database, notice = open_or_create(path)
    database.close()
    assert notice is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    opened = open_existing(path)
    assert opened is not None
    opened.close()


def test_a_creation_that_was_killed_reads_as_unused_and_is_finished(tmp_path: Path) -> None:
    path = tmp_path / STATE_FILE
    path.touch()
    assert open_existing(path) is None
    database, notice = open_or_create(path)
    assert notice is None
    assert database.rows("SELECT * FROM downloads") == []
    database.close()


def test_many_openers_at_once_make_one_file(tmp_path: Path) -> None:
    path = tmp_path / "session" / STATE_FILE
    together, problems = threading.Barrier(6), list[BaseException]()

    def open_it() -> None:
        together.wait()
        try:
            database, notice = open_or_create(path)
            assert notice is None
            with database.transaction():
                pass
            database.close()
        except BaseException as error:  # noqa: BLE001  # told by the test below
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert problems == []
    database, _ = open_or_create(path)
    assert database.rows("SELECT revision FROM counter")[0][0] == 6
    database.close()


def test_a_newer_file_is_refused_by_every_use(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path)
    path = new_state_file(session.directory)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA user_version = {VERSION + 1}; PRAGMA journal_mode = DELETE;")
    before = everything_below(tmp_path)
    for use in (session.snapshots, session.reconnect, session.events, lambda: session.add([])):
        with pytest.raises(NewerStateFileError, match=r"“test” was written by a newer tuidl"):
            use()
    assert everything_below(tmp_path) == before


def test_a_damaged_file_is_told_when_reading_and_set_aside_when_writing(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path)
    path = session.directory / STATE_FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(GARBAGE)
    with pytest.raises(DamagedStateFileError, match="Nothing was changed"):
        session.snapshots()
    assert path.read_bytes() == GARBAGE
    assert session.add([]) == []
    (notice,) = session.notices
    (kept,) = [each for each in path.parent.iterdir() if ".damaged-" in each.name]
    assert str(kept) in notice
    assert kept.read_bytes() == GARBAGE
    session.close()


def test_a_damaged_file_is_not_touched_while_somebody_holds_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_downloader.session.opening._WAIT_SECONDS", 0.05)
    path = tmp_path / STATE_FILE
    path.write_bytes(GARBAGE)
    lock = try_lock(tmp_path / LOCK_FILE)
    assert lock is not None
    try:
        with pytest.raises(SessionUnusableError, match="Another program holds"):
            open_or_create(path)
    finally:
        os.close(lock)
    assert path.read_bytes() == GARBAGE


def test_a_directory_in_place_of_the_file_is_told_when_reading_and_set_aside_when_writing(tmp_path: Path) -> None:
    path = tmp_path / STATE_FILE
    path.mkdir()
    (path / "theirs").touch()
    with pytest.raises(DamagedStateFileError, match="is a directory"):
        open_existing(path)
    database, notice = open_or_create(path)
    database.close()
    assert notice is not None
    (aside,) = tmp_path.glob("*.damaged-*")
    assert str(aside) in notice
    assert (aside / "theirs").exists()


def test_a_state_directory_that_is_a_file_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    session = Session("test", state_directory=tmp_path / "state")
    assert session.snapshots() == []
    with pytest.raises(SessionUnusableError, match="cannot be used"):
        session.add([])


def older_file(directory: Path) -> Path:
    """Make the state file of a session that only version 1 has used."""
    directory.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(directory / STATE_FILE)) as connection:
        connection.executescript(VERSION_1.read_text(encoding="utf-8"))
    return directory / STATE_FILE


def test_a_reader_sees_what_an_older_version_left(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path)
    path = older_file(session.directory)
    assert [each.id for each in session.snapshots()] == [1, 3]
    session.close()
    assert is_current(path)


def test_an_older_file_is_not_migrated_while_its_worker_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_downloader.session.opening._MIGRATION_WAIT_SECONDS", 0.05)
    session = Session("test", state_directory=tmp_path)
    path = older_file(session.directory)
    lock = try_lock(session.directory / LOCK_FILE)
    assert lock is not None
    try:
        with pytest.raises(
            SessionUnusableError, match="“test” was written by an older tuidl, whose worker does not"
        ):
            session.snapshots()
    finally:
        os.close(lock)
    assert version_of(path) == 1


def test_a_state_directory_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "state").symlink_to("state")
    with pytest.raises(SessionUnusableError, match="cannot be"):
        Session("test", state_directory=tmp_path / "state")
    with pytest.raises(SessionUnusableError, match="cannot be read"):
        session_names(tmp_path / "state")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="nothing is closed to the superuser")
def test_a_session_that_is_closed_to_us_is_told_in_a_sentence(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path)
    new_state_file(session.directory)
    session.directory.chmod(0)
    try:
        for use in (session.exists, session.snapshots, session.reconnect, lambda: session_names(tmp_path)):
            with pytest.raises(SessionUnusableError):
                use()
    finally:
        session.directory.chmod(0o700)


def test_sessions_are_listed_by_name_and_only_if_used(tmp_path: Path) -> None:
    assert session_names(tmp_path) == []
    for name in ("work", "default"):
        new_state_file(tmp_path / "sessions" / name)
    (tmp_path / "sessions" / "empty").mkdir()
    assert session_names(tmp_path) == ["default", "work"]


def test_listing_the_sessions_of_a_state_directory_that_is_a_file_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with contextlib.suppress(TuidlError):  # a sentence would do as well
        assert session_names(tmp_path / "state") == []
