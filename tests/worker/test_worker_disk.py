"""The disk: too full, and after a power loss."""

from __future__ import annotations

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import LengthPlus, StallAfter
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.model.ranges import RangeSet

SIZE = 3_000_000


def _synced(control: SessionControl) -> RangeSet:
    with control.database() as database:
        return RangeSet.parse(database.execute("SELECT synced FROM downloads").fetchone()[0])


def test_after_a_power_loss_only_synced_bytes_are_trusted(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(1, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, SIZE // 2)
    wait_until(lambda: _synced(control), what="a sync")
    control.kill_worker()
    with control.database() as database:
        # What a power loss leaves: another boot, and fewer bytes known to be safe than were written.
        database.execute("UPDATE downloads SET boot_id = 'another boot', synced = '0-1000'")
        database.commit()
    control.session.reconnect()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert fault_server.requests("/a.iso")[-1].asked_range == (1000, SIZE)


def test_a_file_that_has_no_room_waits_and_others_go_on(
    control: SessionControl, fault_server: FaultServer
) -> None:
    large = fault_server.add("/large.bin", Resource(body(2, 1000)), faults=[LengthPlus(10**16)])
    small = fault_server.add("/small.bin", Resource(body(3, 1000)))
    first, second = control.add(large, small)
    row = control.wait_for(first, State.WAITING)
    assert row.reason is Reason.DISK_FULL
    assert row.error is not None
    assert "needed" in row.error
    control.wait_for(second, State.COMPLETED)
    assert [each.name for each in control.downloads.iterdir()] == ["small.bin"]
