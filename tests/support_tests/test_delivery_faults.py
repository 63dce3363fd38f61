"""Faults in how bytes arrive do on the wire what their names say."""

from __future__ import annotations

import ssl
import threading
import time

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    Drip,
    DropAfter,
    Fault,
    GarbageReply,
    MaxConnections,
    Pace,
    Refuse,
    ResetAfter,
    SlowHeaders,
    StallAfter,
    Status,
)
from tests.support_tests.wire import (
    ask,
    connected,
    fetch,
    fetch_all,
    read_all,
    read_reply,
    read_until_error,
)

DATA = body(7, 200_000)
RANGE = "Range: bytes=50000-59999"


def _add(server: FaultServer, *faults: Fault) -> None:
    server.add("/a", Resource(DATA), faults=faults)


def test_drop_after_sends_fin(fault_server: FaultServer) -> None:
    _add(fault_server, DropAfter(70_000))
    received = fetch_all(fault_server, "/a")
    assert (received.fields["content-length"], received.body) == ("200000", DATA[:70_000])


def test_drop_after_on_tls_is_a_ragged_end(tls_fault_server: FaultServer) -> None:
    _add(tls_fault_server, DropAfter(70_000))
    with connected(tls_fault_server) as sock:
        ask(sock, "/a")
        received, failure = read_until_error(sock)
    assert received.endswith(DATA[69_000:70_000])
    assert failure is ssl.SSLEOFError


@pytest.mark.parametrize("kind", ["fault_server", "tls_fault_server"])
def test_reset_after_delivers_exactly_then_resets(kind: str, request: pytest.FixtureRequest) -> None:
    server: FaultServer = request.getfixturevalue(kind)
    _add(server, ResetAfter(70_000))
    with connected(server) as sock:
        ask(sock, "/a")
        received, failure = read_until_error(sock)
    assert received.partition(b"\r\n\r\n")[2] == DATA[:70_000]
    # Some versions of the ssl module report a reset as a ragged end.
    assert failure is ConnectionResetError or (kind == "tls_fault_server" and failure is ssl.SSLEOFError)


def test_a_cut_beyond_the_body_does_not_happen(fault_server: FaultServer) -> None:
    _add(fault_server, DropAfter(10_001))
    with connected(fault_server) as sock:
        for _ in range(2):
            ask(sock, "/a", RANGE)
            assert read_reply(sock).body == DATA[50_000:60_000]


def test_stall_after_waits_for_the_gate(fault_server: FaultServer) -> None:
    _add(fault_server, StallAfter(1000))
    with connected(fault_server) as sock:
        ask(sock, "/a")
        fault_server.wait_for(lambda entries: [entry.body_bytes_sent for entry in entries] == [1000])
        fault_server.release()
        assert read_reply(sock).body == DATA
    fault_server.hold()
    with connected(fault_server) as sock:
        ask(sock, "/a")
        entries = fault_server.wait_for(lambda entries: len(entries) == 2 and entries[1].body_bytes_sent > 0)
        assert entries[1].body_bytes_sent == 1000


def test_slow_headers_wait_for_the_gate(fault_server: FaultServer) -> None:
    _add(fault_server, SlowHeaders())
    with connected(fault_server) as sock:
        ask(sock, "/a")
        fault_server.wait_for(lambda entries: len(entries) == 1)
        sock.settimeout(0.05)
        with pytest.raises(TimeoutError):
            sock.recv(1)
        sock.settimeout(10)
        fault_server.release()
        assert read_reply(sock).body == DATA


@pytest.mark.parametrize(
    ("fault", "least_seconds"),
    [
        (Pace(50_000), 0.15),
        (Pace(50_000, burst_seconds=0.1), 0.09),
        (SlowHeaders(0.1), 0.1),
        (Drip(0.001, head=True, body=False), 0.1),
    ],
)
def test_slow_replies_take_their_time(fault_server: FaultServer, fault: Fault, least_seconds: float) -> None:
    _add(fault_server, fault)
    began = time.monotonic()
    assert fetch(fault_server, "/a", RANGE).body == DATA[50_000:60_000]
    assert time.monotonic() - began >= least_seconds


