"""Faults in ranges and objects do on the wire what their names say."""

from __future__ import annotations

import gzip

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    BareRange,
    ChangeEveryRequest,
    Fault,
    FlipAt,
    ForcedGzip,
    IgnoreIfRange,
    IgnoreRange,
    PartialIn200,
    Replaced,
    ShiftedRange,
    UnknownTotal,
    Unsatisfiable,
    WholeBodyIn206,
    WrongTotal,
)
from tests.support_tests.wire import (
    Received,
    fetch,
)

DATA = body(7, 200_000)
RANGE = "Range: bytes=50000-59999"


def _add(server: FaultServer, *faults: Fault) -> None:
    server.add("/a", Resource(DATA), faults=faults)


def _ranged(server: FaultServer, *faults: Fault, condition: str = '"v1"') -> Received:
    _add(server, *faults)
    return fetch(server, "/a", RANGE, f"If-Range: {condition}")


def test_ignore_range(fault_server: FaultServer) -> None:
    received = _ranged(fault_server, IgnoreRange())
    assert (received.status, received.body) == (200, DATA)
    assert "accept-ranges" not in received.fields
    assert fault_server.requests()[0].asked_range == (50_000, 60_000)


def test_ignore_if_range(fault_server: FaultServer) -> None:
    received = _ranged(fault_server, IgnoreIfRange(), condition='"old"')
    assert (received.status, received.fields["etag"]) == (206, '"v1"')


def test_bare_range(fault_server: FaultServer) -> None:
    received = _ranged(fault_server, BareRange())
    assert received.status == 206
    assert not {"etag", "last-modified"} & set(received.fields)


def test_shifted_range(fault_server: FaultServer) -> None:
    received = _ranged(fault_server, ShiftedRange(1000))
    assert received.fields["content-range"] == "bytes 51000-60999/200000"
    assert received.body == DATA[51_000:61_000]


@pytest.mark.parametrize(("fault", "total"), [(WrongTotal(10), "200010"), (UnknownTotal(), "*")])
def test_other_totals(fault_server: FaultServer, fault: Fault, total: str) -> None:
    received = _ranged(fault_server, fault)
    assert received.fields["content-range"] == f"bytes 50000-59999/{total}"
    assert received.body == DATA[50_000:60_000]


def test_whole_body_in_206(fault_server: FaultServer) -> None:
    received = _ranged(fault_server, WholeBodyIn206())
    assert (received.status, received.body) == (206, DATA)
    assert received.fields["content-range"] == "bytes 50000-59999/200000"


def test_partial_in_200(fault_server: FaultServer) -> None:
    received = _ranged(fault_server, PartialIn200())
    assert (received.status, received.body) == (200, DATA[50_000:60_000])
    assert received.fields["content-range"] == "bytes 50000-59999/200000"


@pytest.mark.parametrize(("fault", "total"), [(Unsatisfiable(), "200000"), (Unsatisfiable(50_000), "50000")])
def test_unsatisfiable(fault_server: FaultServer, fault: Fault, total: str) -> None:
    received = _ranged(fault_server, fault)
    assert (received.status, received.fields["content-range"]) == (416, f"bytes */{total}")
    assert received.fields["etag"] == '"v1"'
    assert fetch(fault_server, "/a").body == DATA


def test_flip_at_a_byte(fault_server: FaultServer) -> None:
    other = body(8, len(DATA))
    received = _ranged(fault_server, FlipAt(55_000, lambda _: other))
    assert received.body == DATA[50_000:55_000] + other[55_000:60_000]
    assert (received.status, received.fields["etag"]) == (206, '"v1"')


def test_replaced(fault_server: FaultServer) -> None:
    _add(fault_server, Replaced(lambda content: content[::-1], etag='W/"x"', last_modified=None))
    received = fetch(fault_server, "/a")
    assert (received.body, received.fields["etag"]) == (DATA[::-1], 'W/"x"')
    assert "last-modified" not in received.fields


def test_forced_gzip_counts_coded_bytes(fault_server: FaultServer) -> None:
    _add(fault_server, ForcedGzip())
    whole = fetch(fault_server, "/a", "Accept-Encoding: identity")
    part = fetch(fault_server, "/a", "Range: bytes=10-19")
    assert whole.fields["content-encoding"] == "gzip"
    assert gzip.decompress(whole.body) == DATA
    assert (part.status, part.body) == (206, whole.body[10:20])


@pytest.mark.parametrize("weak", [False, True])
def test_change_every_request(fault_server: FaultServer, weak: bool) -> None:
    _add(fault_server, ChangeEveryRequest(weak=weak))
    one, two = fetch(fault_server, "/a"), fetch(fault_server, "/a")
    assert len(one.body) == len(two.body) == len(DATA)
    assert one.body != two.body
    assert one.fields["etag"] != two.fields["etag"]
    assert one.fields["etag"].startswith("W/") == weak
    assert one.fields["last-modified"] != two.fields["last-modified"]
