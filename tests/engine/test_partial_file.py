"""The part file, on a real disk."""

from __future__ import annotations

import dataclasses
import os
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.values import left
from tui_downloader.engine import rights
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.partial_file import PartFileLostError, PartialFile, set_aside, stale_path
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.resume import ResumeData


def made(path: Path, content: bytes = b"0123456789") -> ResumeData:
    """Make a part file and what is stored of it."""
    part = PartialFile.create(path)
    part.write(content, 0)
    identity = part.identity()
    part.close()
    stored = left(received=len(content), path=str(path))
    return dataclasses.replace(stored, device=identity.device, inode=identity.inode)


def test_a_new_file_has_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    part = PartialFile.create(path)
    assert part.identity().size == 0
    assert (part.identity().device, part.identity().inode) == (path.stat().st_dev, path.stat().st_ino)
    with pytest.raises(FileExistsError):
        PartialFile.create(path)
    part.close()


@pytest.mark.parametrize("target", ["there", "nowhere"])
def test_a_planted_link_is_neither_followed_nor_replaced(tmp_path: Path, target: str) -> None:
    (tmp_path / "there").write_bytes(b"precious")
    link = tmp_path / "a.part"
    link.symlink_to(tmp_path / target)
    with pytest.raises(FileExistsError):
        PartialFile.create(link)
    with pytest.raises((PartFileLostError, TransferError)):
        PartialFile.reopen(left(path=str(link)))
    assert (tmp_path / "there").read_bytes() == b"precious"
    assert not (tmp_path / "nowhere").exists()
    assert link.is_symlink()


def test_a_directory_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(TransferError) as caught:
        PartialFile.create(tmp_path / "gone" / "a.part")
    assert caught.value.reason is Reason.DESTINATION
    assert "gone" in str(caught.value)


@given(st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=50)), max_size=8))
def test_bytes_are_where_they_were_put(
    tmp_path_factory: pytest.TempPathFactory, writes: list[tuple[int, bytes]]
) -> None:
    path, expected = tmp_path_factory.mktemp("part") / "a.part", bytearray()
    part = PartialFile.create(path)
    for offset, data in writes:
        part.write(memoryview(data), offset)
        if data:
            expected.extend(bytes(max(0, offset + len(data) - len(expected))))
            expected[offset : offset + len(data)] = data
    part.sync()
    part.close()
    assert path.read_bytes() == expected


def test_reopening_keeps_what_is_there(tmp_path: Path) -> None:
    stored = made(tmp_path / "a.part")
    part = PartialFile.reopen(stored)
    part.write(b"XY", 10)
    part.close()
    assert stored.part_path.read_bytes() == b"0123456789XY"


