"""On which file system the state lies."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_downloader.errors import SessionUnusableError
from tui_downloader.model.request import Request
from tui_downloader.session.session import Session
from tui_downloader.state import file_system
from tui_downloader.state.file_system import check_local, file_system_of, kind_by_device, kind_by_place

LINUX = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
41 27 0:52 / /home\\040of/ada rw,relatime shared:7 master:2 - nfs4 server:/ada rw,vers=4.2
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//me@server/files on /Volumes/files (1) (smbfs, nodev, nosuid, mounted by me)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled)
"""


def test_a_device_is_found_among_the_mounts_of_linux() -> None:
    assert kind_by_device(LINUX, os.makedev(0, 52)) == "nfs4"
    assert kind_by_device(LINUX, os.makedev(0, 21)) == "proc"
    assert kind_by_device(LINUX, os.makedev(0, 53)) is None
    assert kind_by_device("nonsense\n\n - ", os.makedev(0, 52)) is None


def test_a_place_is_found_among_the_mounts_of_macos() -> None:
    assert kind_by_place(MAC, Path("/Volumes/files (1)/state")) == "smbfs"
    assert kind_by_place(MAC, Path("/Users/ada")) == "apfs"
    assert kind_by_place("", Path("/Users/ada")) is None


@pytest.mark.skipif(not Path("/proc/self/mountinfo").exists(), reason="Linux")
def test_the_real_system_is_read() -> None:
    assert file_system_of(Path("/proc/nothing/there")) == "proc"
    if Path("/dev/shm").is_mount():
        assert file_system_of(Path("/dev/shm")) == "tmpfs"


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the list of mounts say that `tmp_path` is on NFS; return it."""
    mounts = tmp_path / "mounts"
    mounts.write_text("41 27 0:0 / / rw - nfs4 server:/ada rw\n")
    monkeypatch.setattr(file_system, "_MOUNTS", mounts)
    monkeypatch.setattr(os, "major", lambda _: 0)
    monkeypatch.setattr(os, "minor", lambda _: 0)
    return tmp_path


def test_a_network_mount_is_refused_for_reading_and_writing(network: Path) -> None:
    with pytest.raises(SessionUnusableError, match=r"lies on a network mount \(nfs4\)"):
        check_local(network / "state" / "sessions")
    session = Session("test", state_directory=network / "state")
    with pytest.raises(SessionUnusableError, match="network mount"):
        session.add([Request(url="https://files.example.org/a.iso", directory=network, paused=True)])
    assert not (network / "state").exists(), "nothing is made there"
    session.directory.mkdir(parents=True, mode=0o700)
    (session.directory / "state.sqlite3").touch()
    with pytest.raises(SessionUnusableError, match="network mount"):
        session.snapshots()
