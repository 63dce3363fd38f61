"""The server's answers, over real connections."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from random import Random

import pytest

from tests.demo.client import PATIENCE_SECONDS, ask, fetch
from tui_downloader.demo.activity import Activity
from tui_downloader.demo.gallery import Gallery
from tui_downloader.demo.pictures import Picture
from tui_downloader.demo.rendezvous import HOST, server_field
from tui_downloader.demo.server import PictureServer

CONTENT = Random(1).randbytes(50_000)
NAME = "noise.png"
PATH = f"/{NAME}"
FAST = 10**9

Serve = Callable[[int], PictureServer]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts servers that pass at the given rate; they end with the test."""
    with contextlib.ExitStack() as servers:

        def start(rate_bytes_per_second: int) -> PictureServer:
            gallery = Gallery(tmp_path, {NAME: Picture(NAME, lambda: CONTENT, "image/png")})
            activity = Activity(time.monotonic(), lifetime_seconds=900, quiet_seconds=60)
            server = PictureServer(0, gallery, activity, rate_bytes_per_second=rate_bytes_per_second)
            servers.enter_context(server)
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            servers.callback(thread.join)
            servers.callback(server.shutdown)
            return server

        yield start


@pytest.fixture
def port(serve: Serve) -> int:
    """The port of a server that passes as fast as it can."""
    return serve(FAST).server_port


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


def test_a_whole_file_with_all_that_is_known_of_it(port: int, tmp_path: Path) -> None:
    reply = fetch(port, PATH)
    assert reply.status == 200
    assert reply.content == CONTENT
    assert reply.fields["content-type"] == "image/png"
    assert reply.fields["content-length"] == "50000"
    assert reply.fields["accept-ranges"] == "bytes"
    assert reply.fields["etag"] == f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    modified_at = int((tmp_path / NAME).stat().st_mtime)
    assert reply.fields["last-modified"] == formatdate(modified_at, usegmt=True)
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    assert reply.fields["repr-digest"] == f"sha-256=:{digest}:"
    assert reply.fields["server"] == server_field(os.getpid())
    assert "content-range" not in reply.fields


def test_head_tells_the_same_and_sends_nothing(port: int) -> None:
    got, told = fetch(port, PATH), fetch(port, PATH, method="HEAD", fields={"Range": "bytes=0-9"})
    assert told.status == 200
    assert told.content == b""
    assert {**told.fields, "date": ""} == {**got.fields, "date": ""}


def test_a_question_mark_and_what_follows_changes_nothing(port: int) -> None:
    assert fetch(port, PATH + "?size=large&x=/../").content == CONTENT


@pytest.mark.parametrize(
    ("field", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=49000-", 49_000, 50_000),
        ("bytes=49000-90000", 49_000, 50_000),
        ("bytes=-7", 49_993, 50_000),
    ],
)
def test_a_range(port: int, field: str, start: int, stop: int) -> None:
    reply = fetch(port, PATH, fields={"Range": field})
    assert reply.status == 206
    assert reply.content == CONTENT[start:stop]
    assert reply.fields["content-range"] == f"bytes {start}-{stop - 1}/50000"
    assert reply.fields["content-length"] == str(stop - start)
    assert reply.fields["etag"] == fetch(port, PATH, method="HEAD").fields["etag"]


@pytest.mark.parametrize("field", ["bytes=50000-", "bytes=-0"])
def test_a_range_outside_the_file(port: int, field: str) -> None:
    reply = fetch(port, PATH, fields={"Range": field})
    assert reply.status == 416
    assert reply.fields["content-range"] == "bytes */50000"


@pytest.mark.parametrize("field", ["bytes=0-1,4-5", "bytes=9-3", "pages=1-2", "nonsense"])
def test_a_range_that_is_not_understood_is_not_there(port: int, field: str) -> None:
    reply = fetch(port, PATH, fields={"Range": field})
    assert reply.status == 200
    assert reply.content == CONTENT


def test_if_range_with_the_right_validator_gets_the_part(port: int) -> None:
    known = fetch(port, PATH, method="HEAD").fields
    for validator in (known["etag"], known["last-modified"]):
        reply = fetch(port, PATH, fields={"Range": "bytes=40000-", "If-Range": validator})
        assert reply.status == 206
        assert reply.content == CONTENT[40_000:]