@pytest.mark.parametrize("how", ["gone", "shortened", "replaced"])
def test_a_file_that_is_not_what_was_left_is_not_used(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.part"
    stored = made(path)
    if how == "shortened":
        os.truncate(path, 9)
    else:
        path.rename(tmp_path / "elsewhere")
    if how == "replaced":
        path.write_bytes(b"0123456789")
    with pytest.raises(PartFileLostError, match=how):
        PartialFile.reopen(stored)
    if how == "replaced":
        assert path.read_bytes() == b"0123456789"


def test_a_longer_file_is_used(tmp_path: Path) -> None:
    stored = made(tmp_path / "a.part")
    with stored.part_path.open("ab") as file:
        file.write(b"more than was recorded")
    part = PartialFile.reopen(stored)
    part.cut(10)
    part.cut(100)
    assert part.identity().size == 10
    part.close()


@pytest.mark.parametrize("kind", ["pipe", "directory"])
def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.part"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(TransferError) as caught:
        PartialFile.reopen(left(path=str(path)))
    assert caught.value.reason is Reason.DESTINATION


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_waits() -> None:
    part = PartialFile(Path("/dev/full"), os.open("/dev/full", os.O_RDWR))
    with pytest.raises(TransferError, match="disk full") as caught:
        part.write(b"x", 0)
    assert caught.value.reason is Reason.DISK_FULL
    part.close()


def test_nothing_is_written_after_closing(tmp_path: Path) -> None:
    part = PartialFile.create(tmp_path / "a.part")
    part.close()
    part.close()
    with pytest.raises(TransferError):
        part.write(b"x", 0)
    assert (tmp_path / "a.part").read_bytes() == b""


def test_it_knows_whether_its_path_still_leads_to_it(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    part = PartialFile.create(path)
    assert part.is_at(part.path)
    path.rename(tmp_path / "b")
    assert not part.is_at(part.path)
    path.touch()
    assert not part.is_at(part.path)
    path.unlink()
    path.symlink_to("b")
    assert not part.is_at(part.path)
    part.close()


def test_old_bytes_are_set_aside_at_most_once(tmp_path: Path) -> None:
    path = tmp_path / "a.part"
    assert set_aside(path) is None
    for content in (b"old", b"newer"):
        path.write_bytes(content)
        assert set_aside(path) == len(content)
    assert stale_path(path).read_bytes() == b"newer"
    assert {each.name for each in tmp_path.iterdir()} == {"a.part.stale"}


@pytest.mark.parametrize(("umask", "finished"), [(0, 0o664), (0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_new_files_are_private_and_finished_ones_the_users(tmp_path: Path, umask: int, finished: int) -> None:
    old = os.umask(umask)
    try:
        part = PartialFile.create(tmp_path / "a.part")
        mode = rights.finished_mode()
        assert os.umask(umask) == umask, "asking changes nothing"
    finally:
        os.umask(old)
    assert stat.S_IMODE(part.path.stat().st_mode) == 0o600
    part.give_rights(mode)
    assert stat.S_IMODE(part.path.stat().st_mode) == finished
    part.close()


@pytest.mark.parametrize("length", [0, 5, 9])
def test_no_byte_is_written_behind_the_end_of_a_shortened_file(tmp_path: Path, length: int) -> None:
    part = PartialFile.create(tmp_path / "a.part")
    part.write(b"0123456789", 0)
    os.truncate(part.path, length)
    for offset in (0, 10, 10**6):
        with pytest.raises(PartFileLostError, match="shortened"):
            part.write(b"more", offset)
    assert part.path.stat().st_size == length
    part.close()


def test_a_reopened_file_that_is_shortened_is_noticed(tmp_path: Path) -> None:
    part = PartialFile.reopen(made(tmp_path / "a.part"))
    os.truncate(part.path, 9)
    with pytest.raises(PartFileLostError, match="shortened"):
        part.write(b"more", 10)
    part.close()


def test_what_was_cut_off_is_no_loss(tmp_path: Path) -> None:
    part = PartialFile.create(tmp_path / "a.part")
    part.write(b"0123456789", 0)
    part.cut(5)
    part.write(b"", 0)
    part.write(b"x", 5)
    assert part.path.read_bytes() == b"01234x"
    part.close()


@pytest.fixture
def size_limit() -> Iterator[int]:
    """Let no file of this process grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    yield 100_000
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_an_error_of_the_disk_is_told_to_everybody(tmp_path: Path, size_limit: int) -> None:
    part = PartialFile.create(tmp_path / "a.part")
    part.write(b"good", 0)
    part.check()
    with pytest.raises(TransferError, match="File too large") as caught:
        part.write(b"bad", size_limit)
    assert caught.value.reason is Reason.DESTINATION
    assert part.is_doubtful
    assert not part.sync_data()
    for act in (part.check, part.sync, lambda: part.write(b"good", 4)):
        with pytest.raises(TransferError, match="File too large"):
            act()
    part.close()


def test_an_error_of_the_background_sync_is_told_to_everybody() -> None:
    reader, writer = os.pipe()  # which nothing can sync
    part = PartialFile(Path("/d/a.part"), writer)
    assert not part.sync_data()
    assert part.is_doubtful
    with pytest.raises(TransferError):
        part.sync()
    part.close()
    os.close(reader)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_what_was_written_before_the_disk_was_full_is_there() -> None:
    part = PartialFile(Path("/dev/full"), os.open("/dev/full", os.O_RDWR))
    with pytest.raises(TransferError, match="disk full"):
        part.write(b"x", 0)
    assert not part.is_doubtful
    part.close()


def test_a_closed_file_is_neither_doubtful_nor_deleted(tmp_path: Path) -> None:
    part = PartialFile.create(tmp_path / "a.part")
    part.close()
    part.path.unlink()
    assert not part.sync_data()
    with pytest.raises(TransferError):
        part.write(b"x", 0)
    assert not part.is_doubtful
    assert not part.is_deleted
