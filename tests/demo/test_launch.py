"""Starting, finding and ending the server, with real processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.demo.client import fetch
from tui_downloader.demo.activity import Activity
from tui_downloader.demo.gallery import Gallery
from tui_downloader.demo.launch import DemoServer, ensure_server, stop_server
from tui_downloader.demo.pictures import PICTURES, WALLPAPER
from tui_downloader.demo.rendezvous import HOST, Record, find_server, is_locked, write_record
from tui_downloader.demo.server import PictureServer
from tui_downloader.errors import TuidlError

FAST = 10**9


def test_urls() -> None:
    server = DemoServer(8080)
    assert server.base_url == "http://127.0.0.1:8080/"
    assert server.url(WALLPAPER) == "http://127.0.0.1:8080/nebula-2560x1024.jpg"
    assert server.url("a b/../c?d") == "http://127.0.0.1:8080/a%20b%2F..%2Fc%3Fd"


def test_the_first_start_draws_the_wallpaper_and_every_drawing_is_the_same(
    new_directory: Path, drawn_directory: Path
) -> None:
    server = ensure_server(new_directory, rate_bytes_per_second=FAST)
    assert new_directory.stat().st_mode & 0o777 == 0o700
    assert fetch(server.port, f"/{WALLPAPER}").content == (drawn_directory / WALLPAPER).read_bytes()


def test_another_picture_is_drawn_for_whoever_asks(demo_directory: Path, drawn_directory: Path) -> None:
    name = list(PICTURES)[-1]
    (demo_directory / name).unlink()
    server = ensure_server(demo_directory, rate_bytes_per_second=FAST)
    assert fetch(server.port, f"/{name}").content == (drawn_directory / name).read_bytes()


def test_a_second_launch_finds_the_first_server(demo_directory: Path) -> None:
    first = ensure_server(demo_directory)
    record = find_server(demo_directory)
    assert ensure_server(demo_directory) == first
    assert find_server(demo_directory) == record


def test_launches_at_the_same_time_find_one_server(demo_directory: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        servers = set(pool.map(ensure_server, [demo_directory] * 4))
    assert len(servers) == 1


def test_a_restart_has_the_same_port_and_the_same_validators(demo_directory: Path) -> None:
    before = ensure_server(demo_directory)
    told = fetch(before.port, f"/{WALLPAPER}", method="HEAD").fields
    stop_server(demo_directory)
    assert not is_locked(demo_directory)
    assert find_server(demo_directory) is None
    after = ensure_server(demo_directory)
    assert after == before
    told_again = fetch(after.port, f"/{WALLPAPER}", method="HEAD").fields
    for name in ("etag", "last-modified", "content-length"):
        assert told_again[name] == told[name]


def test_a_port_that_somebody_else_has_taken_is_left_to_them(demo_directory: Path) -> None:
    before = ensure_server(demo_directory)
    stop_server(demo_directory)
    with socket.create_server((HOST, before.port)):
        after = ensure_server(demo_directory)
        assert after.port != before.port
        assert fetch(after.port, f"/{WALLPAPER}", method="HEAD").status == 200


def test_a_server_of_another_directory_on_the_old_port_is_not_taken_for_ours(
    demo_directory: Path, tmp_path: Path
) -> None:
    activity = Activity(time.monotonic(), lifetime_seconds=900, quiet_seconds=60)
    with PictureServer(0, Gallery(tmp_path), activity, rate_bytes_per_second=FAST) as stranger:
        thread = threading.Thread(target=stranger.serve_forever, args=(0.01,))
        thread.start()
        try:
            write_record(demo_directory, Record(stranger.server_port, os.getpid() + 1))
            assert find_server(demo_directory) is None
            assert ensure_server(demo_directory).port != stranger.server_port
        finally:
            stranger.shutdown()
            thread.join()


def test_the_server_is_detached_and_outlives_its_launcher(demo_directory: Path) -> None:
    code = (
        "import pathlib, sys; from tui_downloader.demo.launch import ensure_server;"
        "print(ensure_server(pathlib.Path(sys.argv[1])).port)"
    )
    command = [sys.executable, "-P", "-W", "error", "-c", code, str(demo_directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    record = find_server(demo_directory)
    assert record is not None
    assert record.port == int(done.stdout)
    assert os.getsid(record.pid) == record.pid
    stop_server(demo_directory)


def test_stopping_where_nothing_runs_does_nothing(demo_directory: Path, tmp_path: Path) -> None:
    stop_server(tmp_path / "none")
    # The record of a server that is gone, its pid another process's by now.
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as bystander:
        write_record(demo_directory, Record(9, bystander.pid))
        stop_server(demo_directory)
        assert bystander.poll() is None
        bystander.communicate(b"\n")
        assert bystander.returncode == 0


def test_a_path_that_is_no_directory_is_said_to_be_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TuidlError, match="file"):
        ensure_server(tmp_path / "file")


def test_a_server_that_cannot_read_its_picture_tells_why(new_directory: Path) -> None:
    (new_directory / WALLPAPER).mkdir(parents=True)
    with pytest.raises(TuidlError, match=f"could not be started: .*{WALLPAPER}") as caught:
        ensure_server(new_directory)
    assert "\n" not in str(caught.value)


def test_a_launcher_does_not_wait_for_ever(demo_directory: Path) -> None:
    with pytest.raises(TuidlError, match="within 0 seconds"):
        ensure_server(demo_directory, timeout_seconds=0.0)
