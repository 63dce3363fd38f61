"""Transfers from servers that other people wrote: nginx, Apache, and Python's own, which knows no ranges."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.apache import APACHE, NAME, PASSWORD, Apache, running_apache
from tests.support.certificates import Certificates
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import SlowHeaders
from tests.support.nginx import NGINX, running_nginx
from tests.support.plain_server import running_plain_server
from tests.support.session_control import SessionControl, sha256, wait_until
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Reason, Resumable, State

SIZE, LARGE = 6_000_000, 12_000_000
PER_SECOND = 5_000_000
"""Limit of a download that something happens to on its way; servers differ in how they would slow it."""
LONG_AGO = 1_700_000_000

needs_apache = pytest.mark.skipif(APACHE is None, reason="Apache is not installed")
needs_nginx = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")


@dataclass(frozen=True, slots=True)
class Place:
    """A running server."""

    files: Path
    """What lies here is served; what lies in `slow` so slowly that all connections are needed, where it can
    (nginx lets the first second of each request through at once)."""
    url: Callable[[str], str]
    """Returns the URL of a path."""
    has_ranges: bool
    """Whether it knows ranges."""

    @property
    def resumable(self) -> set[Resumable]:
        """The words that are right for its files."""
        return {Resumable.PROVEN} if self.has_ranges else {Resumable.LIKELY, Resumable.NO}

    def write(self, path: str, content: bytes, *, modified: float = LONG_AGO) -> str:
        """Put a file there, in one step; return its URL."""
        target = self.files / path
        target.parent.mkdir(exist_ok=True)
        fresh = target.with_name("fresh")
        fresh.write_bytes(content)
        os.utime(fresh, (modified, modified))
        fresh.rename(target)
        return self.url(f"/{path}")


@contextlib.contextmanager
def _nginx(root: Path, certificates: Certificates) -> Iterator[Place]:
    with running_nginx(root / "nginx", certificates, locations={"/slow/": "limit_rate 400k;"}) as server:
        yield Place(server.files, server.url, has_ranges=True)


@contextlib.contextmanager
def _apache(root: Path, certificates: Certificates) -> Iterator[Place]:
    with running_apache(certificates) as server:
        yield Place(server.files, server.url, has_ranges=True)


@contextlib.contextmanager
def _apache_tls(root: Path, certificates: Certificates) -> Iterator[Place]:
    with running_apache(certificates) as server:
        yield Place(server.files, lambda path: server.url(path, tls=True), has_ranges=True)


@contextlib.contextmanager
def _plain(root: Path, certificates: Certificates) -> Iterator[Place]:
    files = root / "served"
    files.mkdir()
    with running_plain_server(files) as origin:
        yield Place(files, lambda path: origin + path, has_ranges=False)


WITH_RANGES = [
    pytest.param(_nginx, id="nginx", marks=needs_nginx),
    pytest.param(_apache, id="apache", marks=needs_apache),
    pytest.param(_apache_tls, id="apache, https", marks=needs_apache),
]
ALL = [*WITH_RANGES, pytest.param(_plain, id="http.server")]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, certificates: Certificates) -> Iterator[Place]:
    """Yield one of the servers."""
    with request.param(tmp_path, certificates) as made:
        yield made


@pytest.fixture
def apache(certificates: Certificates) -> Iterator[Apache]:
    """Yield an Apache with all that only it has."""
    with running_apache(certificates) as server:
        yield server


def _check(row: Download, content: bytes) -> None:
    assert row.path is not None
    assert sha256(row.path) == hashlib.sha256(content).hexdigest()
    assert list(row.path.parent.iterdir()) == [row.path]


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_a_whole_file(trusting: SessionControl, place: Place) -> None:
    content = body(1, SIZE)
    (download_id,) = trusting.add(place.write("a.iso", content))
    row = trusting.wait_for(download_id, State.COMPLETED)
    _check(row, content)
    assert row.path is not None
    assert (row.path.name, row.bytes_expected, row.resumable in place.resumable) == ("a.iso", SIZE, True)


@pytest.mark.parametrize("place", ALL, indirect=True)
def test_killed_on_its_way(trusting: SessionControl, place: Place) -> None:
    content = body(1, SIZE)
    (download_id,) = trusting.add(place.write("a.iso", content), bytes_per_second_max=PER_SECOND)
    trusting.wait_for_bytes(download_id, SIZE // 4)
    trusting.kill_worker()
    trusting.session.reconnect()
    row = trusting.wait_for(download_id, State.COMPLETED)
    _check(row, content)
    assert row.resumable in place.resumable
    assert row.restarts == (0 if place.has_ranges else 1)


@pytest.mark.parametrize("kind", ["other bytes", "touched"])
@pytest.mark.parametrize("place", ALL, indirect=True)
def test_changed_on_its_way(trusting: SessionControl, place: Place, kind: str) -> None:
    old = body(1, SIZE)
    new = body(2, SIZE) if kind == "other bytes" else old
    (download_id,) = trusting.add(place.write("a.iso", old), bytes_per_second_max=PER_SECOND)
    trusting.wait_for_bytes(download_id, SIZE // 4)
    trusting.session.pause([download_id])
    trusting.wait_for(download_id, State.PAUSED)
    place.write("a.iso", new, modified=LONG_AGO + 1)
    trusting.session.resume([download_id])
    row = trusting.wait_for(download_id, State.COMPLETED)
    _check(row, new)
    assert row.resumable in place.resumable
    assert row.restarts == 1


@pytest.mark.parametrize("place", WITH_RANGES, indirect=True)
def test_on_four_connections(trusting: SessionControl, place: Place) -> None:
    content = body(3, LARGE)
    (download_id,) = trusting.add(place.write("slow/a.iso", content), connections_max=4)
    wait_until(lambda: trusting.row(download_id).connections == 4, what="four connections")
    row = trusting.wait_for(download_id, State.COMPLETED)
    _check(row, content)
    assert (row.resumable, row.restarts) == (Resumable.PROVEN, 0)


@needs_apache
def test_apache_calls_a_tag_weak_while_the_file_is_new(
    control: SessionControl, apache: Apache, fault_server: FaultServer
) -> None:
    """Within a second of its last change; later the same tag is strong."""
    place, content = Place(apache.files, apache.url, has_ranges=True), body(4, SIZE)
    control.add(fault_server.add("/x", Resource(b"x"), faults=[SlowHeaders()]))
    control.worker_pid()  # it runs already: the request comes at once
    url = place.write("new.iso", content, modified=time.time())
    (download_id,) = control.add(url, bytes_per_second_max=PER_SECOND)
    control.wait_for_bytes(download_id, SIZE // 4)
    with control.database() as database:
        (tag,) = database.execute("SELECT entity_tag FROM downloads WHERE id = ?", [download_id]).fetchone()
    control.kill_worker()
    control.session.reconnect()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert sha256(row.path) == hashlib.sha256(content).hexdigest()
    proof = Resumable.LIKELY if tag.startswith("W/") else Resumable.PROVEN  # a slow machine asks too late
    assert (row.resumable, row.restarts) == (proof, 0)


@needs_apache
def test_apache_asks_for_a_password(control: SessionControl, apache: Apache) -> None:
    (apache.files / "private" / "a.bin").write_bytes(b"secret")
    url = apache.url("/private/a.bin")
    (download_id,) = control.add(url)
    assert control.wait_for(download_id, State.FAILED).reason is Reason.NEEDS_CREDENTIALS
    control.session.resume([download_id], url=url.replace("//", f"//{NAME}:{quote(PASSWORD)}@"))
    row = control.wait_for(download_id, State.COMPLETED)
    _check(row, b"secret")


@needs_apache
def test_apache_forces_gzip_on_us(control: SessionControl, apache: Apache) -> None:
    content = b"".join(b"line %d of a text\n" % number for number in range(300_000))
    (apache.files / "gzip" / "a.txt").write_bytes(content)
    (download_id,) = control.add(apache.url("/gzip/a.txt"))
    row = control.wait_for(download_id, State.COMPLETED)
    _check(row, content)
    assert row.resumable is Resumable.NO


@needs_nginx
def test_nginx_asks_for_a_password_and_sends_what_was_compressed_before(
    control: SessionControl, tmp_path: Path, certificates: Certificates
) -> None:
    root, content = tmp_path / "nginx", b"".join(b"line %d of a text\n" % number for number in range(100_000))
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    places = {
        "/private/": f'auth_basic "private"; auth_basic_user_file {root}/passwords; limit_rate 20m;',
        "/gzip/": "gzip_static always;",
    }
    with running_nginx(root, certificates, locations=places) as server:
        (root / "passwords").write_text(f"{NAME}:{{SHA}}{digest}\n")
        for name in ("private", "gzip"):
            (server.files / name).mkdir()
        (server.files / "private" / "a.bin").write_bytes(content)
        (server.files / "gzip" / "b.txt.gz").write_bytes(gzip.compress(content))
        url = server.url("/private/a.bin")
        locked, packed = control.add(url, server.url("/gzip/b.txt"))
        assert control.wait_for(locked, State.FAILED).reason is Reason.NEEDS_CREDENTIALS
        control.session.resume([locked], url=url.replace("//", f"//{NAME}:{quote(PASSWORD)}@"))
        for each in (locked, packed):
            row = control.wait_until_acted(each, State.COMPLETED, State.FAILED)
            assert row.path is not None, row.error
            assert row.path.read_bytes() == content
