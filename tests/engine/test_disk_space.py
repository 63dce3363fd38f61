"""Promises of room, and what may happen to a running download's disk."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.session_control import wait_until
from tests.support.small_disk import fill, small_disk
from tui_downloader.engine.disk_space import KEPT_FREE_BYTES, DiskSpace, free_bytes
from tui_downloader.engine.disk_watch import LOOK_SECONDS, DiskWatch, check_directory, check_part
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.partial_file import PartialFile
from tui_downloader.model.lifecycle import Reason

MORE_THAN_HALF = 0.6
"""Two of these are more than there is, even if others write and delete meanwhile."""


def _free(directory: Path, share: float) -> int:
    free = free_bytes(directory)
    assert free is not None
    return int(free * share)


def _refused(space: DiskSpace, directory: Path, needed: int | None) -> TransferError:
    with pytest.raises(TransferError) as caught:
        space.promise("refused", directory, needed)
    return caught.value


def test_what_was_promised_is_not_free_for_others(tmp_path: Path) -> None:
    space, much = DiskSpace(), _free(tmp_path, MORE_THAN_HALF)
    space.promise("first", tmp_path, much)
    error = _refused(space, tmp_path, much)
    assert error.reason is Reason.DISK_FULL
    assert "promised to other downloads" in str(error)
    space.still_needs("first", 1000)
    space.promise("second", tmp_path, much)
    _refused(space, tmp_path, much)
    space.leave("second")
    space.leave("second")
    space.promise("third", tmp_path, much)


def test_a_new_promise_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    space, much = DiskSpace(), _free(tmp_path, MORE_THAN_HALF)
    space.promise("first", tmp_path, much)
    space.promise("first", tmp_path, much)
    space.still_needs("first", 2 * much)
    space.promise("second", tmp_path, 1000)


def test_a_refused_download_keeps_no_promise(tmp_path: Path) -> None:
    space = DiskSpace()
    _refused(space, tmp_path, _free(tmp_path, 2))
    space.still_needs("refused", 10**15)
    space.promise("other", tmp_path, 1000)


def test_an_unknown_length_is_promised_nothing_and_may_begin(tmp_path: Path) -> None:
    space = DiskSpace()
    space.promise("large", tmp_path, _free(tmp_path, MORE_THAN_HALF))
    space.promise("unknown", tmp_path, None)


def test_other_disks_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    space = DiskSpace()
    with small_disk(tmp_path / "disk", 8 * 1024**2) as disk:
        space.promise("here", tmp_path, _free(tmp_path, MORE_THAN_HALF))
        space.promise("there", disk, _free(disk, MORE_THAN_HALF))
        _refused(space, disk, _free(disk, MORE_THAN_HALF))


def test_the_last_bytes_of_a_disk_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk", 8 * 1024**2) as disk:
        part = PartialFile.create(disk / "a.part")
        fill(disk, leave_bytes=KEPT_FREE_BYTES - 4096)
        space = DiskSpace()
        assert _refused(space, disk, None).reason is Reason.DISK_FULL
        space.promise("finished", disk, 0)
        for missing in (None, 1):
            with pytest.raises(TransferError) as caught:
                check_part(part, disk, missing=missing)
            assert caught.value.reason is Reason.DISK_FULL
        check_part(part, disk, missing=0)
        part.close()


def test_a_directory_that_is_no_use_is_told(tmp_path: Path) -> None:
    check_directory(tmp_path)
    (tmp_path / "file").touch()
    for wrong in (tmp_path / "gone", tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(TransferError, match="is gone") as caught:
            check_directory(wrong)
        assert caught.value.reason is Reason.DESTINATION
        with pytest.raises(TransferError):
            DiskSpace().promise("x", wrong / "below", 1)


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_part_file_that_is_not_ours_any_more_is_told(tmp_path: Path, how: str) -> None:
    part = PartialFile.create(tmp_path / "a.part")
    check_part(part, tmp_path, missing=1)
    if how == "replaced":
        (tmp_path / "b").touch()
        (tmp_path / "b").rename(part.path)
    else:
        part.path.unlink()
    assert part.is_deleted
    with pytest.raises(TransferError) as caught:
        check_part(part, tmp_path, missing=1)
    assert caught.value.reason is Reason.DESTINATION
    part.close()


def test_it_is_looked_now_and_then_until_the_end(tmp_path: Path) -> None:
    heard: list[TransferError] = []
    part = PartialFile.create(tmp_path / "a.part")
    watch = DiskWatch(
        DiskSpace(), tmp_path, missing=lambda: 1, on_trouble=lambda _part, error: heard.append(error)
    )
    watch.look_if_due(part, now=100.0)
    part.path.unlink()
    watch.look_if_due(part, now=100.0 + LOOK_SECONDS)
    wait_until(lambda: heard, what="what was seen")
    _wait_for_the_look(watch)
    watch.look_if_due(part, now=100.0 + LOOK_SECONDS * 1.5)
    watch.end()
    watch.look_if_due(part, now=time.monotonic() + 1e6)
    _wait_for_the_look(watch)
    assert len(heard) == 1
    part.close()


def _wait_for_the_look(watch: DiskWatch) -> None:
    thread = watch._thread
    assert thread is not None
    thread.join(30)
    assert not thread.is_alive()
