"""Connections that are used again by the next small file, in a real worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import GarbageReply, SlowHeaders
from tests.support.session_control import SessionControl, wait_until
from tui_downloader.model.lifecycle import State

SMALL = 20_000
LARGE = 3_000_000


@pytest.fixture(autouse=True)
def patient(write_settings: Path) -> None:
    """Keep the worker, and so its connections, between two downloads."""
    write_settings.write_text("retry_first_seconds = 0.05\nworker_idle_seconds = 60\nheader_seconds = 600\n")


def fetch(control: SessionControl, fault_server: FaultServer, path: str) -> int:
    """Download a path; return the number of the connection that brought it."""
    (download_id,) = control.add(fault_server.url(path))
    row = control.wait_for(download_id, State.COMPLETED, State.FAILED)
    assert row.state is State.COMPLETED, row.error
    assert row.path is not None
    return fault_server.requests(path)[-1].connection_number


def test_hundreds_of_small_files_come_over_a_few_connections(
    control: SessionControl, fault_server: FaultServer
) -> None:
    contents = {f"/{number}.bin": body(number, SMALL) for number in range(150)}
    for path, content in contents.items():
        fault_server.add(path, Resource(content))
    ids = control.add(*(fault_server.url(path) for path in contents))
    for download_id, content in zip(ids, contents.values(), strict=True):
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content
        assert row.attempt == 1
    connections = {entry.connection_number for entry in fault_server.requests()}
    assert len(connections) <= 16
    assert len(fault_server.requests()) == 150


def test_a_connection_that_brought_a_large_file_is_used_again(
    control: SessionControl, fault_server: FaultServer
) -> None:
    fault_server.add("/large.bin", Resource(body(1, LARGE)))
    fault_server.add("/small.bin", Resource(body(2, SMALL)))
    assert fetch(control, fault_server, "/large.bin") == fetch(control, fault_server, "/small.bin")


def test_a_request_that_met_a_closing_connection_is_sent_again(
    control: SessionControl, fault_server: FaultServer
) -> None:
    fault_server.add("/a.bin", Resource(body(1, SMALL)))
    fault_server.add("/b.bin", Resource(body(2, SMALL)), faults=[GarbageReply(b"", times=1)])
    first = fetch(control, fault_server, "/a.bin")
    assert fetch(control, fault_server, "/b.bin") != first
    asked = fault_server.requests("/b.bin")
    assert [entry.connection_number for entry in asked] == [first, first + 1]
    assert control.row(2).attempt == 1


def test_on_a_new_connection_no_answer_is_an_error(control: SessionControl, fault_server: FaultServer) -> None:
    fault_server.add("/a.bin", Resource(body(1, SMALL)), faults=[GarbageReply(b"", times=1)])
    fetch(control, fault_server, "/a.bin")
    assert control.row(1).attempt == 2


def test_pausing_ends_a_wait_on_a_used_connection_at_once(
    control: SessionControl, fault_server: FaultServer
) -> None:
    content = body(2, SMALL)
    fault_server.add("/a.bin", Resource(body(1, SMALL)))
    fault_server.add("/b.bin", Resource(content), faults=[SlowHeaders(300.0, times=1)])
    first = fetch(control, fault_server, "/a.bin")
    (download_id,) = control.add(fault_server.url("/b.bin"))
    wait_until(lambda: fault_server.requests("/b.bin"), what="the request")
    assert fault_server.requests("/b.bin")[0].connection_number == first
    control.session.pause([download_id])
    control.wait_for(download_id, State.PAUSED)
    wait_until(lambda: fault_server.requests("/b.bin")[0].ended, what="the end of the connection")
    control.session.resume([download_id])
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content


def test_stopping_one_download_spares_the_connection_that_another_took_over(
    control: SessionControl, fault_server: FaultServer
) -> None:
    """A response that was read to its end gives its connection away; the first owner must not end it any more."""
    contents = {f"/{number}.bin": body(number, SMALL) for number in range(120)}
    for path, content in contents.items():
        fault_server.add(path, Resource(content))
    ids = control.add(*(fault_server.url(path) for path in contents))
    for download_id in ids[::3]:
        control.session.pause([download_id])
    control.session.resume(ids[::3])
    for download_id, content in zip(ids, contents.values(), strict=True):
        row = control.wait_for(download_id, State.COMPLETED)
        assert row.path is not None
        assert row.path.read_bytes() == content


def test_a_probably_small_file_has_one_line_in_the_log(control: SessionControl, fault_server: FaultServer) -> None:
    for path in ("/first.bin", "/next.bin?key=hidden"):
        fault_server.add(path.partition("?")[0], Resource(body(1, SMALL)))
        (download_id,) = control.add(fault_server.url(path))
        control.wait_for(download_id, State.COMPLETED)
    log = control.session.directory / "worker.log"
    wait_until(lambda: "download 2: attempt ends" in log.read_text(), what="the second one's line")
    lines = [line for line in log.read_text().splitlines() if "attempt" in line]
    assert [" ".join(line.split()[2:6]) for line in lines] == [
        "download 1: attempt begins,",
        "download 1: attempt ends:",
        "download 2: attempt ends:",
    ]
    assert lines[-1].endswith(f"finished, {SMALL} bytes, {fault_server.url('/next.bin')}")