def test_if_range_with_any_other_validator_gets_everything(port: int) -> None:
    known = fetch(port, PATH, method="HEAD").fields
    later = formatdate(time.time() + 100, usegmt=True)
    for validator in ('"other"', "W/" + known["etag"], known["etag"].strip('"'), later, "nonsense"):
        for field in ("bytes=40000-", "bytes=90000-"):
            reply = fetch(port, PATH, fields={"Range": field, "If-Range": validator})
            assert reply.status == 200
            assert reply.content == CONTENT


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//",
        "/.",
        "/server.json",
        "/secret",
        "/../secret",
        "/%2e%2e/secret",
        "/..%2fsecret",
        "/%6eoise.png",
        f"/./{NAME}",
        f"/{NAME}/",
        f"/{NAME}/../secret",
        f"/{NAME}%00",
        "/" + "a" * 2000,
        NAME,
        f"http://{HOST}/{NAME}",
        "*",
    ],
)
def test_any_other_path_is_not_there(port: int, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("secret")
    for method in ("GET", "HEAD"):
        reply = fetch(port, path, method=method)
        assert reply.status == 404
        assert reply.content == (b"404 Not Found\n" if method == "GET" else b"")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(port: int, method: str) -> None:
    reply = fetch(port, PATH, method=method, fields={"Content-Length": "0"})
    assert reply.status == 405
    assert reply.fields["allow"] == "GET, HEAD"
    assert reply.fields["connection"] == "close"


def test_one_connection_brings_several_requests(port: int) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE_SECONDS)
    with contextlib.closing(connection):
        connection.connect()
        first_socket = connection.sock
        statuses = [
            ask(connection, "GET", path, fields).status
            for path, fields in ((PATH, {}), ("/none", {}), (PATH, {"Range": "bytes=-9"}), (PATH, {}))
        ]
        assert statuses == [200, 404, 206, 200]
        assert connection.sock is first_socket


def test_nonsense_gets_an_answer_or_silence_and_the_server_goes_on(port: int) -> None:
    for nonsense in (
        b"\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x00" * 9 + b"\r\n",
        b"",
    ):
        with socket.create_connection((HOST, port), PATIENCE_SECONDS) as stranger:
            stranger.sendall(nonsense)
            stranger.shutdown(socket.SHUT_WR)
            assert not stranger.recv(65536).startswith(b"HTTP/1.1 2")
    assert fetch(port, PATH).content == CONTENT


def test_a_file_that_cannot_be_read_is_said_to_be_so(
    port: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    fetch(port, PATH)
    (tmp_path / NAME).unlink()
    assert fetch(port, PATH).status == 500
    assert NAME in capfd.readouterr().err


def test_requests_and_clients_that_go_away_leave_no_line_in_the_log(
    serve: Serve, capfd: pytest.CaptureFixture[str]
) -> None:
    server = serve(20_000)
    fetch(server.server_port, "/none")
    with socket.create_connection((HOST, server.server_port), PATIENCE_SECONDS) as client:
        client.sendall(f"GET {PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert client.recv(10)
    until(lambda: server.activity.running == 0)
    assert capfd.readouterr().err == ""


def test_a_slow_transfer_comes_in_slices_and_lets_others_pass(serve: Serve) -> None:
    server = serve(4000)
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=PATIENCE_SECONDS)
    with contextlib.closing(connection):
        connection.request("GET", PATH)
        response = connection.getresponse()
        first = response.read(1000)
        assert server.activity.running == 1
        assert fetch(server.server_port, PATH, fields={"Range": "bytes=0-99"}).content == CONTENT[:100]
        until(lambda: server.activity.running == 1)
        assert first + response.read(1000) == CONTENT[:2000]


def test_closing_breaks_off_what_is_running(serve: Serve) -> None:
    server = serve(1000)
    connection = http.client.HTTPConnection(HOST, server.server_port, timeout=PATIENCE_SECONDS)
    with contextlib.closing(connection):
        connection.request("GET", PATH)
        response = connection.getresponse()
        assert response.read(10) == CONTENT[:10]
        server.closing.set()
        with pytest.raises(http.client.IncompleteRead):
            response.read()


def test_only_the_last_byte_counts_as_a_fetched_file(serve: Serve) -> None:
    server = serve(FAST)
    far_future = time.monotonic() + 70
    fetch(server.server_port, PATH, method="HEAD")
    fetch(server.server_port, PATH, fields={"Range": "bytes=0-49998"})
    until(lambda: server.activity.running == 0)
    assert not server.activity.is_over(far_future)
    fetch(server.server_port, PATH, fields={"Range": "bytes=49999-"})
    until(lambda: server.activity.running == 0)
    assert server.activity.is_over(far_future + PATIENCE_SECONDS)
