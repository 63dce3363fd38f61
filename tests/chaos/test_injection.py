"""Line ends and other schemes in URLs, fields and redirects: none becomes a field, only http is opened."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from tests.engine.fetching import fetch, plan
from tests.support.certificates import Certificates
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import GarbageReply, Redirect
from tui_downloader.engine.exchange import RequestPlan
from tui_downloader.engine.failures import TransferError
from tui_downloader.errors import InvalidInputError
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.request import checked_field, checked_url
from tui_downloader.tui.adding.curl import RefusedCommandError, read_command

ENDS = ("\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\t")
ESCAPED = ("%0d%0a", "%0a", "%0d", "%00", "%E5%98%8A%E5%98%8D")
OTHERS = (
    "file:///etc/passwd",
    "ftp://127.0.0.1/a",
    "data:text/plain,a",
    "javascript:alert(1)",
    "gopher://a/",
    "ws://a/",
)


@pytest.mark.parametrize("end", ENDS, ids=ascii)
def test_no_line_end_gets_into_a_request(end: str) -> None:
    for text in (
        f"http://a.example/b{end}X-Injected: yes",
        f"http://a{end}X-Injected: yes/",
        f"http://a.example/?q={end}x",
    ):
        with pytest.raises(InvalidInputError):
            checked_url(text)
    if end != "\t":  # a tabulator is part of a value (RFC 9110, 5.5)
        for text in (f"A: b{end}X-Injected: yes", f"A{end}X-Injected: yes"):
            with pytest.raises(InvalidInputError):
                checked_field(text)
    with contextlib.suppress(RefusedCommandError):
        command, _ = read_command(f"curl 'http://a.example/b' -H $'A: b{end}X-Injected: yes'")
        assert not any(set(value) & set("\r\n\0") for _, value in command.fields)


@pytest.mark.parametrize("escaped", ESCAPED)
def test_an_escaped_line_end_stays_escaped(fault_server: FaultServer, escaped: str) -> None:
    target = f"/a{escaped}X-Injected:%20yes"
    fault_server.add(target, Resource(b"abc"))
    hop = fault_server.add("/hop", Resource(b""), faults=[Redirect(target)])
    for url in (fault_server.url(target), hop):
        assert fetch(url)[1] == b"abc"
    for each in fault_server.requests():
        assert each.field("X-Injected") is None
        assert "\r" not in each.target
    assert [each.target for each in fault_server.requests()] == [target, "/hop", target]


@pytest.mark.parametrize(
    "raw", [b"/b\nX-Injected: yes", b"/b\rX-Injected: yes", b"/b\x00c", b"/b c", b"/b\tc", b"/b\xff"]
)
def test_raw_bytes_in_a_location_begin_no_field(fault_server: FaultServer, raw: bytes) -> None:
    answer = b"HTTP/1.1 302 Found\r\nLocation: " + raw + b"\r\nContent-Length: 0\r\n\r\n"
    url = fault_server.add("/a", Resource(b""), faults=[GarbageReply(answer)])
    with contextlib.suppress(TransferError):
        fetch(url)
    assert all(each.field("X-Injected") is None for each in fault_server.requests())
    assert all(each.target.isascii() and each.target.isprintable() for each in fault_server.requests())


@pytest.mark.parametrize("url", OTHERS)
def test_no_other_scheme_is_opened(fault_server: FaultServer, url: str) -> None:
    with pytest.raises(InvalidInputError):
        checked_url(url)
    start = fault_server.add("/a", Resource(b""), faults=[Redirect(url)])
    with pytest.raises(TransferError) as caught:
        fetch(start)
    assert caught.value.reason is Reason.REFUSED_REDIRECT


def test_nothing_secret_goes_from_https_to_http_even_where_that_is_allowed(
    fault_server: FaultServer, certificates: Certificates, authority_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    fault_server.add("/b", Resource(b"abc"))
    with FaultServer(certificates) as secure:
        start = secure.add("/a", Resource(b""), faults=[Redirect(fault_server.url("/b"))])
        url = start.replace("//", "//me:secret@")
        fields = [("Authorization", "Bearer x"), ("X-Api-Key", "k"), ("Cookie", "a=b")]
        with pytest.raises(TransferError) as caught:
            fetch(plan(url, fields=fields))
        assert caught.value.reason is Reason.REFUSED_REDIRECT
        allowed = RequestPlan(
            url=url, original_url=url, fields=fields, range_fields={}, allow_insecure=True, allow_private=True
        )  # fmt: skip
        assert fetch(allowed)[1] == b"abc"
    (heard,) = fault_server.requests()
    assert not {"authorization", "x-api-key", "cookie"} & {name.lower() for name, _ in heard.fields}
