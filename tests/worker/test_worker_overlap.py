"""What proves the rest of a file, and what does not, through a real worker: equal bytes make it likely."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tests.support.fault import Exchange
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import (
    Chunked,
    DropAfter,
    Fault,
    IgnoreRange,
    NoLength,
    StallAfter,
    UnknownTotal,
    WholeBodyIn206,
    has_if_range,
    is_ranged,
)
from tests.support.reply import Reply
from tests.support.session_control import SessionControl
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import Resumable, State

SIZE = 3_000_000


@pytest.mark.parametrize(
    ("resource", "fault"),
    [
        (Resource(body(32, SIZE), etag='W/"weak"', last_modified=None), None),
        (Resource(body(32, SIZE), etag=None, last_modified=None), None),
        (Resource(body(32, SIZE)), IgnoreRange(when=has_if_range)),
    ],
    ids=["weak", "none", "200 to If-Range"],
)
def test_without_proof_equal_bytes_make_it_likely(
    control: SessionControl, fault_server: FaultServer, resource: Resource, fault: IgnoreRange | None
) -> None:
    faults = [DropAfter(SIZE // 2, times=1), *([fault] if fault else [])]
    (download_id,) = control.add(fault_server.add("/a.bin", resource, faults=faults))
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == resource.content
    assert (row.restarts, row.resumable) == (0, Resumable.LIKELY)
    last = fault_server.requests("/a.bin")[-1]
    assert last.asked_range is not None
    assert last.asked_range[0] > SIZE // 4, "only the rest and a little more was fetched"
    assert last.field("if-range") is None


def test_other_bytes_in_the_overlap_start_over(control: SessionControl, fault_server: FaultServer) -> None:
    old, new = body(33, SIZE), body(34, SIZE)
    url = fault_server.add(
        "/a.bin", Resource(old, etag=None, last_modified=None), faults=[StallAfter(SIZE // 2, times=1)]
    )
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, 1000)
    control.session.pause([download_id])
    control.wait_for(download_id, State.PAUSED)
    fault_server.replace("/a.bin", Resource(new, etag=None, last_modified=None))
    control.session.resume([download_id])
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == new
    assert row.restarts == 1


def _stopped_in_the_middle(control: SessionControl, fault_server: FaultServer, resource: Resource) -> int:
    """Bring half of an object and pause; return the download's id."""
    url = fault_server.add("/a.bin", resource, faults=[StallAfter(SIZE // 2, times=1)])
    (download_id,) = control.add(url)
    control.wait_for_bytes(download_id, SIZE // 2)
    control.session.pause([download_id])
    control.wait_for(download_id, State.PAUSED)
    return download_id


def _resumed(control: SessionControl, download_id: int) -> Download:
    control.session.resume([download_id])
    return control.wait_for(download_id, State.COMPLETED)


def test_equal_bytes_say_nothing_about_an_end_that_is_not_told(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(35, SIZE)
    unproved = Resource(content, etag=None, last_modified=None)
    download_id = _stopped_in_the_middle(control, fault_server, unproved)
    fault_server.add("/a.bin", unproved, faults=[UnknownTotal()])
    row = _resumed(control, download_id)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert row.restarts == 1


def test_an_equal_strong_tag_counts_more_than_another_date(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(36, SIZE)
    download_id = _stopped_in_the_middle(control, fault_server, Resource(content))
    fault_server.replace("/a.bin", Resource(content, last_modified=1_600_000_000))
    row = _resumed(control, download_id)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert (row.restarts, row.resumable) == (0, Resumable.PROVEN)
    assert fault_server.requests("/a.bin")[-1].asked_range is not None


def test_another_date_under_an_equal_weak_tag_is_a_change(
    control: SessionControl, fault_server: FaultServer
) -> None:
    old, new = body(37, SIZE), body(38, SIZE)
    download_id = _stopped_in_the_middle(control, fault_server, Resource(old, etag='W/"v1"'))
    fault_server.replace("/a.bin", Resource(new, etag='W/"v1"', last_modified=1_600_000_000))
    row = _resumed(control, download_id)
    assert row.path is not None
    assert row.path.read_bytes() == new
    assert row.restarts == 1


@dataclass(frozen=True, slots=True)
class _Longer(Fault):
    """Sends bytes behind the part that was asked for, of which its fields say nothing."""

    more: bytes = b"more"
    """The bytes."""

    def answer(self, exchange: Exchange) -> Reply:
        """Make a part longer."""
        reply = exchange.reply
        return replace(reply, body=bytes(reply.body) + self.more) if reply.status == 206 else reply


@pytest.mark.parametrize("framing", [Chunked(when=is_ranged), NoLength(when=is_ranged)])
@pytest.mark.parametrize("more", [b"x", b"x" * SIZE])
def test_a_part_in_chunks_that_is_longer_than_its_range_is_not_trusted(
    control: SessionControl, fault_server: FaultServer, framing: Fault, more: bytes
) -> None:
    content = body(39, SIZE)
    download_id = _stopped_in_the_middle(control, fault_server, Resource(content))
    fault_server.add("/a.bin", Resource(content), faults=[_Longer(more=more), framing])
    row = _resumed(control, download_id)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert row.restarts == 1


@pytest.mark.parametrize("framing", [Chunked(when=is_ranged), NoLength(when=is_ranged)])
def test_a_part_in_chunks_that_is_as_long_as_its_range_is_taken(
    control: SessionControl, fault_server: FaultServer, framing: Fault
) -> None:
    content = body(40, SIZE)
    download_id = _stopped_in_the_middle(control, fault_server, Resource(content))
    cut = replace(framing, cut_after=SIZE // 4, times=1)  # type: ignore[call-arg]  # both have it
    fault_server.add("/a.bin", Resource(content), faults=[cut, framing])
    row = _resumed(control, download_id)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert (row.restarts, row.resumable) == (0, Resumable.PROVEN)
    assert all(each.asked_range for each in fault_server.requests("/a.bin")[1:])


@pytest.mark.parametrize("framing", [Chunked(), NoLength()])
def test_the_whole_body_in_place_of_a_part_is_noticed_though_it_is_cut(
    control: SessionControl, fault_server: FaultServer, framing: Fault
) -> None:
    """In chunks nothing tells that it is longer than the part, and cut early it is not even that."""
    content = body(41, SIZE)
    download_id = _stopped_in_the_middle(control, fault_server, Resource(content))
    cut = replace(framing, cut_after=SIZE // 4, when=is_ranged, times=1)  # type: ignore[call-arg]  # both have it
    fault_server.add("/a.bin", Resource(content), faults=[WholeBodyIn206(when=is_ranged, times=1), cut])
    row = _resumed(control, download_id)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert row.restarts == 0
