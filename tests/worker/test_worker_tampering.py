"""What somebody else, or a failing disk, does to a running download's file: noticed, never called complete."""

from __future__ import annotations

import contextlib
import os
import resource
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace, StallAfter
from tests.support.session_control import SessionControl, wait_until
from tests.support.system_calls import STRACE, why_not_traceable
from tui_downloader.model.download import Download
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import Reason, State
from tui_downloader.model.ranges import RangeSet

SIZE = 3_000_000
HALF = SIZE // 2


class Case:
    """One download that stands still in the middle."""

    def __init__(self, control: SessionControl, server: FaultServer) -> None:
        self.control = control
        self.server = server
        self.content = body(50, SIZE)
        url = server.add("/a.iso", Resource(self.content), faults=[StallAfter(HALF, times=1)])
        (self.id,) = control.add(url)
        row = control.wait_for_bytes(self.id, HALF)
        assert row.part_path is not None
        self.part: Path = row.part_path

    def failed(self) -> Download:
        """Wait until it has failed for its destination; return the row."""
        row = self.control.wait_for(self.id, State.FAILED)
        assert row.reason is Reason.DESTINATION
        assert not [each for each in self.control.downloads.glob("*") if each.name == "a.iso"]
        return row

    def completed(self) -> Download:
        """Wait until it is complete, with the right bytes; return the row."""
        row = self.control.wait_for(self.id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == self.content
        return row

    def resume(self) -> Download:
        """Try again after the failure; return the completed row."""
        self.control.session.resume([self.id])
        return self.completed()

    @property
    def last_range(self) -> tuple[int, int | None] | None:
        """What the last request asked for."""
        return self.server.requests("/a.iso")[-1].asked_range


@pytest.fixture
def case(control: SessionControl, fault_server: FaultServer) -> Case:
    """Return a download that stands still in the middle."""
    return Case(control, fault_server)


def test_a_deleted_file_is_noticed_while_nothing_comes(case: Case) -> None:
    began = time.monotonic()
    case.part.unlink()
    row = case.failed()
    assert time.monotonic() - began < 28, "seconds, not the minute in which a silent server is given up"
    assert row.error == "the part file was changed or deleted by somebody else"
    assert row.bytes_received == 0, "its bytes went with it"
    case.resume()
    assert case.last_range is None


def test_a_file_that_was_moved_away_and_came_back_goes_on(case: Case) -> None:
    away = case.part.with_name("away")
    case.part.rename(away)
    assert case.failed().bytes_received == HALF
    away.rename(case.part)
    case.resume()
    assert case.last_range == (HALF, SIZE)


def test_somebody_elses_file_of_that_name_is_left_alone(case: Case) -> None:
    theirs = case.part.with_name("theirs")
    theirs.write_bytes(b"x" * SIZE)
    theirs.rename(case.part)
    case.failed()
    assert case.resume().path is not None
    assert case.part.read_bytes() == b"x" * SIZE
    assert sorted(each.name for each in case.control.downloads.iterdir()) == ["a.iso", "a.iso.part"]


def test_somebody_elses_file_is_left_alone_at_the_next_attempt_too(case: Case) -> None:
    """Replaced while nothing ran, and longer than what is recorded."""
    case.control.session.pause([case.id])
    case.control.wait_for(case.id, State.PAUSED)
    theirs = case.part.with_name("theirs")
    theirs.write_bytes(b"x" * SIZE)
    theirs.rename(case.part)
    case.control.session.resume([case.id])
    assert case.completed().restarts == 1
    assert case.part.read_bytes() == b"x" * SIZE


@pytest.mark.parametrize("length", [0, 1000, HALF - 1])
def test_a_shortened_file_starts_over(case: Case, length: int) -> None:
    """The next byte is not written far behind its end: that would leave a hole of zeros."""
    os.truncate(case.part, length)
    case.server.release()
    assert case.completed().restarts == 1
    (restart,) = [each for each in case.control.session.events() if each.kind is EventKind.STARTED_OVER]
    assert restart.fields["why"] == "the part file was shortened"
    assert case.last_range is None


def test_a_file_that_is_shortened_while_bytes_come_starts_over(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(51, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[Pace(1_500_000, until_release=True)])
    (download_id,) = control.add(url)
    row = control.wait_for_bytes(download_id, SIZE // 5)
    assert row.part_path is not None
    os.truncate(row.part_path, 10)
    wait_until(lambda: control.row(download_id).restarts, what="a start over")
    fault_server.release()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content


def test_a_vanished_directory_is_noticed(case: Case) -> None:
    gone = case.control.downloads.with_name("elsewhere")
    case.control.downloads.rename(gone)
    row = case.failed()
    assert row.error == f"the directory {case.control.downloads} is gone"
    gone.rename(case.control.downloads)
    case.resume()
    assert case.last_range == (HALF, SIZE), "the bytes were still there"


@contextlib.contextmanager
def _unwritable(directory: Path) -> Iterator[None]:
    """Take away the right to write there; root is only stopped by the file system's own flag."""
    if os.geteuid():
        mode = directory.stat().st_mode
        directory.chmod(0o500)
        try:
            yield
        finally:
            directory.chmod(mode)
        return
    chattr = shutil.which("chattr")
    if chattr is None or subprocess.run([chattr, "+i", directory], capture_output=True, check=False).returncode:
        pytest.skip("nothing stops root from writing here")
    try:
        yield
    finally:
        subprocess.run([chattr, "-i", directory], check=True)


def test_a_directory_that_becomes_read_only_is_noticed(case: Case) -> None:
    with _unwritable(case.control.downloads):
        row = case.failed()
        assert row.error == f"the directory {case.control.downloads} is not writable"
    case.resume()
    assert case.last_range == (HALF, SIZE)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the files of another process")
def test_after_a_write_error_only_synced_bytes_are_trusted(case: Case) -> None:
    """What was written before may be lost too: the system says so once, to whoever happens to write."""
    control = case.control
    wait_until(lambda: _synced(control), what="a sync")
    synced = _synced(control).contiguous
    pid = control.worker_pid()
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (SIZE - 1000, before[1]))
    case.server.release()
    row = case.failed()
    assert row.error is not None
    assert "File too large" in row.error
    assert row.received == RangeSet.prefix(synced)
    assert case.part.stat().st_size > synced, "more was written"
    wait_until(lambda: not control.session.worker_status().running, what="the worker's end")  # and of its limit
    case.resume()
    assert case.last_range == (synced, SIZE)


def _synced(control: SessionControl) -> RangeSet:
    with control.database() as database:
        return RangeSet.parse(database.execute("SELECT synced FROM downloads").fetchone()[0])


def test_an_error_that_only_the_background_sync_met_ends_the_transfer(
    tmp_path: Path, control: SessionControl, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system tells of lost bytes once; that the next sync succeeds proves nothing about them."""
    reason = why_not_traceable(tmp_path)
    if reason is not None:
        pytest.skip(reason)
    script, part = tmp_path / "python", control.downloads / "a.iso.part"
    command = [STRACE or "strace", "-f", "-o", os.devnull, "-P", str(part)]
    command += ["-e", "inject=fdatasync:error=EIO:when=1", "--", sys.executable]
    script.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    script.chmod(0o700)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "executable", str(script))
        case = Case(control, fault_server)
        row = case.failed()
    assert case.part == part
    assert row.error is not None
    assert "Input/output error" in row.error
    assert row.bytes_received == 0, "nothing had been synced before"
    case.server.release()
    wait_until(lambda: not control.session.worker_status().running, what="the worker's end")
    case.resume()
    assert case.last_range is None
