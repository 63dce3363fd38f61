"""The healthy server, its log, its end: what tests may rely on."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from email.utils import formatdate

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import ChangeOn, DropAfter, Pace, StallAfter, Status, is_ranged
from tests.support_tests.wire import ask, connected, fetch, read_reply

DATA = body(1, 300_000)


def test_bodies_depend_on_the_seed_alone() -> None:
    assert body(1, 1000) == body(1, 1000)
    assert body(1, 1000) != body(2, 1000)
    assert len(body(3, 12_345)) == 12_345


@pytest.mark.parametrize("kind", ["fault_server", "tls_fault_server"])
def test_serves_whole_part_and_head_on_one_connection(kind: str, request: pytest.FixtureRequest) -> None:
    server: FaultServer = request.getfixturevalue(kind)
    server.add("/a", Resource(DATA, disposition='attachment; filename="a.bin"', fields=(("X-One", "1"),)))
    with connected(server) as sock:
        ask(sock, "/a")
        whole = read_reply(sock)
        ask(sock, "/a", "Range: bytes=100-199")
        part = read_reply(sock)
        ask(sock, "/a", method="HEAD")
        head = read_reply(sock, method="HEAD")
    assert (whole.status, whole.body) == (200, DATA)
    assert whole.fields["accept-ranges"] == "bytes"
    assert whole.fields["x-one"] == "1"
    assert whole.fields["content-disposition"] == 'attachment; filename="a.bin"'
    assert (part.status, part.body, part.fields["content-range"]) == (206, DATA[100:200], "bytes 100-199/300000")
    assert part.fields["etag"] == '"v1"'
    assert (head.status, head.body, head.fields["content-length"]) == (200, b"", "300000")
    assert {entry.connection_number for entry in server.requests()} == {1}


@pytest.mark.parametrize(
    ("field", "status", "start", "stop"),
    [
        ("bytes=299999-", 206, 299_999, 300_000),
        ("bytes=0-999999", 206, 0, 300_000),
        ("bytes=-5", 206, 299_995, 300_000),
        ("bytes=5-4", 200, 0, 300_000),
        ("bytes=0-1,4-5", 200, 0, 300_000),
        ("lines=0-1", 200, 0, 300_000),
    ],
)
def test_ranges(fault_server: FaultServer, field: str, status: int, start: int, stop: int) -> None:
    fault_server.add("/a", Resource(DATA))
    received = fetch(fault_server, "/a", f"Range: {field}")
    assert (received.status, received.body) == (status, DATA[start:stop])


def test_a_range_beyond_the_end_is_416_with_the_length(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(DATA))
    received = fetch(fault_server, "/a", "Range: bytes=300000-")
    assert (received.status, received.fields["content-range"]) == (416, "bytes */300000")


@pytest.mark.parametrize(
    ("etag", "modified_seconds_ago", "condition", "status"),
    [
        ('"v1"', 3600, '"v1"', 206),
        ('"v2"', 3600, '"v1"', 200),
        ('W/"v1"', 3600, 'W/"v1"', 200),
        ('W/"v1"', 3600, '"v1"', 200),
        (None, 3600, "the date", 206),
        (None, 5, "the date", 200),
        (None, 3600, "Tue, 14 Nov 2023 22:13:21 GMT", 200),
    ],
)
def test_if_range_compares_strongly(
    fault_server: FaultServer, etag: str | None, modified_seconds_ago: int, condition: str, status: int
) -> None:
    modified_at = float(int(time.time()) - modified_seconds_ago)
    fault_server.add("/a", Resource(DATA, etag=etag, last_modified=modified_at))
    wanted = condition.replace("the date", formatdate(modified_at, usegmt=True))
    received = fetch(fault_server, "/a", "Range: bytes=10-19", f"If-Range: {wanted}")
    assert received.status == status


def test_http_client_of_the_standard_library_agrees(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(DATA))
    connection = http.client.HTTPConnection("127.0.0.1", fault_server.port, timeout=10)
    try:
        for _ in range(3):
            connection.request("GET", "/a")
            assert connection.getresponse().read() == DATA
    finally:
        connection.close()
    assert fault_server.connection_count == 1


def test_unknown_paths_and_methods_are_refused(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(DATA))
    assert fetch(fault_server, "/b").status == 404
    assert fetch(fault_server, "/a", method="DELETE").status == 405
    fault_server.remove("/a")
    assert fetch(fault_server, "/a").status == 404


def test_a_target_with_query_comes_before_the_bare_path(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(b"bare"))
    fault_server.add("/a?key=1", Resource(b"signed"))
    assert fetch(fault_server, "/a?key=1").body == b"signed"
    assert fetch(fault_server, "/a?key=2").body == b"bare"
    assert fetch(fault_server, "http://elsewhere.test/a?key=1").body == b"signed"
    assert len(fault_server.requests("/a")) == 3
    assert len(fault_server.requests("/a?key=1")) == 2


def test_the_object_can_be_replaced_and_change_by_itself(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(b"one"))
    fault_server.add("/b", Resource(b"one"), faults=[ChangeOn(3, Resource(b"two", etag='"v2"'))])
    assert fetch(fault_server, "/a").body == b"one"
    fault_server.replace("/a", Resource(b"two", etag='"v2"'))
    assert fetch(fault_server, "/a").fields["etag"] == '"v2"'
    assert [fetch(fault_server, "/b").body for _ in range(4)] == [b"one", b"one", b"two", b"two"]


def test_faults_keep_to_their_times_and_requests(fault_server: FaultServer) -> None:
    faults = [Status(503, (("Retry-After", "1"),), times=2, when=is_ranged)]
    fault_server.add("/a", Resource(DATA), faults=faults)
    asked = ("Range: bytes=0-9",)
    statuses = [fetch(fault_server, "/a", *fields).status for fields in ((), asked, asked, asked)]
    assert statuses == [200, 503, 503, 206]


def test_the_log_tells_what_was_asked_and_sent(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(DATA), faults=[DropAfter(1000, times=1)])
    with connected(fault_server) as sock:
        ask(sock, "/a", "User-Agent: test")
        assert len(sock.recv(10)) == 10
    fetch(fault_server, "/a", "Range: bytes=1000-1999")
    log = fault_server.wait_for(lambda entries: len(entries) == 2 and all(entry.ended for entry in entries))
    assert [entry.asked_range for entry in log] == [None, (1000, 2000)]
    assert [entry.body_bytes_sent for entry in log] == [1000, 1000]
    assert [entry.status for entry in log] == [200, 206]
    assert [entry.connection_number for entry in log] == [1, 2]
    assert [entry.number for entry in log] == [1, 2]
    assert log[0].field("user-agent") == "test"
    assert (log[0].method, log[0].target) == ("GET", "/a")
    assert log[0].at_monotonic <= log[1].at_monotonic <= time.monotonic()


def test_waiting_in_vain_shows_the_log(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(b"x"))
    fetch(fault_server, "/a")
    with pytest.raises(TimeoutError, match="target='/a'"):
        fault_server.wait_for(lambda entries: len(entries) > 1, timeout_seconds=0.01)


def test_a_client_that_leaves_a_stalled_reply_ends_it(fault_server: FaultServer) -> None:
    fault_server.add("/a", Resource(DATA), faults=[StallAfter(100)])
    with connected(fault_server) as sock:
        ask(sock, "/a")
        fault_server.wait_for(lambda entries: [entry.body_bytes_sent for entry in entries] == [100])
        assert not fault_server.requests()[0].ended
    fault_server.wait_for(lambda entries: entries[0].ended)


@pytest.mark.parametrize("tls", [False, True])
def test_closing_is_quick_whatever_goes_on_and_leaves_no_thread(tls: bool, request: pytest.FixtureRequest) -> None:
    before = set(threading.enumerate())
    server = FaultServer(request.getfixturevalue("certificates") if tls else None)
    server.add("/stalled", Resource(DATA), faults=[StallAfter(100)])
    server.add("/paced", Resource(DATA), faults=[Pace(1000)])
    server.add("/unread", Resource(body(2, 30_000_000)))
    with (
        connected(server) as stalled,
        connected(server) as paced,
        connected(server) as unread,
        connected(server),
        socket.create_connection(("127.0.0.1", server.port)),
    ):
        ask(stalled, "/stalled")
        ask(paced, "/paced")
        ask(unread, "/unread")
        server.wait_for(lambda entries: sum(entry.body_bytes_sent > 0 for entry in entries) == 3)
        server.close()  # it asserts itself that none of its threads hangs
        assert set(threading.enumerate()) <= before
    server.close()
