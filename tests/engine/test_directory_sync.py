"""Directories synced for many transfers at once."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.session_control import wait_until
from tui_downloader.engine.directory_sync import DirectorySync
from tui_downloader.engine.failures import TransferError


def test_those_who_come_during_one_sync_share_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, go_on, synced = threading.Event(), threading.Event(), []
    real = os.fsync

    def slow(descriptor: int) -> None:
        synced.append(descriptor)
        first.set()
        go_on.wait(60)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", slow)
    directories = DirectorySync()
    waiting: list[None] = []

    def late() -> None:
        waiting.append(None)
        directories.sync(tmp_path)

    with ThreadPoolExecutor(9) as pool:
        begun = pool.submit(directories.sync, tmp_path)
        first.wait(60)
        others = [pool.submit(late) for _ in range(8)]
        wait_until(lambda: len(waiting) == 8, what="eight more")
        go_on.set()
        for each in (begun, *others):
            each.result(60)
    assert 2 <= len(synced) <= 9
    before = len(synced)
    directories.sync(tmp_path)
    assert len(synced) == before + 1


def test_an_error_reaches_everybody(tmp_path: Path) -> None:
    directories = DirectorySync()
    for _ in range(2):
        with pytest.raises(TransferError):
            directories.sync(tmp_path / "gone")
