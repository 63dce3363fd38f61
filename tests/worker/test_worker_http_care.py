"""Proxies, logins, header bombs and codings through a real worker: what the user sees, and what no log tells."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    Chunked,
    DropAfter,
    EndlessHead,
    ForcedGzip,
    HeaderBomb,
    InterimResponses,
    ManyFields,
    NoLength,
    Pace,
    StallAfter,
    Status,
)
from tests.support.http_proxy import HttpProxy
from tests.support.session_control import SessionControl, wait_until
from tests.support.socks_proxy import SocksProxy
from tui_downloader.model.download import Download, download_as_json
from tui_downloader.model.lifecycle import Reason, Resumable, State

SIZE = 6_000_000
"""More than the direct way from the socket needs, and enough for a second connection."""
MEMORY_KIB = 160_000
"""More than a worker's peak with any of these, far less than what the servers send."""


@pytest.fixture
def proxy() -> Iterator[HttpProxy]:
    with HttpProxy() as made:
        yield made


@pytest.fixture
def patient(write_settings: Path) -> None:
    """Keep workers for a while after their last download, so that they can be looked at."""
    write_settings.write_text("retry_first_seconds = 0.05\nworker_idle_seconds = 60\n")


def log_of(control: SessionControl) -> str:
    return (control.session.directory / "worker.log").read_text()


def everything_told(control: SessionControl, row: Download) -> str:
    """Return all that anybody can see of a download."""
    events = json.dumps([dict(each.fields) for each in control.session.events()])
    return (
        log_of(control) + events + json.dumps(download_as_json(row, session="test")) + repr(row) + str(row.error)
    )


def peak_memory_kib(control: SessionControl) -> int:
    """Return the most memory that the worker ever had; 0 where the system does not tell."""
    status = Path(f"/proc/{control.worker_pid()}/status")
    if not status.exists():
        return 0
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1])


def completed(control: SessionControl, download_id: int, content: bytes) -> Download:
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    return row


def failed(control: SessionControl, download_id: int, reason: Reason) -> str:
    row = control.wait_for(download_id, State.FAILED)
    assert row.reason is reason
    assert row.error is not None
    assert row.error.isprintable()
    assert "Traceback" not in log_of(control)
    return row.error


# ---------------------------------------------------------------------------------------------------------- logins


def test_the_netrc_login_opens_the_file_and_is_told_nobody(
    control: SessionControl, fault_server: FaultServer, own_environment: Path
) -> None:
    netrc = own_environment / ".netrc"
    netrc.write_text("machine 127.0.0.1\nlogin somebody\npassword hunter2\n")
    netrc.chmod(0o600)
    content = body(1, SIZE)
    url = fault_server.add(
        "/a.bin", Resource(content), faults=[Status(401, when=lambda request: not request.field("authorization"))]
    )
    (download_id,) = control.add(url)
    row = completed(control, download_id, content)
    assert all(each.field("authorization") == "Basic c29tZWJvZHk6aHVudGVyMg==" for each in fault_server.requests())
    told = everything_told(control, row)
    for secret in ("hunter2", "somebody", "c29tZWJvZHk6aHVudGVyMg"):
        assert secret not in told


def test_a_netrc_file_for_everybodys_eyes_is_told_once_in_the_log(
    control: SessionControl, fault_server: FaultServer, own_environment: Path
) -> None:
    netrc = own_environment / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password hunter2")
    netrc.chmod(0o644)
    ids = control.add(*[fault_server.add(f"/{n}", Resource(b"abc"), faults=[Status(401)]) for n in range(3)])
    for each in ids:
        failed(control, each, Reason.NEEDS_CREDENTIALS)
    assert log_of(control).count("others can read it") == 1
    assert "hunter2" not in log_of(control)
    assert all(each.field("authorization") is None for each in fault_server.requests())