def test_the_open_gate_lifts_a_pace(fault_server: FaultServer) -> None:
    _add(fault_server, Pace(1.0, until_release=True))
    with connected(fault_server) as sock:
        ask(sock, "/a", RANGE)
        fault_server.wait_for(lambda log: any(each.body_bytes_sent for each in log))
        fault_server.release()
        assert read_reply(sock).body == DATA[50_000:60_000], "that would take hours at this pace"


def test_a_dripped_body_is_complete(fault_server: FaultServer) -> None:
    _add(fault_server, Drip(0.001))
    assert fetch(fault_server, "/a", "Range: bytes=0-49").body == DATA[:50]


def test_garbage_replies_are_sent_as_they_are(fault_server: FaultServer) -> None:
    _add(fault_server, GarbageReply(b"\x00\xffHTTP/9 no\n"))
    with connected(fault_server) as sock:
        ask(sock, "/a")
        assert read_all(sock) == b"\x00\xffHTTP/9 no\n"
    assert fault_server.requests()[0].status is None


def test_refuse_says_nothing(fault_server: FaultServer) -> None:
    _add(fault_server, Refuse(times=1), Refuse(reset=True, times=2))
    with connected(fault_server) as sock:
        ask(sock, "/a")
        with pytest.raises(ConnectionResetError):
            read_all(sock)
    fault_server.add("/b", Resource(DATA), faults=[Refuse()])
    with connected(fault_server) as sock:
        ask(sock, "/b")
        assert read_all(sock) == b""


@pytest.mark.parametrize("kind", ["fault_server", "tls_fault_server"])
def test_connections_can_be_refused_before_any_request(kind: str, request: pytest.FixtureRequest) -> None:
    server: FaultServer = request.getfixturevalue(kind)
    _add(server)
    server.refuse_connections(1)
    with pytest.raises((OSError, AssertionError)):
        fetch(server, "/a")
    assert fetch(server, "/a").status == 200
    assert server.connection_count == 2
    assert len(server.requests()) == 1


@pytest.mark.parametrize("status", [503, 429, None])
def test_max_connections_turns_the_rest_away(fault_server: FaultServer, status: int | None) -> None:
    limit = MaxConnections(2, status, (("Retry-After", "1"),))
    _add(fault_server, StallAfter(10, times=2), limit)
    with connected(fault_server) as one, connected(fault_server) as two:
        ask(one, "/a")
        ask(two, "/a")
        fault_server.wait_for(lambda entries: sum(entry.body_bytes_sent for entry in entries) == 20)
        if status is None:
            with pytest.raises(ConnectionResetError):
                fetch_all(fault_server, "/a")
        else:
            turned_away = fetch(fault_server, "/a")
            assert (turned_away.status, turned_away.fields["retry-after"]) == (status, "1")
        fault_server.release()
        assert read_reply(one).body == read_reply(two).body == DATA
    assert fetch(fault_server, "/a").status == 200


def test_max_connections_never_counts_a_reply_the_client_has(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(b"x" * 1000), faults=[MaxConnections(1)])
    assert {fetch(fault_server, "/a").status for _ in range(200)} == {200}


def test_faults_act_together_from_several_threads(fault_server: FaultServer) -> None:
    _add(fault_server, Pace(2_000_000), ResetAfter(100_000, times=4), Status(503, times=2))
    threads = [threading.Thread(target=_fetch_whatever, args=(fault_server,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    entries = fault_server.wait_for(lambda entries: len(entries) == 8 and all(e.ended for e in entries))
    assert sorted(entry.number for entry in entries) == list(range(1, 9))
    assert sorted(entry.body_bytes_sent for entry in entries) == [3, 3, *[100_000] * 2, *[200_000] * 4]


def _fetch_whatever(server: FaultServer) -> None:
    with connected(server) as sock:
        ask(sock, "/a", "Connection: close")
        try:
            read_all(sock)
        except ConnectionResetError:
            return
