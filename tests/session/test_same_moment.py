"""What another process does between two looks of this one: the session is removed, replaced, made, mended."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.session.files import Written
from tests.support.session_control import SessionControl, session_control
from tui_downloader.errors import NoSuchSessionError, SessionBusyError, StateFileLostError
from tui_downloader.paths import LOCK_FILE, STATE_FILE, saved_name
from tui_downloader.session import opening, removal, session_file
from tui_downloader.session.session import Session, session_names
from tui_downloader.state import worker_row
from tui_downloader.state.database import Database
from tui_downloader.state.process import own_start_time
from tui_downloader.state.worker_lock import try_lock

URL = "https://tuidl.invalid/a.bin"


def test_a_lock_file_that_is_deleted_while_it_is_locked_is_not_the_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / LOCK_FILE
    with monkeypatch.context() as patched:
        flock = fcntl.flock

        def delete_and_lock(descriptor: int, operation: int) -> None:
            path.unlink()
            flock(descriptor, operation)

        patched.setattr(fcntl, "flock", delete_and_lock)
        assert try_lock(path) is None
    lock = try_lock(path)
    assert lock is not None
    os.close(lock)


def test_a_lock_in_a_directory_that_is_gone_is_nobodys(tmp_path: Path) -> None:
    assert try_lock(tmp_path / "gone" / LOCK_FILE) is None


def test_a_session_that_is_removed_before_it_is_opened_is_an_unused_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = SessionControl(tmp_path)
    control.session.create()
    control.session.close()

    def remove(_directory: Path) -> None:
        shutil.rmtree(control.session.directory)

    monkeypatch.setattr(opening, "check_private_directory", remove)
    assert control.session.snapshots() == []


def test_a_session_that_is_removed_before_the_lock_is_taken_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    control = SessionControl(tmp_path)
    with monkeypatch.context() as patched:

        def remove_and_lock(path: Path) -> int | None:
            patched.undo()
            shutil.rmtree(path.parent)
            return try_lock(path)

        patched.setattr(opening, "try_lock", remove_and_lock)
        assert control.add(URL, paused=True) == [1]
    control.close()


def test_a_file_that_is_replaced_while_it_is_opened_is_not_read_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, other = Written(tmp_path / "state"), Written(tmp_path / "other")
    session = Session("test", state_directory=tmp_path / "state")
    with monkeypatch.context() as patched:

        def open_and_replace(path: Path) -> Database | None:
            database = opening.open_existing(path)
            shutil.copy(other.session.directory / STATE_FILE, path.with_name("copy"))
            path.with_name("copy").replace(path)
            return database

        patched.setattr(session_file, "open_existing", open_and_replace)
        session.snapshots()
    with pytest.raises(StateFileLostError, match="replaced by another one"):
        session.snapshots()
    for each in (session, made, other):
        each.close()


def test_a_mended_file_that_has_no_name_yet_is_read(tmp_path: Path) -> None:
    """Killed between the two renamings: the next one to look finishes them, instead of finding no session."""
    made = Written(tmp_path / "state")
    made.close()
    path = made.session.directory / STATE_FILE
    shutil.copy(path, path.with_name(f"{STATE_FILE}.damaged-1"))
    path.rename(saved_name(path))
    session = Session("test", state_directory=tmp_path / "state")
    assert session.exists()
    assert session_names(tmp_path / "state") == ["test"]
    assert [each.id for each in session.snapshots()] == [made.download_id]
    session.close()


def test_who_works_on_a_file_that_somebody_else_has_mended_is_not_asked_to_leave(tmp_path: Path) -> None:
    made = Written(tmp_path / "state")
    path = made.session.directory / STATE_FILE
    lock = try_lock(path.parent / LOCK_FILE)
    assert lock is not None
    with made.database.transaction() as transaction:
        row = worker_row.WorkerRow("fresh", os.getpid(), own_start_time(), "1.0")
        worker_row.write(transaction, row, now=1.0)
    assert opening.mend(path) is None
    assert worker_row.read_control(made.database).retire_instance is None
    os.close(lock)
    made.close()


@pytest.fixture
def adding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let somebody add a download, part of which comes, just before the lock is taken for deleting."""

    def add(*, paused: bool) -> None:
        def add_and_lock(path: Path) -> int | None:
            monkeypatch.setattr(removal, "try_lock", try_lock)
            with Session("test", state_directory=tmp_path / "state") as other:
                other.add([SessionControl(tmp_path).request(URL, paused=paused)])
            part = tmp_path / "downloads" / "a.bin.part"
            part.write_bytes(b"part")
            with closing(sqlite3.connect(path.with_name(STATE_FILE))) as connection, connection:
                sql = "UPDATE downloads SET part_path = ?, inode = ?, received = '0-4', bytes_received = 4"
                connection.execute(sql, (str(part), part.stat().st_ino))
            return try_lock(path)

        monkeypatch.setattr(removal, "try_lock", add_and_lock)

    return add


def test_what_is_added_during_the_removal_is_removed_too(tmp_path: Path, adding: Callable[..., None]) -> None:
    with session_control(tmp_path) as control:
        control.session.create()
        adding(paused=True)
        removal.remove_session("test", state_directory=tmp_path / "state")
        assert not control.session.directory.exists()
        assert list(control.downloads.iterdir()) == []
        control.session.close()


def test_what_is_added_and_runs_is_not_removed_unless_forced(tmp_path: Path, adding: Callable[..., None]) -> None:
    with session_control(tmp_path) as control:
        control.session.create()
        adding(paused=False)
        with pytest.raises(SessionBusyError, match="1 download runs"):
            removal.remove_session("test", state_directory=tmp_path / "state")
        assert [each.id for each in control.session.snapshots()] == [1]


def test_who_removes_second_is_told_that_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    control = SessionControl(tmp_path)
    control.session.create()
    control.session.close()

    def remove_and_lock(path: Path) -> int | None:
        shutil.rmtree(path.parent)
        return try_lock(path)

    monkeypatch.setattr(removal, "try_lock", remove_and_lock)
    with pytest.raises(NoSuchSessionError, match="no session “test”"):
        removal.remove_session("test", state_directory=tmp_path / "state")
