"""`tuidl wait`: when it ends, with which exit code, and that it brings a dead worker back."""

from __future__ import annotations

import os
import signal
import time

import pytest

from tests.cli.command_line import DEADLINE_SECONDS, CommandLine
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter, Status

URL = "https://tuidl.invalid/file.iso"


@pytest.fixture
def stalled_url(fault_server: FaultServer) -> str:
    """A URL that brings half of its bytes, and the rest when the server's gate opens."""
    return fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])


def test_completed_is_0_and_quiet(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"bytes")))

    result = tuidl.ok("wait")

    assert (result.out, result.err) == ("", "")


def test_json_is_the_array_of_what_was_waited_for(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"a")), fault_server.add("/b.bin", Resource(b"b")))

    assert [row["id"] for row in tuidl.ok("wait", "2", "--json").objects()] == [2]
    assert [row["state"] for row in tuidl.ok("wait", "--json").objects()] == ["completed", "completed"]


def test_failed_is_1_and_named(tuidl: CommandLine, fault_server: FaultServer) -> None:
    good, bad = fault_server.add("/a.bin", Resource(b"a")), fault_server.url("/missing.bin")
    tuidl.ok("add", bad, good)

    result = tuidl("wait", "--json")

    assert result.code == 1
    assert [row["state"] for row in result.objects()] == ["failed", "completed"]
    assert result.err.startswith("Download 1, missing.bin, failed")


def test_cancelled_is_1(tuidl: CommandLine, stalled_url: str) -> None:
    tuidl.ok("add", stalled_url)
    tuidl.ok("cancel", "1")

    assert tuidl("wait").code == 1


def test_removed_is_1(tuidl: CommandLine, stalled_url: str) -> None:
    tuidl.ok("add", stalled_url)
    with tuidl.on_terminal("wait", "1") as terminal:
        terminal.until("a.bin")
        tuidl.ok("remove", "1")
        shown = terminal.end()

    assert terminal.code == 1
    assert "1 download removed meanwhile." in shown


def test_time_up_is_3_and_changes_nothing(tuidl: CommandLine, stalled_url: str) -> None:
    tuidl.ok("add", stalled_url)

    result = tuidl("wait", "--timeout", "0.3", "--json")

    assert result.code == 3
    assert result.objects()[0]["intent"] == "run"
    assert result.err == "The time is up; 1 download not finished yet.\n"


@pytest.mark.parametrize("timeout", ["-1", "nan", "soon"])
def test_what_is_no_timeout(tuidl: CommandLine, timeout: str) -> None:
    assert tuidl("wait", "--timeout", timeout).code == 2


def test_unknown_id_is_4_after_the_good_ones(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"a")))

    result = tuidl("wait", "7", "1", "--json")

    assert result.code == 4
    assert [row["state"] for row in result.objects()] == ["completed"]
    assert "There is no download 7." in result.err
    assert tuidl("-s", "unused", "wait", "1").code == 4


def test_paused_ones_are_not_waited_for(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.ok("add", "--paused", URL)
    assert tuidl.ok("wait", "--json").out == "[]\n"
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"a")))

    assert [row["id"] for row in tuidl.ok("wait", "--json").objects()] == [2]


def test_paused_one_that_is_named_is_waited_for(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    result = tuidl("wait", "1", "--timeout", "0")

    assert result.code == 3
    assert "tuidl resume 1" in result.err


def test_stop_meanwhile_is_told_and_waited_out(
    tuidl: CommandLine, fault_server: FaultServer, stalled_url: str
) -> None:
    tuidl.ok("add", stalled_url)
    with tuidl.on_terminal("wait") as terminal:
        terminal.until("a.bin")
        tuidl.ok("stop")
        terminal.until("The session was stopped")
        fault_server.release()
        tuidl.ok("resume", "1")
        terminal.end()

    assert terminal.code == 0


def test_resumed_one_is_waited_for_at_once(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"bytes"), faults=[Status(404)]))
    assert tuidl("wait").code == 1
    fault_server.add("/a.bin", Resource(b"bytes"))
    tuidl.ok("resume", "1")

    tuidl.ok("wait", "1")


def test_dead_worker_is_brought_back(tuidl: CommandLine, fault_server: FaultServer, stalled_url: str) -> None:
    tuidl.ok("add", stalled_url)
    tuidl.until(lambda rows: rows[0]["bytes_received"] == 200_000)
    with tuidl.on_terminal("wait") as terminal:
        terminal.until("a.bin")
        os.kill(running_worker(tuidl), signal.SIGKILL)
        fault_server.release()  # not before: a worker that has finished leaves, and there is none to be killed
        shown = terminal.end()

    assert terminal.code == 0
    assert "Finished: a.bin, 400 kB" in shown
    assert (tuidl.directory / "a.bin").read_bytes() == body(1, 400_000)


def test_workers_that_keep_dying_are_told(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.ok("add", fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(1000)]))
    with tuidl.on_terminal("wait") as terminal:
        terminal.until("a.bin")
        killed = 0
        for _ in range(3):
            killed = running_worker(tuidl, other_than=killed)
            os.kill(killed, signal.SIGKILL)
        assert "next start in" in terminal.until("Its log ends:")


def running_worker(tuidl: CommandLine, *, other_than: int = 0) -> int:
    """Wait until a worker (other than a killed one) runs, and return its process id."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        (row,) = tuidl.ok("sessions", "--json").objects()
        if row["worker_running"] and row["worker_pid"] != other_than:
            return int(str(row["worker_pid"]))
        assert time.monotonic() < deadline


def test_stopped_session_goes_on(tuidl: CommandLine, fault_server: FaultServer, stalled_url: str) -> None:
    tuidl.ok("add", stalled_url)
    tuidl.ok("stop")
    fault_server.release()

    tuidl.ok("wait")


def test_ctrl_c_leaves_the_download_alone(tuidl: CommandLine, fault_server: FaultServer, stalled_url: str) -> None:
    tuidl.ok("add", stalled_url)
    with tuidl.on_terminal("wait") as terminal:
        terminal.until("a.bin")
        terminal.type(b"\x03")
        shown = terminal.end()

    assert terminal.code == 130
    assert "The download goes on." in shown
    fault_server.release()
    tuidl.ok("wait")


def test_dumb_terminal_gets_no_bars(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.environment["TERM"] = "dumb"
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"bytes")))

    with tuidl.on_terminal("wait") as terminal:
        shown = terminal.end()

    assert (terminal.code, shown) == (0, "")


def test_name_is_never_markup(tuidl: CommandLine, fault_server: FaultServer, stalled_url: str) -> None:
    tuidl.ok("add", "-o", "[red]a[b].bin", stalled_url)
    with tuidl.on_terminal("wait") as terminal:
        terminal.until("[red]a[b].bin")
        fault_server.release()
        terminal.end()

    assert terminal.code == 0
