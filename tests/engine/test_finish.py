"""The final name, given without overwriting anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_downloader.engine import finish
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.partial_file import FileIdentity
from tui_downloader.model.lifecycle import Reason

WAYS = [finish.move_without_overwriting, finish._move_over_placeholder]
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
def test_the_file_gets_its_name(part: Path, way: object) -> None:
    assert callable(way)
    before, destination = identity_of(part), part.with_name("a.iso")
    assert way(part, destination)
    assert identity_of(destination) == before
    assert {each.name for each in part.parent.iterdir()} == {"a.iso"}
    assert destination.stat().st_nlink == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("there", ["file", "directory", "link", "dead link"])
def test_nothing_is_overwritten(part: Path, way: object, there: str) -> None:
    assert callable(way)
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
def test_a_missing_part_file_is_told_and_leaves_nothing(tmp_path: Path, way: object) -> None:
    assert callable(way)
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
    stored = {"device": identity.device, "inode": identity.inode, "size": identity.size}
    stored[what] += 1
    destination = part.with_name("a.iso")
    finish.move_without_overwriting(part, destination)
    assert not finish.was_moved(part, destination, FileIdentity(**stored))
    assert destination.exists()


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
