"""How much header a server may send, counted whatever the pieces it comes in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.fetching import fetch
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import EndlessHead, GarbageReply, HeaderBomb, InterimResponses, ManyFields
from tui_downloader.engine.failures import TransferError
from tui_downloader.engine.header_guard import (
    FIELDS_MAX,
    HEADER_BYTES_MAX,
    INTERIM_RESPONSES_MAX,
    HeaderGuard,
)
from tui_downloader.model.lifecycle import Reason

INTERIM = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
HEADER = b'HTTP/1.1 200 OK\r\nETag: "a"\r\nX: 1\r\n\r\n'


def pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:stop] for start, stop in itertools.pairwise(edges)]


def feed(data: bytes, cuts: Sequence[int] = ()) -> HeaderGuard:
    guard = HeaderGuard()
    for piece in pieces(data, cuts):
        guard.feed(piece)
    return guard


CUTS = st.lists(st.integers(0, 10_000), max_size=8)


@given(interim=st.integers(0, INTERIM_RESPONSES_MAX), follows=st.binary(max_size=40), cuts=CUTS)
def test_a_header_ends_where_it_ends(interim: int, follows: bytes, cuts: list[int]) -> None:
    data = INTERIM * interim + HEADER
    assert feed(data + follows, cuts).is_body
    assert not feed(data[:-1], cuts).is_body


@given(cuts=CUTS)
def test_too_many_interim_responses(cuts: list[int]) -> None:
    with pytest.raises(TransferError, match="interim"):
        feed(INTERIM * (INTERIM_RESPONSES_MAX + 1) + HEADER, cuts)


@given(cuts=CUTS)
def test_too_many_fields(cuts: list[int]) -> None:
    head = b"HTTP/1.1 200 OK\n" + b"a:\n" * FIELDS_MAX
    assert feed(head + b"\n", cuts).is_body
    with pytest.raises(TransferError, match="fields"):
        feed(head + b"a:\n", cuts)


@given(cuts=CUTS, filler=st.sampled_from([b"x", b"x: " + b"y" * 500 + b"\r\n"]))
def test_too_many_bytes_in_one_line_or_in_many(cuts: list[int], filler: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\n" + filler * (HEADER_BYTES_MAX // len(filler) + 1)
    with pytest.raises(TransferError, match="64 KiB"):
        feed(head, cuts)


@given(st.lists(st.binary(max_size=50), max_size=10))
def test_any_bytes_are_counted_or_refused(data: list[bytes]) -> None:
    guard = HeaderGuard()
    for piece in data:
        guard.feed(piece)


def test_bodies_are_not_counted_and_each_response_begins_anew() -> None:
    guard = HeaderGuard()
    for _ in range(3):
        guard.begin()
        guard.feed(HEADER + b"a: b\r\n" * 20_000)
        assert guard.is_body


def test_the_last_response_of_a_connection_is_no_interim_one() -> None:
    assert feed(b"HTTP/1.1 101 Switching Protocols\r\n\r\n").is_body


# --------------------------------------------------------------------------------------------------- over the wire

FIELD_LINE = b"X-Filler: " + b"y" * 1000 + b"\r\n"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (HeaderBomb(200_000), "larger than 64 KiB"),
        (HeaderBomb(20_000_000), "larger than 64 KiB"),
        (ManyFields(5_000), "more than 1000 fields"),
        (EndlessHead(), "more than 1000 fields"),
        (EndlessHead(FIELD_LINE), "larger than 64 KiB"),
        (EndlessHead(b"x"), "larger than 64 KiB"),
        (InterimResponses(100), "interim responses"),
        (InterimResponses(100_000, status=100), "interim responses"),
    ],
    ids=str,
)
def test_a_server_that_sends_too_much_is_refused(
    fault_server: FaultServer, fault: HeaderBomb | ManyFields | EndlessHead | InterimResponses, words: str
) -> None:
    url = fault_server.add("/bomb", Resource(b"abc"), faults=[fault])
    with pytest.raises(TransferError, match=words) as caught:
        fetch(url)
    assert caught.value.reason is Reason.BAD_RESPONSE, "no sense in trying again by itself"


def test_the_same_over_tls(
    tls_fault_server: FaultServer, authority_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority_file))
    url = tls_fault_server.add("/bomb", Resource(b"abc"), faults=[InterimResponses(100)])
    with pytest.raises(TransferError, match="interim responses"):
        fetch(url)


def test_large_but_bearable_headers_pass(fault_server: FaultServer) -> None:
    content = body(1, 3_000_000)
    faults = [HeaderBomb(50_000), ManyFields(500), InterimResponses(INTERIM_RESPONSES_MAX)]
    url = fault_server.add("/large", Resource(content), faults=faults)
    assert fetch(url)[1] == content


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: -3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nabc",
        b"HTTP/1.1 200 OK\r\n folded: line\r\n\r\nabc",
        b"\r\n" * 500,
    ],
    ids=lambda raw: repr(raw[17:60]),
)
def test_lengths_and_lines_that_make_no_sense(fault_server: FaultServer, raw: bytes) -> None:
    url = fault_server.add("/odd", Resource(b""), faults=[GarbageReply(raw)])
    with pytest.raises(TransferError) as caught:
        fetch(url)
    assert caught.value.reason is Reason.BAD_RESPONSE


def test_endless_trailers_are_refused(fault_server: FaultServer) -> None:
    raw = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n" + b"T: u\r\n" * 2_000_000
    url = fault_server.add("/trailers", Resource(b""), faults=[GarbageReply(raw)])
    with pytest.raises(TransferError) as caught:
        fetch(url)
    assert caught.value.reason is Reason.BAD_RESPONSE
