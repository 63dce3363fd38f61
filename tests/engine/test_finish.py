"""The final name, given without overwriting anything."""

from __future__ import annotations

import dataclasses
import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tui_downloader.engine import finish
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.model.lifecycle import Reason

Move = Callable[[Path, Path], bool]


def _only_if_free(part: Path, destination: Path) -> bool:
    """Give the name by a single rename; where the system cannot, by the way that it falls back to."""
    moved = finish._rename_if_free(part, destination)
    return finish._move_over_placeholder(part, destination) if moved is None else moved


WAYS: list[Move] = [finish.move_without_overwriting, _only_if_free, finish._move_over_placeholder]
"""With links, and where the file system has none."""


def identity_of(path: Path) -> FileIdentity:
    status = path.lstat()
    return FileIdentity(status.st_dev, status.st_ino, status.st_size)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    path = tmp_path / "a.iso.part"
    path.write_bytes(b"the bytes")
    return path


@pytest.mark.parametrize("way", WAYS)
def test_the_file_gets_its_name(part: Path, way: Move) -> None:
    before, destination = identity_of(part), part.with_name("a.iso")
    assert way(part, destination)
    assert identity_of(destination) == before
    assert {each.name for each in part.parent.iterdir()} == {"a.iso"}
    assert destination.stat().st_nlink == 1