# --------------------------------------------------------------------------------------------------------- proxies


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_dies_under_way_costs_nothing_that_came(
    trusting: SessionControl,
    fault_server: FaultServer,
    tls_fault_server: FaultServer,
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
) -> None:
    content = body(2, SIZE)
    server = tls_fault_server if scheme == "https" else fault_server
    url = server.add("/a.bin", Resource(content))
    with HttpProxy(login="me:hunter2") as proxy:
        proxy.cut_after(SIZE // 2)
        monkeypatch.setenv(f"{scheme}_proxy", proxy.url("me:hunter2@"))
        (download_id,) = trusting.add(url, connections_max=1)
        row = completed(trusting, download_id, content)
        assert len(proxy.asked) == len(server.requests()) == 2, "nothing went past the proxy"
    first, second = server.requests()
    assert first.asked_range is None
    assert second.asked_range is not None
    assert 0 < second.asked_range[0] <= SIZE // 2
    assert row.resumable is Resumable.PROVEN
    assert "hunter2" not in everything_told(trusting, row)


def test_several_connections_go_through_a_tunnel(
    trusting: SessionControl, tls_fault_server: FaultServer, proxy: HttpProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = body(3, 30_000_000)
    url = tls_fault_server.add("/a.bin", Resource(content))
    monkeypatch.setenv("https_proxy", proxy.url())
    (download_id,) = trusting.add(url)
    completed(trusting, download_id, content)
    assert {each.where for each in proxy.asked} == {f"127.0.0.1:{tls_fault_server.port}"}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_asks_for_a_login_is_asked_once(
    control: SessionControl, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    with HttpProxy(login="me:right") as proxy:
        monkeypatch.setenv("all_proxy", proxy.url("me:hunter2@"))
        (download_id,) = control.add(f"{scheme}://127.0.0.1:{fault_server.port}/a")
        told = failed(control, download_id, Reason.NEEDS_CREDENTIALS)
        assert told == "the proxy asks for a name and password (407)"
        assert len(proxy.asked) == 1
    assert "hunter2" not in everything_told(control, control.row(download_id))


def test_a_proxy_that_is_not_there_is_waited_for(
    control: SessionControl, fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with HttpProxy() as closed:
        url = closed.url()
    monkeypatch.setenv("http_proxy", url)
    (download_id,) = control.add(fault_server.add("/a", Resource(b"abc")))
    row = control.wait_for(download_id, State.WAITING)
    assert (row.reason, row.error) == (Reason.CONNECTION_LOST, "the proxy refused the connection")
    assert fault_server.requests() == []


def test_socks_carries_a_download_that_goes_on_where_it_broke(
    trusting: SessionControl, tls_fault_server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("socksio")
    content = body(4, SIZE)
    url = tls_fault_server.add("/a.bin", Resource(content))
    with SocksProxy() as socks:
        socks.cut_after(SIZE // 2)
        monkeypatch.setenv("ALL_PROXY", socks.url())
        (download_id,) = trusting.add(url, connections_max=1)
        completed(trusting, download_id, content)
        assert len(socks.asked) == len(tls_fault_server.requests()) == 2


def test_socks_without_its_package_names_the_command(
    control: SessionControl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absent = tmp_path / "absent"
    absent.mkdir()
    (absent / "socksio.py").write_text("raise ImportError('not installed')\n")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(absent), *filter(None, sys.path)]))
    monkeypatch.setenv("all_proxy", "socks5://me:hunter2@127.0.0.1:9")
    (download_id,) = control.add("http://files.example/a")
    told = failed(control, download_id, Reason.UNSUPPORTED_URL)
    assert "pip install 'tuidl[socks]'" in told
    assert "hunter2" not in everything_told(control, control.row(download_id))


# ----------------------------------------------------------------------------------------------- cookies and IPv6


def test_every_connection_brings_the_cookies_that_redirects_set(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(6, 30_000_000)
    stranger = Status(403, when=lambda request: request.field("cookie") != "ticket=1")
    fault_server.add("/file.bin", Resource(content), faults=[stranger, Pace(10_000_000)])
    onward = Status(302, fields=(("Location", "/file.bin"), ("Set-Cookie", "ticket=1; Path=/")))
    (download_id,) = control.add(fault_server.add("/start", Resource(b""), faults=[onward]))
    completed(control, download_id, content)
    assert len(fault_server.requests("/start")) == 1
    assert len(fault_server.requests("/file.bin")) > 1, "more than one connection"


def test_an_ipv6_address(control: SessionControl) -> None:
    try:
        server = FaultServer(address="::1")
    except OSError as error:
        pytest.skip(f"this machine has no IPv6 loopback address ::1: {error}")
    content = body(7, SIZE)
    with server:
        (download_id,) = control.add(
            server.add("/a.bin", Resource(content), faults=[DropAfter(SIZE // 2, times=1)])
        )
        row = completed(control, download_id, content)
    assert row.shown_url.startswith("http://[::1]:")


# ---------------------------------------------------------------------------------------------------- header bombs


@pytest.mark.usefixtures("patient")
def test_header_bombs_fail_at_once_and_fill_no_memory(control: SessionControl, fault_server: FaultServer) -> None:
    bombs = [
        HeaderBomb(20_000_000),
        ManyFields(5_000),
        EndlessHead(),
        EndlessHead(b"x"),
        InterimResponses(100),
        InterimResponses(500_000),
    ]
    urls = [fault_server.add(f"/{n}", Resource(b"abc"), faults=[bomb]) for n, bomb in enumerate(bombs)]
    ids = control.add(*urls)
    told = [failed(control, each, Reason.BAD_RESPONSE) for each in ids]
    assert all(each.startswith("the header of the server’s answer ") for each in told), told
    assert [len(fault_server.requests(f"/{n}")) for n in range(len(bombs))] == [1] * len(bombs), "no second try"
    assert peak_memory_kib(control) < MEMORY_KIB
    assert list(control.downloads.iterdir()) == []


def test_a_bomb_behind_a_resume_keeps_what_came(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(5, SIZE)
    faults = [DropAfter(SIZE // 2, times=1), InterimResponses(100, when=lambda request: request.number == 2)]
    url = fault_server.add("/a.bin", Resource(content), faults=faults)
    (download_id,) = control.add(url, connections_max=1)
    failed(control, download_id, Reason.BAD_RESPONSE)
    assert control.row(download_id).bytes_received > 0
    control.session.resume([download_id])
    completed(control, download_id, content)
    assert fault_server.requests()[-1].asked_range is not None


# --------------------------------------------------------------------------------------------------------- codings

TEXT = b"plain text, again and again, number %d\n"
LINES = b"".join(TEXT % number for number in range(60_000))


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, br"])
def test_a_coding_that_is_not_known_is_named(
    control: SessionControl, fault_server: FaultServer, coding: str
) -> None:
    url = fault_server.add("/notes.txt", Resource(b"\x1b\x03 whatever", fields=(("Content-Encoding", coding),)))
    (download_id,) = control.add(url)
    told = failed(control, download_id, Reason.BAD_RESPONSE)
    assert {"br": "brotli"}.get(coding, coding) in told
    assert "was not asked for" in told
    assert len(fault_server.requests()) == 1


def test_a_name_that_says_compressed_gets_the_bytes_as_they_are(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = gzip.compress(LINES, mtime=0)
    coded = (("Content-Encoding", "gzip"),)
    names = ["a.tar.gz", "a.tgz", "a.svgz", "a.log.GZ"]
    ids = control.add(*[fault_server.add(f"/{name}", Resource(content, fields=coded)) for name in names])
    for each in ids:
        completed(control, each, content)


@pytest.mark.parametrize("name", ["notes.txt", "notes.txt.gz"])
def test_coded_bytes_are_never_continued_by_range(
    control: SessionControl, fault_server: FaultServer, name: str
) -> None:
    url = fault_server.add(f"/{name}", Resource(LINES), faults=[ForcedGzip(), DropAfter(50_000, times=2)])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    received = row.path.read_bytes()
    assert (gzip.decompress(received) if name.endswith(".gz") else received) == LINES
    assert [each.asked_range for each in fault_server.requests()] == [None] * 3
    assert row.resumable is Resumable.NO
    assert [each.name for each in control.downloads.iterdir()] == [name]


def test_the_same_file_coded_first_and_plain_later(control: SessionControl, fault_server: FaultServer) -> None:
    faults = [ForcedGzip(etag='"v1"', times=1), DropAfter(50_000, times=1)]
    url = fault_server.add("/notes.txt", Resource(LINES), faults=faults)
    (download_id,) = control.add(url)
    completed(control, download_id, LINES)


@pytest.mark.parametrize("fault", [Chunked(), NoLength(), ForcedGzip()], ids=lambda fault: type(fault).__name__)
def test_an_unknown_length_is_none_until_the_end(
    control: SessionControl, fault_server: FaultServer, fault: Chunked | NoLength | ForcedGzip
) -> None:
    url = fault_server.add("/notes.txt", Resource(LINES), faults=[fault, StallAfter(100_000)])
    (download_id,) = control.add(url)
    wait_until(lambda: control.row(download_id).bytes_received > 0, what="some bytes")
    row = control.row(download_id)
    assert row.bytes_expected is None
    assert row.fraction is None
    assert json.loads(json.dumps(download_as_json(row, session="test")))["bytes_expected"] is None
    fault_server.release()
    assert completed(control, download_id, LINES).bytes_expected == len(LINES)


@pytest.mark.usefixtures("patient")
def test_a_decompression_bomb_fills_no_memory(control: SessionControl, fault_server: FaultServer) -> None:
    size = 256_000_000
    bomb = gzip.compress(bytes(size), compresslevel=9, mtime=0)
    url = fault_server.add("/zeros.bin", Resource(bomb, fields=(("Content-Encoding", "gzip"),)))
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.stat().st_size == size
    assert peak_memory_kib(control) < MEMORY_KIB
