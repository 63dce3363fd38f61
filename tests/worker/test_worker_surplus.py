"""Connections beside the first, at a server that wants none: they cost neither time nor the server's patience."""

from __future__ import annotations

import time

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import Pace, SlowHeaders, WrongTotal, is_ranged
from tests.support.session_control import SessionControl
from tui_downloader.model.lifecycle import State

SIZE = 12_000_000


def test_what_one_connection_hears_ends_them_all(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(1, SIZE)
    slowly = Pace(1_500_000, when=lambda heard: heard.number == 1)
    url = fault_server.add("/a.iso", Resource(content), faults=[slowly, WrongTotal(when=is_ranged)])
    (download_id,) = control.add(url)
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    requests = fault_server.requests("/a.iso")
    assert requests[0].body_bytes_sent < SIZE // 2, "bytes of a file that had changed were still taken"
    assert len(requests) < 20


def test_an_answer_that_never_comes_is_not_waited_for(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(2, SIZE)
    url = fault_server.add("/a.iso", Resource(content), faults=[Pace(6_000_000), SlowHeaders(600, when=is_ranged)])
    (download_id,) = control.add(url)
    fault_server.wait_for(lambda log: bool(log) and log[0].ended, timeout_seconds=60)
    ended_at = time.monotonic()
    row = control.wait_for(download_id, State.COMPLETED)
    assert row.path is not None
    assert row.path.read_bytes() == content
    assert len(fault_server.requests("/a.iso")) > 1, "another connection waited"
    assert time.monotonic() - ended_at < 25, "not the half minute that a header may take"
