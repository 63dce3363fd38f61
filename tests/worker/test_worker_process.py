"""The worker as a process: what it survives, what a kill costs, and that there is never more than one."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace, StallAfter
from tests.support.session_control import SessionControl, run_python, session_control, wait_until
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.session.session import Session
from tui_downloader.state.process import start_time

SIZE = 4_000_000
ADDITIONS = 25
"""How many each of three does while workers leave; by hand `tests.chaos.races` does hundreds."""

ADD = """
import sys
from pathlib import Path
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session
from tui_downloader.state.process import start_time
root, directory, *urls = sys.argv[1:]
session = Session("test", state_directory=Path(root))
for url in urls:
    print(session.add([Request(url=url, directory=Path(directory))])[0].download.id, flush=True)
"""

LINGER = ADD + "\nimport signal\nsignal.pause()\n"


def test_kill_9_in_mid_transfer_costs_nothing(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(1, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    received = control.wait_for_bytes(download_id, SIZE // 2).bytes_received
    control.kill_worker()
    shown = control.row(download_id)
    assert (shown.state, shown.bytes_per_second) == (State.QUEUED, 0.0), "a dead worker's rows read as queued"
    control.session.reconnect()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    first, second = fault_server.requests("/a.iso")
    assert first.asked_range is None
    assert second.asked_range == (received, SIZE), "only the missing range was asked for"
    assert second.body_bytes_sent == SIZE - received


def test_any_verb_brings_a_killed_worker_back(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(2, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, 1)
    control.kill_worker()
    control.session.pause([download_id])
    control.wait_for(download_id, State.PAUSED)
    control.session.resume([download_id])
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content


def _wait_for_progress(control: SessionControl, download_id: int, count: int) -> None:
    """Wait until so many bytes are committed, or all."""

    def is_there() -> bool:
        row = control.row(download_id)
        return row.bytes_received >= count or row.state is State.COMPLETED

    wait_until(is_there, what="some progress")


def test_killed_again_and_again_still_the_right_bytes(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(3, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[Pace(1_000_000)])
    (download_id,) = control.add(url)
    for part in range(1, 6):
        _wait_for_progress(control, download_id, part * SIZE // 8)
        if control.row(download_id).state is State.COMPLETED:
            break
        control.kill_worker()
        control.session.reconnect()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert [each.name for each in control.downloads.iterdir()] == ["a.iso"]


def test_sigterm_commits_and_the_next_worker_goes_on(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(4, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, 1)
    control.kill_worker(signal.SIGTERM)
    with control.database() as database:
        state, intent = database.execute("SELECT state, intent FROM downloads").fetchone()
        assert (state, intent) == ("queued", "run")
        assert database.execute("SELECT instance FROM worker").fetchone() == (None,)
    control.session.ensure_worker()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content


def test_survives_the_death_of_its_parent(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(5, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    with run_python(LINGER, str(control.root / "state"), str(control.downloads), url) as parent:
        assert parent.stdout is not None
        download_id = int(parent.stdout.readline())
        pid = control.worker_pid()
        parent.send_signal(signal.SIGKILL)
    assert os.getsid(pid) == pid, "the worker leads its own OS session"
    fault_server.release()
    control.wait_for(download_id, State.COMPLETED)
    assert _begun(control) == 1, "the same worker brought all"


def _begun(control: SessionControl) -> int:
    """Count the workers there have been."""
    return (control.session.directory / "worker.log").read_text().count(" begins, version ")


def test_survives_its_terminal_and_a_hangup(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.iso", Resource(body(6, SIZE)), faults=[StallAfter(SIZE // 2, times=1)])
    leader, follower = pty.openpty()
    code = (
        "import os, signal, sys; signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup may have it ignored\n"
        "os.setsid(); import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    ) + LINGER
    parent = subprocess.Popen(
        [sys.executable, "-P", "-c", code, str(control.root / "state"), str(control.downloads), url],
        stdin=follower,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with parent:
        os.close(follower)
        assert parent.stdout is not None
        download_id = int(parent.stdout.readline())
        pid = control.worker_pid()
        os.close(leader)  # the terminal is closed: the kernel hangs up its session
        assert parent.wait(60) == -signal.SIGHUP
    os.kill(pid, signal.SIGHUP)
    fault_server.release()
    control.wait_for(download_id, State.COMPLETED)
    assert _begun(control) == 1, "the same worker brought all"


def test_nothing_of_a_front_end_is_kept_open(control: SessionControl, fault_server: FaultServer) -> None:
    control.add(fault_server.add("/a.iso", Resource(body(7, SIZE)), faults=[StallAfter(1000)]))
    pid = control.worker_pid()
    targets = {Path(f"/proc/{pid}/fd/{number}").resolve() for number in (0, 1, 2)}
    assert targets == {Path("/dev/null"), control.session.directory / "worker.log"}
    assert Path(f"/proc/{pid}/cwd").resolve() == Path("/")


def test_twenty_launches_at_once_give_one_worker(control: SessionControl, fault_server: FaultServer) -> None:
    urls = [
        fault_server.add(f"/{number}.bin", Resource(body(number, 1000)), faults=[StallAfter(10)])
        for number in range(20)
    ]
    adders = [run_python(ADD, str(control.root / "state"), str(control.downloads), url) for url in urls]
    pids = set()
    for adder in adders:
        with adder:
            assert adder.wait(60) == 0, adder.stderr and adder.stderr.read()
        pids.add(control.worker_pid())
    assert len(pids) == 1
    log = (control.session.directory / "worker.log").read_text()
    assert log.count(" begins, version") == 1
    fault_server.release()
    for row in control.session.snapshots():
        control.wait_for(row.id, State.COMPLETED)
    assert len(control.session.snapshots()) == 20


@pytest.fixture
def eager_to_leave(write_settings: Path) -> None:
    """Make workers leave the moment they are idle."""
    write_settings.write_text("worker_idle_seconds = 0.0\n")


@pytest.mark.usefixtures("eager_to_leave")
def test_adding_at_the_moment_of_retiring_loses_nothing(
    control: SessionControl, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.bin", Resource(b"abc"))
    sessions = [Session("test", state_directory=control.root / "state") for _ in range(3)]

    def add_some(session: Session) -> list[int]:
        ids = []
        for _ in range(ADDITIONS):
            ids.append(session.add([control.request(url)], again=True)[0].download.id)
            # The worker leaves as soon as this is done: the next add meets it retiring.
            wait_until(lambda: session.download(ids[-1]).state is State.COMPLETED, what="the download")
        return ids

    with ThreadPoolExecutor(3) as pool:
        ids = [each for made in pool.map(add_some, sessions) for each in made]
    for session in sessions:
        session.close()
    assert len(set(ids)) == len(sessions) * ADDITIONS
    assert {each.state for each in control.session.snapshots()} == {State.COMPLETED}
    log = (control.session.directory / "worker.log").read_text()
    assert log.count(" leaves") > 3, "the test met retiring workers"


def test_two_sessions_do_not_touch_each_other(tmp_path: Path, fault_server: FaultServer) -> None:
    content = body(8, 500_000)
    urls = [fault_server.add(f"/{n}/same.bin", Resource(content), faults=[StallAfter(1000)]) for n in (1, 2)]
    with session_control(tmp_path, "one") as one, session_control(tmp_path, "two") as two:
        (first,), (second,) = one.add(urls[0]), two.add(urls[1])
        assert one.worker_pid() != two.worker_pid()
        fault_server.release()  # not before both were seen: a worker leaves when it has nothing to do
        paths = [one.wait_for(first, State.COMPLETED).path, two.wait_for(second, State.COMPLETED).path]
        assert len(set(paths)) == 2
        assert all(path is not None and path.read_bytes() == content for path in paths)
        assert len(one.session.snapshots()) == len(two.session.snapshots()) == 1
        assert sorted(each.name for each in one.downloads.iterdir()) == ["same (1).bin", "same.bin"]


def test_leaves_when_idle_and_only_then(control: SessionControl, fault_server: FaultServer) -> None:
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(b"abc")))
    control.wait_for(download_id, State.COMPLETED)
    wait_until(lambda: not control.session.worker_status().running, what="the idle worker's end")
    assert list(control.session.directory.glob("*.lock"))


def test_stop_holds_until_somebody_asks_again(control: SessionControl, fault_server: FaultServer) -> None:
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(body(9, SIZE)), faults=[StallAfter(1000)]))
    control.wait_for_bytes(download_id, 1)
    assert control.session.stop()
    control.session.ensure_worker()
    assert not control.session.worker_status().running
    assert control.session.worker_status().held
    control.session.reconnect()
    assert control.worker_pid()


def test_no_module_lying_in_the_downloads_folder_is_run(
    control: SessionControl, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    marker = control.root / "ran"
    for name in ("httpx.py", "sqlite3.py", "logging.py", "tui_downloader.py"):
        (control.downloads / name).write_text(f"open({str(marker)!r}, 'w').close()\n")
    monkeypatch.chdir(control.downloads)
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(b"abc")))
    control.wait_for(download_id, State.COMPLETED)
    assert not marker.exists()


def test_removal_is_final_and_takes_the_part_file(control: SessionControl, fault_server: FaultServer) -> None:
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(body(10, SIZE)), faults=[StallAfter(1000)]))
    control.wait_for_bytes(download_id, 1)
    control.session.remove([download_id])
    wait_until(lambda: not control.session.snapshots(), what="the removal")
    assert list(control.downloads.iterdir()) == []
    (gone,) = [each for each in control.session.changes().downloads if each.removed_at is not None]
    assert gone.id == download_id


@pytest.mark.parametrize("delete_file", [True, False])
def test_removing_a_finished_download(
    control: SessionControl, fault_server: FaultServer, *, delete_file: bool
) -> None:
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(b"abc")))
    path = control.wait_for(download_id, State.COMPLETED).path
    assert path is not None
    control.session.remove([download_id], delete_file=delete_file)
    wait_until(lambda: not control.session.snapshots(), what="the removal")
    assert path.exists() is not delete_file


def test_a_file_that_cannot_be_deleted_is_told(control: SessionControl, fault_server: FaultServer) -> None:
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(b"abc")))
    path = control.wait_for(download_id, State.COMPLETED).path
    assert path is not None
    path.unlink()
    path.mkdir()  # also for the superuser no file to delete
    control.session.remove([download_id], delete_file=True)
    wait_until(lambda: not control.session.snapshots(), what="the removal")
    told = control.session.events()[-1]
    assert told.kind is EventKind.REMOVED
    assert str(told.fields["error"]).startswith(f"{path} was not deleted: ")


def test_cancel_keeps_row_and_part_file(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(11, SIZE)
    url = fault_server.add("/a.bin", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, SIZE // 2)
    control.session.cancel([download_id])
    row = control.wait_for(download_id, State.CANCELLED)
    assert row.part_path is not None
    assert row.part_path.exists()
    control.session.resume([download_id])
    done = control.wait_for(download_id, State.COMPLETED)
    assert done.path is not None
    assert done.path.read_bytes() == content
    assert fault_server.requests("/a.bin")[-1].asked_range is not None


def test_the_log_is_rotated_and_private(control: SessionControl, fault_server: FaultServer) -> None:
    log = control.session.directory / "worker.log"
    control.add(fault_server.add("/a.bin", Resource(body(12, SIZE)), faults=[StallAfter(1000)]))
    control.worker_pid()
    with log.open("ab") as file:
        file.write(b"x" * 1_100_000)
    wait_until(lambda: log.with_name("worker.log.1").exists() and log.exists(), what="the rotation")
    assert log.stat().st_mode & 0o777 == 0o600
    control.session.stop()
    assert " leaves" in log.read_text(), "the worker writes on into the new file"


def test_leaves_when_its_state_is_deleted(tmp_path: Path, write_settings: Path, fault_server: FaultServer) -> None:
    control = SessionControl(tmp_path)
    control.add(fault_server.add("/a.bin", Resource(body(13, SIZE)), faults=[StallAfter(1000)]))
    pid = control.worker_pid()
    control.session.close()
    shutil.rmtree(tmp_path / "state")
    wait_until(lambda: start_time(pid) is None, what="the worker's end")