def test_without_links_there_is_no_moment_in_which_the_name_is_taken_by_nothing(
    part: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if finish._rename_if_free(part, part.with_name("try")) is None:
        pytest.skip("the system cannot rename to a free name only")
    part.with_name("try").rename(part)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(finish, "_move_over_placeholder", refuse)
    assert finish.move_without_overwriting(part, part.with_name("a.iso"))
    assert {each.name for each in part.parent.iterdir()} == {"a.iso"}


def test_only_a_file_without_bytes_is_a_placeholder(tmp_path: Path) -> None:
    empty, other, link = tmp_path / "empty", tmp_path / "other", tmp_path / "link"
    empty.touch()
    other.write_bytes(b"precious")
    link.symlink_to(empty)
    for each in (other, link, tmp_path, tmp_path / "gone", empty):
        finish.drop_placeholder(each)
    assert {each.name for each in tmp_path.iterdir()} == {"other", "link"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("there", ["file", "directory", "link", "dead link"])
def test_nothing_is_overwritten(part: Path, way: Move, there: str) -> None:
    destination, other = part.with_name("a.iso"), part.with_name("other")
    other.write_bytes(b"precious")
    if there == "file":
        destination.write_bytes(b"precious")
    elif there == "directory":
        destination.mkdir()
    else:
        destination.symlink_to(other if there == "link" else "nowhere")
    before = identity_of(destination)
    assert not way(part, destination)
    assert identity_of(destination) == before
    assert other.read_bytes() == b"precious"
    assert part.read_bytes() == b"the bytes"


@pytest.mark.parametrize("way", WAYS)
def test_a_missing_part_file_is_told_and_leaves_nothing(tmp_path: Path, way: Move) -> None:
    with pytest.raises((TransferError, FileNotFoundError)):
        way(tmp_path / "gone.part", tmp_path / "a.iso")
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_is_gone_is_told(part: Path, tmp_path: Path) -> None:
    with pytest.raises(TransferError) as caught:
        finish.move_without_overwriting(part, tmp_path / "gone" / "a.iso")
    assert caught.value.reason is Reason.DESTINATION
    assert part.exists()


def test_directories_are_synced_if_they_are_there(tmp_path: Path) -> None:
    finish.sync_directory(tmp_path)
    with pytest.raises(TransferError):
        finish.sync_directory(tmp_path / "gone")


def test_a_move_before_a_crash_is_recognised(part: Path) -> None:
    destination, identity = part.with_name("a.iso"), identity_of(part)
    assert not finish.was_moved(part, destination, identity)
    finish.move_without_overwriting(part, destination)
    assert finish.was_moved(part, destination, identity)
    assert destination.read_bytes() == b"the bytes"


def test_a_crash_between_link_and_unlink_leaves_one_name(part: Path) -> None:
    destination, identity = part.with_name("a.iso"), identity_of(part)
    destination.hardlink_to(part)
    assert finish.was_moved(part, destination, identity)
    assert not part.exists()
    assert destination.read_bytes() == b"the bytes"


@pytest.mark.parametrize("what", ["device", "inode", "size"])
def test_another_file_of_that_name_is_not_ours(part: Path, what: str) -> None:
    identity = identity_of(part)
    other = dataclasses.replace(identity, **{what: getattr(identity, what) + 1})
    destination = part.with_name("a.iso")
    finish.move_without_overwriting(part, destination)
    assert not finish.was_moved(part, destination, other)
    assert destination.exists()


def test_a_device_number_of_another_boot_tells_nothing(part: Path) -> None:
    identity = dataclasses.replace(identity_of(part), device=None)
    destination = part.with_name("a.iso")
    finish.move_without_overwriting(part, destination)
    assert finish.was_moved(part, destination, identity)


def test_a_new_part_file_of_that_name_stays(part: Path) -> None:
    destination, identity = part.with_name("a.iso"), identity_of(part)
    finish.move_without_overwriting(part, destination)
    part.write_bytes(b"of another download")
    assert finish.was_moved(part, destination, identity)
    assert part.read_bytes() == b"of another download"


def test_a_link_to_our_file_is_not_our_file(part: Path) -> None:
    identity = identity_of(part)
    destination = part.with_name("a.iso")
    destination.symlink_to(part)
    assert not finish.was_moved(part, destination, identity)
    assert part.exists()


REFUSALS = [errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK]
real_link, real_close = os.link, os.close


@pytest.fixture(params=REFUSALS, ids=errno.errorcode.get)
def without_links(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the system refuse hard links the way some file system does."""
    number: int = request.param

    def refuse(source: Path, destination: Path, *, follow_symlinks: bool) -> None:
        raise OSError(number, os.strerror(number), str(source), None, str(destination))

    monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("without_links")
def test_a_file_system_without_links_takes_the_file_too(part: Path) -> None:
    before, destination = identity_of(part), part.with_name("a.iso")
    assert finish.move_without_overwriting(part, destination)
    assert identity_of(destination) == before
    assert {each.name for each in part.parent.iterdir()} == {"a.iso"}
    part.write_bytes(b"of another download")
    assert not finish.move_without_overwriting(part, destination)
    assert destination.read_bytes() == b"the bytes"
    assert part.read_bytes() == b"of another download"


def test_another_error_of_link_is_told(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_places: Path, follow_symlinks: bool) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "link", fail)
    with pytest.raises(TransferError) as caught:
        finish.move_without_overwriting(part, part.with_name("a.iso"))
    assert caught.value.reason is Reason.DISK_FULL
    assert [each.name for each in part.parent.iterdir()] == [part.name]


def test_a_file_of_the_last_moment_stays(part: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    destination = part.with_name("a.iso")

    def link(source: Path, target: Path, *, follow_symlinks: bool) -> None:
        target.write_bytes(b"precious")
        real_link(source, target, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "link", link)
    assert not finish.move_without_overwriting(part, destination)
    assert destination.read_bytes() == b"precious"
    assert part.read_bytes() == b"the bytes"


def save(path: Path) -> None:
    path.write_bytes(b"precious")


def save_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def save_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


@pytest.mark.parametrize("act", [save, save_pipe, save_link])
def test_what_comes_in_the_place_of_the_placeholder_stays(
    part: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path], None]
) -> None:
    destination = part.with_name("a.iso")

    def close(descriptor: int) -> None:
        real_close(descriptor)
        monkeypatch.setattr(os, "close", real_close)
        act(destination)

    monkeypatch.setattr(os, "close", close)
    assert not finish._move_over_placeholder(part, destination)
    assert identity_of(destination) != identity_of(part)
    assert part.read_bytes() == b"the bytes"
    assert not destination.is_file() or destination.read_bytes() == b"precious"


@pytest.mark.parametrize("way", WAYS)
def test_a_link_in_the_place_of_the_part_file_leads_nowhere_else(tmp_path: Path, way: Move) -> None:
    outside, part = tmp_path / "outside", tmp_path / "a.iso.part"
    outside.write_bytes(b"precious")
    part.symlink_to(outside)
    assert way(part, tmp_path / "a.iso")
    assert (tmp_path / "a.iso").is_symlink()
    assert outside.stat().st_nlink == 1


@pytest.mark.parametrize("saved", [b"", b"precious"])
def test_a_placeholder_is_taken_back_unless_it_is_used(
    part: Path, monkeypatch: pytest.MonkeyPatch, saved: bytes
) -> None:
    destination = part.with_name("a.iso")

    def rename(source: Path, target: Path) -> None:
        target.write_bytes(saved)
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(OSError, match="broken"):
        finish._move_over_placeholder(part, destination)
    assert destination.exists() == bool(saved)
    assert part.read_bytes() == b"the bytes"


@pytest.mark.parametrize("way", WAYS)
def test_of_many_at_once_one_gets_the_name(tmp_path: Path, way: Move) -> None:
    destination, count = tmp_path / "a.iso", 8
    for number in range(count):
        (tmp_path / f"{number}.part").write_bytes(b"%d" % number)
    barrier, won = threading.Barrier(count), list[int]()

    def finish_one(number: int) -> None:
        barrier.wait()
        if way(tmp_path / f"{number}.part", destination):
            won.append(number)

    threads = [threading.Thread(target=finish_one, args=(number,)) for number in range(count)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(won) == 1
    assert destination.read_bytes() == b"%d" % won[0]
    left = {each.name for each in tmp_path.iterdir()} - {"a.iso"}
    assert left == {f"{number}.part" for number in range(count)} - {f"{won[0]}.part"}


def test_a_planted_link_is_never_followed(part: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    destination = part.with_name("a.iso")
    destination.symlink_to(outside)
    for way in WAYS:
        assert not way(part, destination)
    assert not outside.exists()
    assert destination.is_symlink()
