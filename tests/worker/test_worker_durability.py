"""In which order a worker asks the system for things, seen by strace: what a power loss can find at any moment."""

from __future__ import annotations

import shlex
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter
from tests.support.replayed_state import ReplayedState
from tests.support.session_control import SessionControl, sha256, wait_until
from tests.support.system_calls import Call, read_calls, why_not_traceable, write_tracing_python
from tui_downloader.engine.unnamed import UnnamedFile
from tui_downloader.model.lifecycle import State
from tui_downloader.model.ranges import ByteRange, RangeSet

SIZE = 3_000_000
SMALL_SIZE = 20_000
WRITES = {"write", "pwrite64", "pwritev"}
SYNCS = {"fsync", "fdatasync"}


@dataclass(frozen=True, slots=True)
class Recording:
    """The calls of one worker that brought one file, and what they were about."""

    calls: list[Call]
    """In the order of their ends."""
    copies: Path
    """The state file and its log as they were before the worker began."""
    state_file: Path
    part: str
    """Path of the part file."""
    destination: str
    """Path of the finished file."""

    def about(self, path: str, names: set[str]) -> list[Call]:
        """Return the calls on an open file."""
        return [each for each in self.calls if each.name in names and each.descriptor_path == path]

    @property
    def creation(self) -> Call:
        """The call that created the part file."""
        (found,) = [
            each for each in self.calls if each.result >= 0 and "O_CREAT" in each.flags and self.part in each.paths
        ]
        return found

    @property
    def naming(self) -> Call:
        """The call that gave the file its final name."""
        found = [
            each
            for each in self.calls
            if each.name.startswith(("link", "rename")) and each.result == 0 and self.destination in each.paths
        ]
        return found[0]

    def row_before(self, moment: int, *, survives: bool) -> sqlite3.Row:
        """Return the download's row at a moment.

        Args:
            moment: Place in the recording; only calls that ended before it count.
            survives: Only what a power loss at that moment leaves for sure, instead of what was written.
        """
        state = ReplayedState(self.copies, self.state_file)
        log = str(self.state_file.with_name(f"{self.state_file.name}-wal"))
        synced = max((each.began for each in self.about(log, SYNCS) if each.ended < moment), default=-1)
        for each in self.calls:
            if each.ended < (synced if survives else moment):
                state.apply(each)
        return state.download()

    def commits(self) -> Iterator[tuple[Call, sqlite3.Row]]:
        """Yield each write to the state file that changed the row, with the row it made."""
        state = ReplayedState(self.copies, self.state_file)
        before = tuple(state.download())
        for each in self.calls:
            if state.apply(each) and tuple(row := state.download()) != before:
                before = tuple(row)
                yield each, row


@pytest.fixture
def record(
    tmp_path: Path, control: SessionControl, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str, str], Recording]:
    """Let the session's worker run under strace; returns what reads the recording when a file has come."""
    reason = why_not_traceable(tmp_path)
    if reason is not None:
        pytest.skip(reason)
    trace, copies, state_file = (
        tmp_path / "trace",
        tmp_path / "copies",
        control.session.directory / "state.sqlite3",
    )
    copies.mkdir()
    copy = shlex.join(["cp", str(state_file), f"{state_file}-wal", str(copies)])
    write_tracing_python(tmp_path / "python", trace=trace, before=copy)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))

    def ended(part: str, destination: str) -> Recording:
        control.session.stop()
        wait_until(lambda: "+++ exited with 0 +++" in trace.read_text(), what="the end of the recording")
        with trace.open() as lines:
            return Recording(read_calls(lines), copies, state_file, part, destination)

    return ended


