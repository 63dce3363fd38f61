"""Faults in replies do on the wire what their names say."""

from __future__ import annotations

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    Chunked,
    EndlessHead,
    Fault,
    HeaderBomb,
    InterimResponses,
    LengthMinus,
    LengthPlus,
    ManyFields,
    NoLength,
    NoRangesFor200,
    Redirect,
    RedirectLoop,
    Status,
)
from tests.support_tests.wire import (
    ask,
    connected,
    fetch,
    fetch_all,
    parsed,
    read_all,
)

DATA = body(7, 200_000)
RANGE = "Range: bytes=50000-59999"


def _add(server: FaultServer, *faults: Fault) -> None:
    server.add("/a", Resource(DATA), faults=faults)


def test_status_carries_fields_and_body(fault_server: FaultServer) -> None:
    _add(fault_server, Status(401, (("WWW-Authenticate", "Basic realm=x"),), b"who?\n"))
    received = fetch(fault_server, "/a")
    assert (received.status, received.body) == (401, b"who?\n")
    assert received.fields["www-authenticate"] == "Basic realm=x"


def test_redirects(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(DATA), faults=[Redirect("/b?x=1", 307)])
    fault_server.add("/loop", Resource(DATA), faults=[RedirectLoop()])
    received = fetch(fault_server, "/a")
    assert (received.status, received.fields["location"]) == (307, "/b?x=1")
    targets = ["/loop"]
    for _ in range(3):
        targets.append(fetch(fault_server, targets[-1]).fields["location"])
    assert targets == ["/loop", "/loop?hop=1", "/loop?hop=2", "/loop?hop=3"]


def test_wrong_lengths(fault_server: FaultServer) -> None:
    fault_server.add("/more", Resource(DATA), faults=[LengthPlus(100)])
    fault_server.add("/less", Resource(DATA), faults=[LengthMinus(100)])
    more, less = fetch_all(fault_server, "/more"), fetch_all(fault_server, "/less")
    assert (more.fields["content-length"], more.body) == ("200100", DATA)
    assert (less.fields["content-length"], less.body) == ("199900", DATA)


def test_chunked_whole_and_cut(fault_server: FaultServer) -> None:
    fault_server.add("/whole", Resource(DATA), faults=[Chunked(times=1)])
    fault_server.add("/cut", Resource(DATA), faults=[Chunked(100_000)])
    with connected(fault_server) as sock:
        ask(sock, "/whole", "Connection: close")
        whole = _unchunked(read_all(sock))
    assert whole == (DATA, True)
    with connected(fault_server) as sock:
        ask(sock, "/cut")
        cut = _unchunked(read_all(sock))
    assert cut == (DATA[:100_000], False)


@pytest.mark.parametrize("kind", ["fault_server", "tls_fault_server"])
def test_no_length_ends_in_order(kind: str, request: pytest.FixtureRequest) -> None:
    server: FaultServer = request.getfixturevalue(kind)
    _add(server, NoLength())
    received = fetch_all(server, "/a")
    assert received.body == DATA
    assert not {"content-length", "transfer-encoding"} & set(received.fields)


def test_no_length_can_be_cut(fault_server: FaultServer) -> None:
    _add(fault_server, NoLength(12_345))
    assert fetch_all(fault_server, "/a").body == DATA[:12_345]


def test_ranges_unannounced(fault_server: FaultServer) -> None:
    fault_server.add("/silent", Resource(DATA), faults=[NoRangesFor200()])
    fault_server.add("/untrue", Resource(DATA), faults=[NoRangesFor200(say_none=True)])
    assert "accept-ranges" not in fetch(fault_server, "/silent").fields
    assert fetch(fault_server, "/untrue").fields["accept-ranges"] == "none"
    assert fetch(fault_server, "/silent", RANGE).status == 206


def test_header_bomb(fault_server: FaultServer) -> None:
    _add(fault_server, HeaderBomb(150_000))
    received = fetch(fault_server, "/a", RANGE)
    assert sum(map(len, received.fields.values())) > 150_000
    assert received.body == DATA[50_000:60_000]


def test_many_fields(fault_server: FaultServer) -> None:
    _add(fault_server, ManyFields(3_000))
    received = fetch(fault_server, "/a", RANGE)
    assert received.fields["x-2999"] == "y"
    assert received.body == DATA[50_000:60_000]


def test_an_endless_head_ends_only_because_the_test_does(fault_server: FaultServer) -> None:
    _add(fault_server, EndlessHead(b"a: b\r\n"))
    with connected(fault_server) as sock:
        ask(sock, "/a")
        received = read_all(sock)
    assert len(received) > 60_000_000
    assert b"\r\n\r\n" not in received


def test_interim_responses(fault_server: FaultServer) -> None:
    _add(fault_server, InterimResponses(100, status=102))
    with connected(fault_server) as sock:
        ask(sock, "/a")
        received = read_all(sock)
    assert received.count(b"HTTP/1.1 102 ") == 100
    assert received.count(b"HTTP/1.1 200 ") == 1
    assert received.endswith(DATA)


def _unchunked(received: bytes) -> tuple[bytes, bool]:
    """Return the decoded body and whether its last chunk came."""
    head, _, rest = received.partition(b"\r\n\r\n")
    assert parsed(head, b"").fields["transfer-encoding"] == "chunked"
    decoded = b""
    while rest:
        size_line, _, rest = rest.partition(b"\r\n")
        size = int(size_line, 16)
        if size == 0:
            return decoded, rest == b"\r\n"
        decoded, rest = decoded + rest[:size], rest[size + 2 :]
    return decoded, False
