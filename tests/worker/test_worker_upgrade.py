"""An upgrade under a running worker: the older one is asked to leave, and its downloads go on."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.session_control import SessionControl, wait_until
from tui_downloader import __version__
from tui_downloader.model.lifecycle import State
from tui_downloader.paths import LOCK_FILE, STATE_FILE
from tui_downloader.state import downloads
from tui_downloader.state.creation import is_current
from tui_downloader.state.database import Database
from tui_downloader.state.worker_lock import try_lock

SIZE = 2_000_000

OLDER_WORKER = """
import sys, tui_downloader
tui_downloader.__version__ = "0.0.9"
from tui_downloader.worker.__main__ import main
sys.exit(main())
"""
"""This program's worker, but for the version it tells."""

FIRST_RELEASE = """
import fcntl, os, sqlite3, sys, time
directory = sys.argv[1]
fcntl.flock(os.open(f"{directory}/worker.lock", os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX)
state = sqlite3.connect(f"{directory}/state.sqlite3", isolation_level=None)
state.execute("UPDATE worker SET instance = 'first', pid = ?", (os.getpid(),))
print("ready", flush=True)
while state.execute("SELECT retire_instance FROM control").fetchone()[0] != "first":
    time.sleep(0.01)
state.execute("UPDATE worker SET instance = NULL")
"""
"""What a worker of the first release does that matters here: it holds the lock, and leaves when it is asked to."""


def test_an_older_worker_hands_its_downloads_over(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(1, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    control.session.create()
    directory = control.session.directory
    database = Database(directory / STATE_FILE)
    with database.transaction() as transaction:
        download_id = downloads.insert(transaction, control.request(url), now=1.0)
    database.close()
    lock = try_lock(directory / LOCK_FILE)
    assert lock is not None
    older = subprocess.Popen(
        [sys.executable, "-P", "-c", OLDER_WORKER, "--directory", directory, "--lock", str(lock)],
        pass_fds=[lock],
        start_new_session=True,
    )
    os.close(lock)
    received = control.wait_for_bytes(download_id, SIZE // 2).bytes_received

    control.session.ensure_worker()

    assert older.wait(timeout=60) == 0
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert fault_server.requests("/a.iso")[-1].asked_range == (received, SIZE)
    log = (directory / "worker.log").read_text()
    versions = [
        line.partition("version ")[2].partition(",")[0] for line in log.splitlines() if " begins, v" in line
    ]
    assert versions == ["0.0.9", __version__]


def test_looking_at_an_older_file_takes_over_from_its_worker(
    control: SessionControl, fault_server: FaultServer
) -> None:
    directory = control.session.directory
    directory.mkdir(parents=True, mode=0o700)
    url = fault_server.add("/a.iso", Resource(body(1, SIZE)))
    script = Path(__file__).parents[1] / "data" / "state_version_1.sql"
    with contextlib.closing(sqlite3.connect(directory / STATE_FILE)) as connection:
        connection.executescript(script.read_text(encoding="utf-8"))
        connection.execute("DELETE FROM downloads WHERE id <> 1")
        connection.execute(
            """UPDATE downloads SET url = ?, directory = ?, intent = 'run', intent_number = 1, acted_number = 0,
                   state = 'queued', removed_at = NULL, finished_at = NULL""",
            (url, str(control.downloads)),
        )
        connection.commit()
    (directory / STATE_FILE).chmod(0o600)
    first = subprocess.Popen(
        [sys.executable, "-P", "-c", FIRST_RELEASE, directory], stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "ready\n"

    assert [each.id for each in control.session.snapshots()] == [1]

    assert first.wait(timeout=60) == 0
    first.stdout.close()
    assert is_current(directory / STATE_FILE)
    wait_until(lambda: control.row(1).state is State.COMPLETED, what="the download by the new worker")