@pytest.fixture
def recording(
    record: Callable[[str, str], Recording], control: SessionControl, fault_server: FaultServer
) -> Recording:
    """Bring a file slowly enough for a sync in between."""
    resource = Resource(body(1, SIZE))
    url = fault_server.add("/a.iso", resource, faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    part = control.wait_for_bytes(download_id, SIZE // 2).part_path
    wait_until(lambda: _column(control, "synced"), what="a sync under way")
    fault_server.release()
    path = control.wait_for(download_id, State.COMPLETED).path
    assert part is not None
    assert path is not None
    assert path.read_bytes() == resource.content
    assert sha256(path) == _column(control, "digest_value")
    return record(str(part), str(path))


def _column(control: SessionControl, name: str) -> object:
    with control.database() as database:
        return database.execute(f"SELECT {name} FROM downloads").fetchone()[0]


def test_nothing_is_said_before_it_is_so(recording: Recording) -> None:
    _check_creation(recording)
    _check_synced_ranges(recording)
    _check_finish(recording)


def test_a_small_file_is_whole_and_announced_before_it_has_a_name(
    record: Callable[[str, str], Recording], control: SessionControl, fault_server: FaultServer
) -> None:
    """Two commits are enough: which file it is, before it gets its name, and that it has it."""
    content = body(1, SMALL_SIZE)
    (download_id,) = control.add(fault_server.add("/a.bin", Resource(content)))
    path = control.wait_for(download_id, State.COMPLETED).path
    assert path is not None
    recording = record(f"{path}.part", str(path))
    if UnnamedFile.in_directory(path.parent) is None:
        pytest.skip("this file system has no files without a name")
    assert path.read_bytes() == content
    assert not [each for each in recording.calls if "O_CREAT" in each.flags and recording.part in each.paths]
    naming = recording.naming
    unnamed = [
        each
        for each in recording.calls
        if each.name in WRITES | {"fsync"} and (each.descriptor_path or "").startswith(f"{path.parent}/#")
    ]
    assert [each.name for each in unnamed] == ["pwrite64", "fsync"]
    assert [each.result for each in unnamed] == [SMALL_SIZE, 0]
    announced = next(commit for commit, row in recording.commits() if row["state"] == "verifying")
    assert unnamed[-1].ended < announced.began < naming.began
    before = recording.row_before(naming.began, survives=True)
    assert (before["state"], before["synced"]) == ("verifying", f"0-{SMALL_SIZE}")
    assert (before["filename"], before["inode"]) == (path.name, path.stat().st_ino)
    completed = next(commit for commit, row in recording.commits() if row["state"] == "completed")
    assert [
        each
        for each in recording.about(str(path.parent), {"fsync"})
        if each.result == 0 and naming.ended < each.began and each.ended < completed.began
    ], "the directory was not synced between the name and the row"
    assert recording.row_before(recording.calls[-1].ended + 1, survives=True)["state"] == "completed"


def _check_creation(recording: Recording) -> None:
    """Name and validator survive before the part file is there, which nothing can have planted."""
    creation = recording.creation
    assert creation.flags >= {"O_CREAT", "O_EXCL", "O_NOFOLLOW"}
    before = recording.row_before(creation.began, survives=True)
    assert (before["part_path"], before["entity_tag"]) == (recording.part, '"v1"')
    assert (before["received"], before["synced"], before["inode"]) == ("", "", None)


def _check_synced_ranges(recording: Recording) -> None:
    """Whatever a written row calls synced was written and then synced before."""
    writes = recording.about(recording.part, WRITES)
    syncs = recording.about(recording.part, SYNCS)
    under_way = 0
    for commit, row in recording.commits():
        done = [each for each in syncs if each.result == 0 and each.ended < commit.began]
        safe = RangeSet.of(
            ByteRange(each.offset, each.offset + each.result)
            for each in writes
            if done and each.ended < done[-1].began
        )
        claimed = RangeSet.parse(row["synced"])
        assert all(safe.covers(each) for each in claimed), f"{claimed} is called synced, {safe} is"
        under_way += bool(claimed) and row["state"] == "transferring"
    assert under_way, "no row under way named synced bytes: the recording proves nothing"


def _check_finish(recording: Recording) -> None:
    """Bytes, then the name, then the directory, then the row."""
    last_write = recording.about(recording.part, WRITES)[-1]
    naming = recording.naming
    assert [
        each
        for each in recording.about(recording.part, {"fsync"})
        if each.result == 0 and last_write.ended < each.began and each.ended < naming.began
    ], "the file was not synced between its last byte and its name"
    expected = recording.row_before(naming.began, survives=True)
    assert (expected["state"], expected["synced"]) == ("verifying", f"0-{SIZE}")
    assert Path(recording.destination).stat().st_ino == expected["inode"]
    parting = naming
    if naming.name.startswith("link"):
        (parting,) = [
            each for each in recording.calls if each.name.startswith("unlink") and recording.part in each.paths
        ]
    completed = next(commit for commit, row in recording.commits() if row["state"] == "completed")
    assert [
        each
        for each in recording.about(str(Path(recording.destination).parent), {"fsync"})
        if each.result == 0 and naming.ended <= parting.ended < each.began and each.ended < completed.began
    ], "the directory was not synced between the name and the row"
    end = recording.calls[-1].ended + 1
    assert recording.row_before(end, survives=True)["state"] == "completed"
