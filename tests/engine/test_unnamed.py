"""Files without a name, and the small bodies that go into them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.engine.fetching import exchange, plan
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import DropAfter, Pace
from tui_downloader.engine import exchange as exchanges
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.finish import give_name
from tui_downloader.engine.partial_file import PartFileLostError
from tui_downloader.engine.unnamed import UnnamedFile


@pytest.fixture
def unnamed(tmp_path: Path) -> UnnamedFile:
    found = UnnamedFile.in_directory(tmp_path)
    if found is None:
        pytest.skip("this system, or its file system, has no files without a name")
    return found


def test_it_has_a_name_only_when_it_is_given_one(unnamed: UnnamedFile, tmp_path: Path) -> None:
    unnamed.write(b"abc", 0)
    unnamed.sync()
    assert unnamed.is_at(unnamed.path)
    assert unnamed.is_deleted
    assert not list(tmp_path.iterdir())
    assert give_name(unnamed, tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"abc"
    assert unnamed.is_at(tmp_path / "a")
    assert (tmp_path / "a").stat().st_nlink == 1
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    unnamed.close()


@pytest.mark.parametrize("planted", ["file", "link", "directory"])
def test_nothing_is_overwritten_or_followed(unnamed: UnnamedFile, tmp_path: Path, planted: str) -> None:
    there, elsewhere = tmp_path / "a", tmp_path / "elsewhere"
    if planted == "file":
        there.write_bytes(b"of the user")
    elif planted == "link":
        there.symlink_to(elsewhere)
    else:
        there.mkdir()
    before = there.lstat()
    assert not give_name(unnamed, there)
    assert there.lstat() == before
    assert not elsewhere.exists()
    unnamed.close()


def test_a_directory_that_is_gone_is_said(unnamed: UnnamedFile, tmp_path: Path) -> None:
    with pytest.raises(TransferError):
        give_name(unnamed, tmp_path / "gone" / "a")
    unnamed.close()
    assert UnnamedFile.in_directory(tmp_path / "gone") is None


def test_where_the_name_cannot_be_given_the_transfer_begins_anew(
    unnamed: UnnamedFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object, **_more: object) -> None:
        raise PermissionError(1, "not like that")

    monkeypatch.setattr(os, "link", refuse)
    with pytest.raises(PartFileLostError):
        give_name(unnamed, tmp_path / "a")
    unnamed.close()


def test_a_small_body_that_comes_at_once_is_given_as_a_whole(fault_server: FaultServer) -> None:
    content = body(1, 20_000)
    with exchange() as made:
        head = made.open(plan(fault_server.add("/a", Resource(content))))
        assert made.whole(head.content_length) == content


@pytest.mark.parametrize("length", [None, 0, exchanges.AT_ONCE_BYTES + 1])
def test_no_other_body_is(fault_server: FaultServer, length: int | None) -> None:
    content = body(1, length or 5)
    with exchange() as made:
        made.open(plan(fault_server.add("/a", Resource(content))))
        assert made.whole(length) is None
        assert b"".join(map(bytes, made.blocks())) == content


def test_a_slow_body_comes_all_the_same(fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanges, "AT_ONCE_SECONDS", 0.0)
    content = body(1, 30_000)
    url = fault_server.add("/a", Resource(content), faults=[Pace(100_000)])
    with exchange() as made:
        head = made.open(plan(url))
        assert made.whole(head.content_length) is None
        assert b"".join(map(bytes, made.blocks())) == content


def test_what_came_of_a_body_that_broke_off_comes_before_the_error(fault_server: FaultServer) -> None:
    content, came = body(1, 30_000), bytearray()
    url = fault_server.add("/a", Resource(content), faults=[DropAfter(20_000)])
    with exchange() as made:
        head = made.open(plan(url))
        assert made.whole(head.content_length) is None
        with pytest.raises(TransferError, match="connection lost"):  # noqa: PT012 -- what came before counts
            for block in made.blocks():
                came += block
    assert came == content[:20_000]
