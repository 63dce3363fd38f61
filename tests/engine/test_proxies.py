"""Proxies of the environment: which one is taken, what goes through it, and what is said when it fails."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.fetching import fetch, plan
from tests.support.certificates import Certificates
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Redirect
from tests.support.http_proxy import HttpProxy
from tests.support.socks_proxy import SocksProxy
from tui_downloader.engine.address import Address
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.proxies import Proxies
from tui_downloader.model.lifecycle import Reason

SIZE = 3_000_000
"""More than the direct way from the socket needs."""


@pytest.fixture
def proxy() -> Iterator[HttpProxy]:
    with HttpProxy() as made:
        yield made


@pytest.fixture
def socks() -> Iterator[SocksProxy]:
    pytest.importorskip("socksio")
    with SocksProxy() as made:
        yield made


def failure(url: str, **settings: float) -> TransferError:
    with pytest.raises(TransferError) as caught:
        fetch(url, **settings)
    return caught.value


def unused_port() -> int:
    with HttpProxy() as closed:
        return closed.port


# ------------------------------------------------------------------------------------------------------ the choice


@pytest.mark.parametrize(
    ("environment", "url", "expected"),
    [
        ({"http_proxy": "http://p:1"}, "http://a.example/", "http://p:1"),
        ({"http_proxy": "http://p:1"}, "https://a.example/", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://a.example/", "http://p:1"),
        ({"all_proxy": "http://p:1"}, "https://a.example/", "http://p:1"),
        ({"all_proxy": "http://p:1", "http_proxy": "http://q:2"}, "http://a.example/", "http://q:2"),
        ({"http_proxy": "p:1"}, "http://a.example/", "http://p:1"),
        ({"http_proxy": " http://p:1 "}, "http://a.example/", "http://p:1"),
        ({"http_proxy": ""}, "http://a.example/", None),
        ({"http_proxy": "https://p"}, "http://a.example/", "https://p"),
        ({}, "http://a.example/", None),
    ],
)
def test_which_proxy(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, expected: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Proxies().proxy_for(Address.of(url)) == expected


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("a.example", "a.example", True),
        ("a.example", "b.a.example", True),
        (".a.example", "b.a.example", True),
        ("*.a.example", "b.a.example", True),
        ("a.example", "ba.example", False),
        ("b.example, A.EXAMPLE", "a.example", True),
        ("b.example a.example", "a.example", True),
        ("a.example", "a.example.", True),
        ("a.example:8080", "a.example:8080", True),
        ("a.example:8080", "a.example:8081", False),
        ("a.example:80", "a.example", True),
        ("*", "a.example", True),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "a.example", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "[::1]", True),
        ("[::1]", "[::1]:80", True),
        ("[::1]:81", "[::1]:80", False),
        ("fd00::/8", "[fd00::5]", True),
        ("xn--mnchen-3ya.de", "münchen.de", True),
        (",, ,", "a.example", False),
        ("", "a.example", False),
    ],
)
def test_no_proxy(monkeypatch: pytest.MonkeyPatch, no_proxy: str, host: str, direct: bool) -> None:
    monkeypatch.setenv("http_proxy", "http://p:1")
    monkeypatch.setenv("no_proxy", no_proxy)
    assert (Proxies().proxy_for(Address.of(f"http://{host}/")) is None) is direct


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("socks4://me:s3cret@p:1", "socks4"),
        ("ftp://me:s3cret@p:1", "ftp"),
        ("http://me:s3cret@p:port", "all_proxy"),
        ("http://", "all_proxy"),
        ("http://me:s3cret@:80", "all_proxy"),
        ("\x1b[2Jme:s3cret", "all_proxy"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_without_its_login(
    monkeypatch: pytest.MonkeyPatch, value: str, words: str
) -> None:
    monkeypatch.setenv("all_proxy", value)
    told = failure("http://127.0.0.1:9/a")
    assert told.reason is Reason.UNSUPPORTED_URL
    assert words in str(told)
    assert "all_proxy" in str(told)
    assert "s3cret" not in str(told)
    assert str(told).isprintable()


# ---------------------------------------------------------------------------------------------------- HTTP proxies


def test_plain_requests_are_forwarded(
    monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy, fault_server: FaultServer
) -> None:
    content = body(1, SIZE)
    fault_server.add("/a.bin?x=1", Resource(content))
    proxy.names["files.example"] = "127.0.0.1"
    monkeypatch.setenv("http_proxy", proxy.url())
    url = fault_server.url("/a.bin?x=1", host="files.example")
    assert fetch(url)[1] == content
    assert [(each.what, each.where) for each in proxy.asked] == [("GET", url)]
    (request,) = fault_server.requests()
    assert request.field("host") == f"files.example:{fault_server.port}"
    assert request.field("accept-encoding") == "identity"


def test_https_goes_through_a_tunnel_and_its_bytes_never_past_tls(
    monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy, tls_fault_server: FaultServer, authority_file: Path
) -> None:
    content = body(2, SIZE)
    url = tls_fault_server.add("/a.bin", Resource(content))
    monkeypatch.setenv("https_proxy", proxy.url())
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    assert fetch(url)[1] == content
    assert [(each.what, each.where) for each in proxy.asked] == [("CONNECT", f"127.0.0.1:{tls_fault_server.port}")]


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_speaks_tls_itself(
    monkeypatch: pytest.MonkeyPatch,
    certificates: Certificates,
    authority_file: Path,
    fault_server: FaultServer,
    tls_fault_server: FaultServer,
    scheme: str,
) -> None:
    """For https it is TLS within TLS: the socket would give the outer layer's bytes."""
    content = body(3, SIZE)
    server = tls_fault_server if scheme == "https" else fault_server
    url = server.add("/a.bin", Resource(content))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    with HttpProxy(certificates=certificates) as proxy:
        monkeypatch.setenv(f"{scheme}_proxy", proxy.url())
        assert fetch(url)[1] == content
        assert len(proxy.asked) == 1


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_login_in_the_proxy_url_is_for_the_proxy_only(
    monkeypatch: pytest.MonkeyPatch,
    authority_file: Path,
    fault_server: FaultServer,
    tls_fault_server: FaultServer,
    scheme: str,
) -> None:
    server = tls_fault_server if scheme == "https" else fault_server
    url = server.add("/a.bin", Resource(b"abc"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    with HttpProxy(login="me:p@ss:word") as proxy:
        monkeypatch.setenv(f"{scheme}_proxy", proxy.url("me:p%40ss%3Aword@"))
        with_login = url.replace("://", "://you:other@")
        assert fetch(with_login)[1] == b"abc"
        assert [each.login for each in proxy.asked] == [f"Basic {base64.b64encode(b'me:p@ss:word').decode()}"]
    (request,) = server.requests()
    assert request.field("proxy-authorization") is None
    assert request.field("authorization") == f"Basic {base64.b64encode(b'you:other').decode()}"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_wants_a_login(
    monkeypatch: pytest.MonkeyPatch, fault_server: FaultServer, scheme: str
) -> None:
    with HttpProxy(login="me:right") as proxy:
        monkeypatch.setenv("all_proxy", proxy.url("me:wr0ng@"))
        if scheme == "https":
            told = failure(f"https://127.0.0.1:{fault_server.port}/a")
            assert told.reason is Reason.NEEDS_CREDENTIALS
            assert str(told) == "the proxy asks for a name and password (407)"
            assert told.http_status == 407
        else:
            head, _ = fetch(fault_server.add("/a", Resource(b"abc")))
            assert head.status == 407, "the transfer turns it into the same words"
    assert fault_server.requests() == []


@pytest.mark.parametrize(
    ("status", "reason", "words"),
    [
        (403, Reason.REFUSED, "the proxy refuses connections to the server (403)"),
        (502, Reason.SERVER_ERROR, "the proxy has no connection to the server (502)"),
        (503, Reason.SERVER_ERROR, "the proxy has no connection to the server (503)"),
        (302, Reason.REFUSED, "the proxy refuses connections to the server (302)"),
    ],
)
def test_a_proxy_that_makes_no_tunnel(
    monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy, status: int, reason: Reason, words: str
) -> None:
    proxy.refuse_status = status
    monkeypatch.setenv("https_proxy", proxy.url())
    told = failure("https://files.example/a")
    assert (told.reason, str(told)) == (reason, words)


def test_a_server_that_is_down_behind_a_proxy(monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy) -> None:
    monkeypatch.setenv("https_proxy", proxy.url())
    assert failure(f"https://127.0.0.1:{unused_port()}/a").reason is Reason.SERVER_ERROR


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("all_proxy", f"http://me:s3cret@127.0.0.1:{unused_port()}")
    told = failure(f"{scheme}://files.example/a")
    assert (told.reason, str(told)) == (Reason.CONNECTION_LOST, "the proxy refused the connection")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_hangs(monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy, scheme: str) -> None:
    proxy.hang = True
    monkeypatch.setenv("all_proxy", proxy.url())
    told = failure(f"{scheme}://files.example/a", minimum_speed_seconds=0.5)
    assert told.reason is Reason.TIMEOUT


def test_the_certificate_counts_behind_a_proxy_too(
    monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy, tls_fault_server: FaultServer, authority_file: Path
) -> None:
    url = tls_fault_server.add("/a", Resource(b"abc"))
    monkeypatch.setenv("https_proxy", proxy.url())
    assert failure(url).reason is Reason.TLS
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    proxy.names["other.example"] = "127.0.0.1"
    assert failure(tls_fault_server.url("/a", host="other.example")).reason is Reason.TLS


def test_no_proxy_goes_directly(
    monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a", Resource(b"abc"))
    monkeypatch.setenv("http_proxy", proxy.url())
    monkeypatch.setenv("no_proxy", "127.0.0.0/8")
    assert fetch(url)[1] == b"abc"
    assert proxy.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "localhost", "[::ffff:127.0.0.1]"])
def test_a_proxy_leads_no_redirect_into_the_own_network(
    monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy, fault_server: FaultServer, host: str
) -> None:
    """What a proxy reaches counts as public; the address that is really connected to decides, however written."""
    proxy.names["files.example"] = "127.0.0.1"
    monkeypatch.setenv("http_proxy", proxy.url())
    monkeypatch.setenv("no_proxy", host)
    fault_server.add("/secret", Resource(b"abc"))
    fault_server.add("/a", Resource(b""), faults=[Redirect(fault_server.url("/secret", host=host))])
    url = fault_server.url("/a", host="files.example")
    told = failure(url)
    assert told.reason is Reason.REFUSED_REDIRECT
    assert fault_server.requests("/secret") == []
    assert fetch(plan(url, allow_private=True))[1] == b"abc"


def test_the_limit_for_the_header_holds_for_a_tunnel(monkeypatch: pytest.MonkeyPatch, proxy: HttpProxy) -> None:
    proxy.hang = True
    monkeypatch.setenv("https_proxy", proxy.url())
    told = failure("https://files.example/a", header_seconds=0.2, minimum_speed_seconds=600)
    assert (told.reason, str(told)) == (Reason.TIMEOUT, "no complete answer in time")


# --------------------------------------------------------------------------------------------------- SOCKS proxies


@pytest.mark.parametrize("kind", ["socks5", "socks5h", "socks"])
def test_socks_carries_plain_requests_and_names(
    monkeypatch: pytest.MonkeyPatch, socks: SocksProxy, fault_server: FaultServer, kind: str
) -> None:
    content = body(4, SIZE)
    fault_server.add("/a.bin", Resource(content))
    socks.names["files.example"] = "127.0.0.1"
    monkeypatch.setenv("all_proxy", socks.url(scheme=kind))
    assert fetch(fault_server.url("/a.bin", host="files.example"))[1] == content
    assert [each.where for each in socks.asked] == [f"files.example:{fault_server.port}"]


def test_socks_carries_tls_with_a_login(
    monkeypatch: pytest.MonkeyPatch, tls_fault_server: FaultServer, authority_file: Path
) -> None:
    pytest.importorskip("socksio")
    content = body(5, SIZE)
    url = tls_fault_server.add("/a.bin", Resource(content))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    with SocksProxy(login="me:p@ss") as socks:
        monkeypatch.setenv("all_proxy", socks.url("me:p%40ss@"))
        assert fetch(url)[1] == content
        assert [each.login for each in socks.asked] == ["me:p@ss"]


@pytest.mark.parametrize("given", ["", "me:wr0ng@"])
def test_a_socks_proxy_that_wants_a_login(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    pytest.importorskip("socksio")
    with SocksProxy(login="me:right") as socks:
        monkeypatch.setenv("all_proxy", socks.url(given))
        told = failure("http://files.example/a")
    assert (told.reason, str(told)) == (
        Reason.NEEDS_CREDENTIALS,
        "the SOCKS proxy asks for a name and password",
    )


@pytest.mark.parametrize(
    ("code", "reason", "words"),
    [
        (1, Reason.CONNECTION_LOST, "general socks server failure"),
        (2, Reason.REFUSED, "connection not allowed by ruleset"),
        (5, Reason.CONNECTION_LOST, "connection refused"),
        (8, Reason.REFUSED, "address type not supported"),
    ],
)
def test_a_socks_proxy_that_makes_no_connection(
    monkeypatch: pytest.MonkeyPatch, socks: SocksProxy, code: int, reason: Reason, words: str
) -> None:
    socks.reply_code = code
    monkeypatch.setenv("all_proxy", socks.url())
    told = failure("http://files.example/a")
    assert (told.reason, str(told)) == (reason, f"the SOCKS proxy made no connection: {words}")


@pytest.mark.parametrize("garbage", [b"", b"\x05", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x05\x77", b"\x05\x02"])
def test_what_does_not_speak_socks(monkeypatch: pytest.MonkeyPatch, socks: SocksProxy, garbage: bytes) -> None:
    socks.garbage = garbage
    monkeypatch.setenv("all_proxy", socks.url())
    told = failure("http://files.example/a")
    assert told.reason in {Reason.CONNECTION_LOST, Reason.NEEDS_CREDENTIALS}
    assert "SOCKS proxy" in str(told)


def test_a_login_that_socks_cannot_carry(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("socksio")
    with SocksProxy(login="me:right") as socks:
        monkeypatch.setenv("all_proxy", socks.url(f"{'m' * 300}:p@"))
        assert failure("http://files.example/a").reason is Reason.CONNECTION_LOST


def test_a_socks_proxy_that_is_not_there_or_hangs(monkeypatch: pytest.MonkeyPatch, socks: SocksProxy) -> None:
    monkeypatch.setenv("all_proxy", f"socks5://127.0.0.1:{unused_port()}")
    assert str(failure("http://files.example/a")) == "the proxy refused the connection"
    socks.hang = True
    monkeypatch.setenv("all_proxy", socks.url())
    told = failure("http://files.example/a", connect_seconds=0.3, minimum_speed_seconds=600)
    assert (told.reason, str(told)) == (Reason.TIMEOUT, "no connection in time")


def test_without_the_extra_the_command_that_helps_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)  # what Python itself does for a module that is not there
    monkeypatch.setenv("all_proxy", "socks5://me:s3cret@127.0.0.1:9")
    told = failure("http://files.example/a")
    assert told.reason is Reason.UNSUPPORTED_URL
    assert "pip install 'tuidl[socks]'" in str(told)
    assert "all_proxy" in str(told)
    assert "s3cret" not in str(told)
