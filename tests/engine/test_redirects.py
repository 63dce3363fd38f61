"""What goes along over redirects, and what stays: cookies, fields, logins, schemes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.fetching import fetch, plan
from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Redirect, Status
from tui_downloader.engine.failures import TransferError
from tui_downloader.model.lifecycle import Reason


def redirect(location: str, *cookies: str) -> Status:
    """Make a redirect that sets cookies."""
    return Status(302, fields=(("Location", location), *(("Set-Cookie", each) for each in cookies)))


def cookies_of(server: FaultServer, path: str) -> set[str]:
    field = server.requests(path)[-1].field("cookie")
    return set(field.split("; ")) if field else set()


def test_a_cookie_of_one_hop_is_sent_to_the_next(fault_server: FaultServer) -> None:
    fault_server.add("/file", Resource(b"abc"))
    fault_server.add("/second", Resource(b""), faults=[redirect("/file", "b=2; Path=/")])
    url = fault_server.add("/start", Resource(b""), faults=[redirect("/second", "a=1", "old=x; Max-Age=0")])
    assert fetch(url)[1] == b"abc"
    assert cookies_of(fault_server, "/second") == {"a=1"}
    assert cookies_of(fault_server, "/file") == {"a=1", "b=2"}


def test_a_cookie_stays_with_its_host_and_path(fault_server: FaultServer) -> None:
    with FaultServer() as other:
        other.add("/file", Resource(b"abc"))
        fault_server.add("/out", Resource(b""), faults=[redirect(other.url("/file", host="localhost"))])
        set_here = redirect(
            "/out", "a=1; Path=/", "b=2; Path=/deep", "c=3; Domain=example.com", "d=4; Secure; Path=/"
        )
        url = fault_server.add("/start", Resource(b""), faults=[set_here])
        assert fetch(url)[1] == b"abc"
        assert cookies_of(fault_server, "/out") == {"a=1"}
        assert cookies_of(other, "/file") == set()


def test_cookies_end_with_their_download(fault_server: FaultServer) -> None:
    fault_server.add("/file", Resource(b"abc"))
    url = fault_server.add("/start", Resource(b""), faults=[redirect("/file", "a=1; Path=/")])
    fetch(url)
    fetch(fault_server.url("/file"))
    assert cookies_of(fault_server, "/file") == set()


def test_the_users_own_cookie_stays_with_its_origin_and_leaves_room_for_the_servers(
    fault_server: FaultServer,
) -> None:
    with FaultServer() as other:
        other.add("/file", Resource(b"abc"))
        other.add("/in", Resource(b""), faults=[redirect("/file", "there=1; Path=/")])
        url = fault_server.add("/start", Resource(b""), faults=[redirect(other.url("/in", host="localhost"))])
        private = [("Cookie", "mine=1"), ("Authorization", "Bearer x"), ("X-Api-Key", "k"), ("Host", "a.example")]
        fetch(plan(url, fields=[*private, ("User-Agent", "mine"), ("Referer", "http://a.example/")]))
        assert cookies_of(fault_server, "/start") == {"mine=1"}
        assert cookies_of(other, "/in") == set()
        assert cookies_of(other, "/file") == {"there=1"}
        for request in other.requests():
            assert request.field("authorization") is request.field("x-api-key") is None
            assert request.field("host") == f"localhost:{other.port}"
            assert (request.field("user-agent"), request.field("referer")) == ("mine", "http://a.example/")


def test_a_login_in_the_url_stays_with_its_origin(fault_server: FaultServer) -> None:
    with FaultServer() as other:
        other.add("/file", Resource(b"abc"))
        fault_server.add("/here", Resource(b""), faults=[Redirect(other.url("/file"))])
        url = fault_server.add("/start", Resource(b""), faults=[Redirect("/here")])
        fetch(url.replace("http://", "http://me:s3cret@"))
        assert [each.field("authorization") is not None for each in fault_server.requests()] == [True, True]
        assert other.requests()[0].field("authorization") is None
        assert other.requests()[0].field("referer") is None


def test_a_login_that_a_redirect_names_goes_there_only(fault_server: FaultServer) -> None:
    with FaultServer() as other:
        other.add("/file", Resource(b"abc"))
        there = other.url("/file").replace("http://", "http://guest:guest@")
        fetch(fault_server.add("/start", Resource(b""), faults=[Redirect(there)]))
        assert fault_server.requests()[0].field("authorization") is None
        assert other.requests()[0].field("authorization") == "Basic Z3Vlc3Q6Z3Vlc3Q="


def test_https_does_not_lead_to_http(
    fault_server: FaultServer,
    tls_fault_server: FaultServer,
    authority_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    plain = fault_server.add("/file", Resource(b"abc"))
    url = tls_fault_server.add("/start", Resource(b""), faults=[Redirect(plain)])
    with pytest.raises(TransferError, match="--allow-insecure") as caught:
        fetch(url)
    assert caught.value.reason is Reason.REFUSED_REDIRECT
    assert fault_server.requests() == []


def test_every_request_asks_for_the_bytes_as_they_are(fault_server: FaultServer) -> None:
    fault_server.add("/file", Resource(b"abc"))
    fetch(fault_server.add("/start", Resource(b""), faults=[Redirect("/file")]))
    assert [each.field("accept-encoding") for each in fault_server.requests()] == ["identity", "identity"]
