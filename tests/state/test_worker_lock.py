"""The worker lock, its row, and processes that come and go."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tui_downloader.errors import SessionUnusableError
from tui_downloader.state import process, worker_row
from tui_downloader.state.database import Database
from tui_downloader.state.worker_lock import try_lock

SLEEP = "import sys; print('up', flush=True); sys.stdin.read()"


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    first = try_lock(path)
    assert first is not None
    assert try_lock(path) is None
    os.close(first)
    again = try_lock(path)
    assert again is not None
    os.close(again)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_lock_is_held_until_every_copy_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    lock = try_lock(path)
    assert lock is not None
    child = subprocess.Popen([sys.executable, "-P", "-c", SLEEP], stdin=subprocess.PIPE, pass_fds=[lock])
    os.close(lock)
    assert try_lock(path) is None
    child.communicate(timeout=60)
    freed = try_lock(path)
    assert freed is not None
    os.close(freed)


def test_a_child_that_was_not_given_it_does_not_hold_it(tmp_path: Path) -> None:
    path = tmp_path / "worker.lock"
    lock = try_lock(path)
    assert lock is not None
    child = subprocess.Popen(
        [sys.executable, "-P", "-c", SLEEP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False
    )
    assert child.stdout is not None
    assert child.stdout.readline() == b"up\n"
    os.close(lock)
    freed = try_lock(path)
    child.communicate(timeout=60)
    assert freed is not None
    os.close(freed)


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "worker.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SessionUnusableError, match="cannot be opened"):
        try_lock(tmp_path / "worker.lock")
    assert not (tmp_path / "elsewhere").exists()


def test_a_process_is_itself_only_with_its_start_time() -> None:
    child = subprocess.Popen([sys.executable, "-P", "-c", SLEEP], stdin=subprocess.PIPE)
    started = process.start_time(child.pid)
    assert started is not None
    assert process.is_running(child.pid, started)
    assert not process.is_running(child.pid, f"{started}0")
    assert not process.is_running(os.getpid(), started)
    child.communicate(timeout=60)
    assert not process.is_running(child.pid, started)
    for missing in (None, 0, -1):
        assert not process.is_running(missing, started)


def test_a_zombie_does_not_run() -> None:
    child = subprocess.Popen([sys.executable, "-P", "-c", ""])
    started = process.start_time(child.pid)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not process.is_running(child.pid, started)
    child.wait()


def test_the_boot_is_the_same_within_a_boot() -> None:
    assert process.boot_id() == process.boot_id() != ""


def test_the_worker_row(database: Database) -> None:
    assert not worker_row.read(database).alive
    own = worker_row.WorkerRow("name", os.getpid(), process.own_start_time(), "1.0")
    with database.transaction() as transaction:
        worker_row.write(transaction, own, now=1.0)
    assert worker_row.read(database) == own
    assert worker_row.status(database) == worker_row.WorkerStatus(running=True, pid=os.getpid(), held=False)
    with database.transaction() as transaction:
        worker_row.set_held(transaction, held=True)
        worker_row.clear(transaction)
        worker_row.ask_to_retire(transaction, "name")
    assert worker_row.status(database) == worker_row.WorkerStatus(running=False, pid=None, held=True)
    assert worker_row.read_control(database).retire_instance == "name"
