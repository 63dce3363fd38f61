"""The record and the lock beside it: what is damaged, old or a stranger's is never believed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_downloader.demo.rendezvous import (
    RECORD_NAME,
    Record,
    find_server,
    is_locked,
    read_record,
    take_lock,
    write_record,
)


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_record(tmp_path, Record(8080, 4242))
    assert read_record(tmp_path) == Record(8080, 4242)
    assert [path.name for path in tmp_path.iterdir()] == [RECORD_NAME]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"port": 80}',
        b'{"port": "80", "pid": 99}',
        b'{"port": 0, "pid": 99}',
        b'{"port": 65536, "pid": 99}',
        b'{"port": true, "pid": 99}',
        b'{"port": 80.0, "pid": 99}',
        b'{"port": 80, "pid": 1}',
        b'{"port": 80, "pid": 0}',
        b'{"port": 80, "pid": -99}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_record_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / RECORD_NAME).write_bytes(content)
    assert read_record(tmp_path) is None
    assert find_server(tmp_path) is None


def test_the_lock_has_one_holder_until_it_is_closed(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)
    holder = take_lock(tmp_path)
    assert holder is not None
    assert is_locked(tmp_path)
    assert take_lock(tmp_path) is None
    os.close(holder)
    assert not is_locked(tmp_path)


def test_a_directory_that_is_none_has_no_server(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "none")
    assert find_server(tmp_path / "none") is None
