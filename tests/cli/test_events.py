"""`tuidl events`: the journal, and that only what was printed is ever acknowledged."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource
from tests.support.session_control import wait_until


@pytest.fixture
def finished(tuidl: CommandLine, fault_server: FaultServer) -> CommandLine:
    """The command line of a session in which one download has finished."""
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"bytes")))
    tuidl.ok("wait")
    return tuidl


def test_pipe_gets_json_lines(finished: CommandLine) -> None:
    events = finished.ok("events").object_lines()

    assert [event["kind"] for event in events] == ["started", "response-received", "finished"]
    assert [event["sequence"] for event in events] == [1, 2, 3]
    for event in events:
        assert list(event)[:4] == ["sequence", "download_id", "kind", "at"]
    assert events[-1]["path"] == str(finished.directory / "a.bin")


def test_terminal_gets_lines_for_people(finished: CommandLine) -> None:
    with finished.on_terminal("events") as terminal:
        shown = terminal.end()

    assert terminal.code == 0
    assert f"1 a.bin: finished, 5 B, {finished.directory}/a.bin" in shown
    assert "{" not in shown


def test_terminal_gets_json_if_asked(finished: CommandLine) -> None:
    with finished.on_terminal("events", "--json") as terminal:
        assert '"kind": "finished"' in terminal.end()


def test_client_sees_each_event_once_acknowledged(finished: CommandLine) -> None:
    words = ("events", "--client", "script")
    everything = finished.ok("events").out

    assert finished.ok(*words).out == everything
    assert finished.ok(*words, "--ack").out == everything
    assert finished.ok(*words).out == ""
    assert finished.ok("events", "--client", "other").out == everything
    assert finished.ok(*words, "--reset").out == everything


@pytest.mark.parametrize("words", [["--ack"], ["--reset"], ["--client", ""], ["--client", "", "--ack"]])
def test_acknowledging_needs_a_client(finished: CommandLine, words: list[str]) -> None:
    result = finished("events", *words)

    assert (result.code, result.out) == (2, "")


def test_broken_pipe_acknowledges_nothing(finished: CommandLine) -> None:
    result = finished.into_broken_pipe("events", "--client", "script", "--ack")

    assert result.code == 141
    assert result.err == ""
    assert len(finished.ok("events", "--client", "script").lines) == 3


def test_full_disk_acknowledges_nothing(finished: CommandLine) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 -- a device
        result = finished.into(full.fileno(), "events", "--client", "script", "--ack")

    assert result.code == 1
    assert result.err.count("\n") == 1
    assert len(finished.ok("events", "--client", "script").lines) == 3


def test_closed_stdout_acknowledges_nothing(finished: CommandLine) -> None:
    assert finished.without_stdout("events", "--client", "script", "--ack").code == 1
    assert len(finished.ok("events", "--client", "script").lines) == 3


def test_unused_session_stays_unused(tuidl: CommandLine) -> None:
    assert tuidl.ok("events", "--client", "script", "--ack", "--reset").out == ""
    assert not tuidl.state.exists()


@contextmanager
def following(tuidl: CommandLine, *more: str) -> Iterator[subprocess.Popen[str]]:
    """Run `events --follow` of a client with its output in a pipe."""
    words = tuidl.argv("events", "--follow", "--client", "script", "--ack", *more)
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        words, cwd=tuidl.directory, env=tuidl.variables, stdout=pipe, stderr=pipe, text=True, bufsize=1
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def sequences(process: subprocess.Popen[str], *, until: str) -> list[int]:
    """Read events up to one of a kind; return their numbers."""
    numbers = []
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        numbers.append(event["sequence"])
        if event["kind"] == until:
            return numbers
    raise AssertionError(f"no {until} came")


def test_followers_miss_nothing_and_hear_nothing_twice(tuidl: CommandLine, fault_server: FaultServer) -> None:
    heard: list[int] = []
    with following(tuidl) as process:  # before the session was ever used
        for name in ("/a.bin", "/b.bin"):
            tuidl.ok("add", fault_server.add(name, Resource(b"bytes")))
            heard += sequences(process, until="finished")
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130
    tuidl.ok("add", fault_server.add("/c.bin", Resource(b"bytes")))
    tuidl.ok("wait")
    with following(tuidl) as process:
        heard += sequences(process, until="finished")
        tuidl.ok("add", fault_server.add("/d.bin", Resource(b"bytes")))
        heard += sequences(process, until="finished")
    assert heard == list(range(1, 13))


def test_follower_ends_when_its_reader_has_gone(finished: CommandLine) -> None:
    with following(finished) as process:
        sequences(process, until="finished")
        assert process.stdout is not None
        process.stdout.close()
        wait_until(lambda: process.poll() is not None, what="the follower's end")
        assert process.returncode == 141
        process.stdout = None
