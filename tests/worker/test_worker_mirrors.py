"""Resuming where the original URL leads to another machine than before: where the bytes came from is asked too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fault_server import FaultServer, LoggedRequest, Resource, body
from tests.support.faults import BareRange, Fault, IgnoreRange, Redirect, StallAfter, Status, is_ranged
from tests.support.session_control import SessionControl
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Resumable, State

SIZE = 3_000_000
HALF = SIZE // 2
OLD, NEW = body(60, SIZE), body(61, SIZE)
NOWHERE = Resource(b"")


class Mirrors:
    """An address that leads to one of two machines, and a download that stopped in the middle on the first."""

    def __init__(self, control: SessionControl, start: FaultServer, one: FaultServer, two: FaultServer) -> None:
        self.control = control
        self.start = start
        self.one = one
        self.two = two
        self.id = 0

    def stop_in_the_middle(self, resource: Resource, *faults: Fault) -> None:
        """Bring half of an object from the first machine; its later requests meet the faults."""
        url = self.one.add("/a.iso?signature=1", resource, faults=[StallAfter(HALF, times=1), *faults])
        start = self.start.add("/latest", NOWHERE, faults=[Redirect(url)])
        secrets = (("Authorization", "Bearer hidden"), ("Cookie", "id=hidden"))
        (self.id,) = self.control.add(start, fields=secrets)
        self.control.wait_for_bytes(self.id, HALF)
        self.control.session.pause([self.id])
        self.control.wait_for(self.id, State.PAUSED)

    def go_on_at_the_second(self, resource: Resource, *faults: Fault) -> Download:
        """Let the address lead to the second machine and resume; return the completed row."""
        url = self.two.add("/a.iso?signature=2", resource, faults=faults)
        self.start.add("/latest", NOWHERE, faults=[Redirect(url)])
        self.control.session.resume([self.id])
        return self.control.wait_for(self.id, State.COMPLETED)

    @property
    def later_requests(self) -> list[LoggedRequest]:
        """What the first machine was asked after the pause."""
        return self.one.requests()[1:]


@pytest.fixture
def mirrors(control: SessionControl, fault_server: FaultServer) -> Iterator[Mirrors]:
    """Yield three machines."""
    with FaultServer() as one, FaultServer() as two:
        yield Mirrors(control, fault_server, one, two)


def _content(row: Download) -> bytes:
    assert row.path is not None
    return row.path.read_bytes()


@pytest.mark.parametrize(
    ("there", "fault"),
    [
        (Resource(NEW, etag='"v2"'), None),
        (Resource(NEW[:-1], etag=None, last_modified=None), None),
        (Resource(NEW, etag=None, last_modified=None), IgnoreRange()),
        (Resource(OLD), IgnoreRange()),
    ],
    ids=["another tag", "another length", "no ranges", "no ranges, same tag"],
)
def test_the_first_machine_proves_the_bytes(mirrors: Mirrors, there: Resource, fault: Fault | None) -> None:
    mirrors.stop_in_the_middle(Resource(OLD))
    row = mirrors.go_on_at_the_second(there, *([fault] if fault else []))
    assert _content(row) == OLD
    assert (row.restarts, row.resumable) == (0, Resumable.PROVEN)
    assert mirrors.later_requests, "the first machine was asked"
    assert mirrors.later_requests[0].asked_range == (HALF, SIZE)
    assert mirrors.later_requests[0].field("if-range") == '"v1"'


def test_secrets_stay_with_the_original_origin(mirrors: Mirrors) -> None:
    mirrors.stop_in_the_middle(Resource(OLD))
    mirrors.go_on_at_the_second(Resource(NEW, etag='"v2"'))
    assert all(each.field("authorization") and each.field("cookie") for each in mirrors.start.requests())
    for each in (*mirrors.one.requests(), *mirrors.two.requests()):
        assert (each.field("authorization"), each.field("cookie")) == (None, None)


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_an_expired_place_proves_nothing(mirrors: Mirrors, status: int) -> None:
    mirrors.stop_in_the_middle(Resource(OLD), Status(status, when=is_ranged))
    row = mirrors.go_on_at_the_second(Resource(NEW, etag='"v2"'))
    assert _content(row) == NEW
    assert row.restarts == 1
    assert len(mirrors.later_requests) == 1, "once is enough"
    assert [each.asked_range for each in mirrors.two.requests()] == [(HALF, SIZE)], "its 200 was taken as it came"


def test_a_place_that_is_gone_proves_nothing(mirrors: Mirrors) -> None:
    mirrors.stop_in_the_middle(Resource(OLD))
    mirrors.one.close()
    row = mirrors.go_on_at_the_second(Resource(NEW, etag='"v2"'))
    assert _content(row) == NEW
    assert row.restarts == 1


def test_a_place_that_changed_too_proves_nothing(mirrors: Mirrors) -> None:
    mirrors.stop_in_the_middle(Resource(OLD))
    mirrors.one.replace("/a.iso?signature=1", Resource(NEW, etag='"v2"'))
    row = mirrors.go_on_at_the_second(Resource(NEW, etag='"v2"'))
    assert _content(row) == NEW
    assert row.restarts == 1


@pytest.mark.parametrize("bare", [False, True])
def test_another_machine_with_the_same_tag_is_enough(mirrors: Mirrors, *, bare: bool) -> None:
    """Its copy may be of another age; with an equal strong tag that is no difference."""
    mirrors.stop_in_the_middle(Resource(OLD))
    row = mirrors.go_on_at_the_second(Resource(OLD, last_modified=1_600_000_000), *([BareRange()] if bare else []))
    assert _content(row) == OLD
    assert (row.restarts, row.resumable) == (0, Resumable.PROVEN)
    assert mirrors.later_requests == []


def test_without_proof_anywhere_the_first_machine_is_the_likelier(mirrors: Mirrors) -> None:
    """Equal bytes before the rest make it likely; the machine they came from is asked for them."""
    weak = Resource(OLD, etag='W/"v1"', last_modified=None)
    mirrors.stop_in_the_middle(weak)
    row = mirrors.go_on_at_the_second(Resource(NEW, etag=None, last_modified=None))
    assert _content(row) == OLD
    assert (row.restarts, row.resumable) == (0, Resumable.LIKELY)


def test_at_the_same_origin_another_tag_is_a_change(mirrors: Mirrors) -> None:
    mirrors.stop_in_the_middle(Resource(OLD))
    mirrors.two = mirrors.one
    row = mirrors.go_on_at_the_second(Resource(NEW, etag='"v2"'))
    assert _content(row) == NEW
    assert row.restarts == 1
    assert [each.target for each in mirrors.later_requests] == ["/a.iso?signature=2"]
