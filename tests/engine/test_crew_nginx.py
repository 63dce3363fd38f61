"""Limits of a real nginx on connections and on requests."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.transferring import bring, shared_parts
from tests.support.certificates import Certificates
from tests.support.fault_server import body
from tests.support.nginx import NGINX, Nginx, running_nginx

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

SIZE = 12_000_000
PLACES = {
    "/three/": "limit_conn each 3; limit_rate 512k;",
    "/seldom/": "limit_req zone=seldom; limit_rate 4m;",
}


@pytest.fixture
def nginx(tmp_path: Path, certificates: Certificates) -> Iterator[Nginx]:
    """Yield a server that allows three connections in one place, two requests a second in another."""
    with running_nginx(tmp_path / "nginx", certificates, locations=PLACES) as server:
        for place in PLACES:
            (server.files / place.strip("/")).mkdir()
            (server.files / place.strip("/") / "a").write_bytes(body(1, SIZE))
        yield server


@pytest.mark.parametrize("place", PLACES)
def test_few_refusals_and_the_right_file(nginx: Nginx, tmp_path: Path, place: str) -> None:
    with shared_parts() as shared:
        assert bring(nginx.url(f"{place}a"), tmp_path / "to", shared) == body(1, SIZE)
    statuses = _statuses(nginx)
    assert 0 < statuses.count("503") <= 20, statuses


def _statuses(nginx: Nginx) -> list[str]:
    """Return the status of every request, once nginx has written the last one."""
    log = nginx.files.parent / "access.log"
    due_at, text = time.monotonic() + 20, ""
    while not text or time.monotonic() < due_at:
        time.sleep(1.2)  # nginx writes its log once a second
        before, text = text, log.read_text()
        if text and text == before:
            break
    return re.findall(r'HTTP/1\.1" (\d+) ', text)
