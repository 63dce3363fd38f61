"""A disk that is or gets too full: waits, asks nobody meanwhile, and goes on once there is room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Chunked, Pace, StallAfter
from tests.support.session_control import SessionControl, wait_until
from tests.support.small_disk import fill, small_disk
from tui_downloader.engine.disk_space import KEPT_FREE_BYTES
from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Reason, State

MIB = 1024 * 1024
SIZE = 3 * MIB


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a directory on a disk of 8 MiB."""
    mount_point = tmp_path / "disk"
    mount_point.mkdir()
    with small_disk(mount_point, 8 * MIB) as directory:
        yield directory


def _add(control: SessionControl, url: str, directory: Path) -> int:
    (added,) = control.session.add([replace(control.request(url), directory=directory)])
    return added.download.id


def _waiting_for_room(control: SessionControl, download_id: int) -> Download:
    row = control.wait_for(download_id, State.WAITING)
    assert row.reason is Reason.DISK_FULL, row.error
    return row


def _try_again_now(control: SessionControl, download_id: int) -> None:
    """Let the wait be over, as if its time had passed; the worker that comes takes the row up at once."""
    attempt = control.row(download_id).attempt
    control.kill_worker()
    with control.database() as database:
        database.execute("UPDATE downloads SET retry_delay_seconds = 0")
        database.commit()
    control.session.reconnect()
    wait_until(lambda: control.row(download_id).attempt > attempt, what="another attempt")


def test_without_room_nobody_is_asked_again(
    control: SessionControl, fault_server: FaultServer, disk: Path
) -> None:
    content = body(1, SIZE)
    url = fault_server.add("/a.bin", Resource(content))
    filler = fill(disk, leave_bytes=SIZE)  # room for the file, but nothing would be left for anybody else
    download_id = _add(control, url, disk)
    row = _waiting_for_room(control, download_id)
    assert row.error is not None
    assert "needed" in row.error
    assert [each.name for each in disk.iterdir()] == ["filler"]
    for _ in range(2):
        _try_again_now(control, download_id)
        _waiting_for_room(control, download_id)
    assert len(fault_server.requests()) == 1
    told = [each for each in control.session.events() if each.kind is EventKind.WAITING]
    assert len(told) == 1, "that there is still no room is no news"
    filler.unlink()
    _try_again_now(control, download_id)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert len(fault_server.requests()) == 2


def test_a_disk_that_fills_up_keeps_what_came(
    control: SessionControl, fault_server: FaultServer, disk: Path
) -> None:
    """A body of unknown length: nothing could be said before."""
    content = body(2, SIZE)
    url = fault_server.add("/a.bin", Resource(content), faults=[Chunked()])
    filler = fill(disk, leave_bytes=2 * MIB)
    download_id = _add(control, url, disk)
    row = _waiting_for_room(control, download_id)
    assert 0 < row.bytes_received <= 2 * MIB
    filler.unlink()
    control.session.resume([download_id])
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert row.restarts == 0
    assert fault_server.requests()[-1].asked_range is not None


def test_a_little_stays_free_for_the_state_file(
    control: SessionControl, fault_server: FaultServer, disk: Path
) -> None:
    """Bytes that come slowly never take the disk's last ones."""
    url = fault_server.add("/a.bin", Resource(body(3, 2 * SIZE)), faults=[Chunked(), Pace(300_000)])
    fill(disk, leave_bytes=KEPT_FREE_BYTES + MIB // 2)
    row = _waiting_for_room(control, _add(control, url, disk))
    assert row.error is not None
    assert "free" in row.error
    assert MIB // 2 < row.bytes_received < KEPT_FREE_BYTES + MIB // 2


def test_two_files_are_not_promised_the_same_room(
    control: SessionControl, fault_server: FaultServer, disk: Path
) -> None:
    first_content, second_content = body(4, SIZE), body(5, SIZE)
    first_url = fault_server.add("/a.bin", Resource(first_content), faults=[StallAfter(1000, times=1)])
    second_url = fault_server.add("/b.bin", Resource(second_content))
    filler = fill(disk, leave_bytes=SIZE + KEPT_FREE_BYTES + MIB)
    first = _add(control, first_url, disk)
    control.wait_for_bytes(first, 1000)
    second = _add(control, second_url, disk)
    row = _waiting_for_room(control, second)
    assert row.error is not None
    assert "promised to other downloads" in row.error
    fault_server.release()
    control.wait_for(first, State.COMPLETED)
    filler.unlink()
    control.session.resume([second])
    row = control.wait_for(second, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == second_content
    assert (disk / "a.bin").read_bytes() == first_content


def test_a_finished_part_needs_no_room(control: SessionControl, fault_server: FaultServer, disk: Path) -> None:
    """What is all there only needs its name."""
    content = body(6, SIZE)
    url = fault_server.add("/a.bin", Resource(content), faults=[StallAfter(SIZE - 1, times=1)])
    download_id = _add(control, url, disk)
    row = control.wait_for_bytes(download_id, SIZE - 1)
    assert row.part_path is not None
    control.kill_worker()
    fill(disk, leave_bytes=4096)
    with row.part_path.open("ab") as file:
        file.write(content[-1:])
    with control.database() as database:
        database.execute("UPDATE downloads SET received = ?", (f"0-{SIZE}",))
        database.commit()
    control.session.reconnect()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert len(fault_server.requests()) == 1
