"""Transfers from a real nginx, over http and https."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.certificates import Certificates
from tests.support.fault_server import body
from tests.support.nginx import NGINX, Nginx, running_nginx
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import Resumable, State

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

SIZE = 8_000_000


@pytest.fixture
def nginx(tmp_path: Path, certificates: Certificates) -> Iterator[Nginx]:
    """Yield a server with one slow place."""
    with running_nginx(tmp_path / "nginx", certificates, locations={"/slow/": "limit_rate 4m;"}) as server:
        (server.files / "slow").mkdir()
        (server.files / "slow" / "a.iso").write_bytes(body(1, SIZE))
        (server.files / "empty.bin").touch()
        yield server


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_killed_in_mid_transfer_and_resumed(trusting: SessionControl, nginx: Nginx, *, tls: bool) -> None:
    (download_id,) = trusting.add(nginx.url("/slow/a.iso", tls=tls), connections_max=1)
    received = trusting.wait_for_bytes(download_id, SIZE // 4).bytes_received
    trusting.kill_worker()
    trusting.session.reconnect()
    row = trusting.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == body(1, SIZE)
    assert row.resumable is Resumable.PROVEN
    log = nginx.files.parent / "access.log"
    wait_until(lambda: len(log.read_text().splitlines()) >= 2, what="both requests in the log")
    statuses = [match[1] for match in re.finditer(r'HTTP/1\.1" (\d+) ', log.read_text())]
    assert sorted(statuses) == ["200", "206"]
    assert received >= SIZE // 4


def test_an_empty_file(trusting: SessionControl, nginx: Nginx) -> None:
    (download_id,) = trusting.add(nginx.url("/empty.bin"))
    row = trusting.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == b""


def test_a_replaced_file_starts_over(trusting: SessionControl, nginx: Nginx) -> None:
    (download_id,) = trusting.add(nginx.url("/slow/a.iso"), connections_max=1)  # several bring it all at once
    trusting.wait_for_bytes(download_id, SIZE // 4)
    trusting.session.pause([download_id])
    trusting.wait_for(download_id, State.PAUSED)
    target = nginx.files / "slow" / "a.iso"
    fresh = target.with_name("fresh")
    fresh.write_bytes(body(2, SIZE + 1))
    fresh.rename(target)
    trusting.session.resume([download_id])
    row = trusting.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == body(2, SIZE + 1)
    assert row.restarts == 1
