"""`tuidl sessions`, `stop`, `worker`, and how a session is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter

URL = "https://tuidl.invalid/file.iso"


def test_session_is_named_before_or_after_the_verb_or_by_environment(tuidl: CommandLine) -> None:
    tuidl.ok("-s", "one", "add", "--paused", URL)
    tuidl.ok("add", "--paused", URL, "--session", "two")
    tuidl.environment["TUIDL_SESSION"] = "three"
    tuidl.ok("add", "--paused", URL)
    tuidl.ok("-s", "two", "add", "--paused", f"{URL}?2", "-s", "one")

    assert [row["session"] for row in tuidl.ok("sessions", "--json").objects()] == ["one", "three", "two"]
    assert [len(tuidl.downloads("-s", name)) for name in ("one", "two", "three")] == [2, 1, 1]


def test_state_directory_before_or_after_the_verb(tuidl: CommandLine) -> None:
    tuidl.ok("--state-dir", "other", "add", "--paused", URL)

    assert len(tuidl.downloads("--state-dir", str(tuidl.directory / "other"))) == 1
    assert not tuidl.state.exists()
    tuidl.ok("stop", "--state-dir", "other")


@pytest.mark.parametrize(
    "name", ["..", ".", "", "a/b", "/etc", "-x", "a.", "ä", "a b", "x" * 65, "a\x1b[31m", "a\nb", ".hidden"]
)
@pytest.mark.parametrize("verb", ["list", "add"])
def test_what_is_no_session_name(tuidl: CommandLine, name: str, verb: str) -> None:
    result = tuidl(f"--session={name}", verb, *([URL] if verb == "add" else []))

    assert (result.code, result.out) == (2, "")
    assert result.err.rstrip("\n").isprintable()
    assert not tuidl.state.exists()


def test_names_that_differ_in_case_are_one(tuidl: CommandLine) -> None:
    tuidl.ok("-s", "Work", "add", "--paused", URL)

    assert tuidl("-s", "work", "list").code == 2


@pytest.mark.parametrize("name", ["", "~nobody-of-this-name/x"])
def test_what_is_no_state_directory(tuidl: CommandLine, name: str) -> None:
    assert tuidl("--state-dir", name, "list").code == 2


def test_sessions_tell_what_goes_on(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])
    tuidl.ok("add", url)

    (running,) = tuidl.ok("sessions", "--json").objects()
    stopped_words = tuidl.ok("stop").err
    (stopped,) = tuidl.ok("sessions", "--json").objects()

    assert list(running) == [
        "session",
        "downloads",
        "unfinished",
        "running",
        "unread",
        "worker_running",
        "worker_pid",
        "held",
        "error",
    ]
    assert (running["downloads"], running["unfinished"], running["worker_running"]) == (1, 1, True)
    assert (stopped["worker_running"], stopped["worker_pid"], stopped["held"]) == (False, None, True)
    assert "1 download goes on at the next tuidl." in stopped_words
    assert tuidl.ok("sessions").lines == ["default  1 download, 1 unfinished · stopped"]


def test_session_of_a_newer_version_hides_no_other(tuidl: CommandLine) -> None:
    tuidl.ok("-s", "good", "add", "--paused", URL)
    tuidl.ok("-s", "bad", "add", "--paused", URL)
    with closing(sqlite3.connect(tuidl.state / "sessions" / "bad" / "state.sqlite3")) as connection:
        connection.execute("PRAGMA user_version = 99")

    rows = tuidl.ok("sessions", "--json").objects()

    assert [(row["session"], row["error"] is None) for row in rows] == [("bad", False), ("good", True)]
    assert tuidl("stop", "--all-sessions").code == 5


def test_stop_without_a_worker(tuidl: CommandLine) -> None:
    assert "no worker was running" in tuidl.ok("stop").err
    assert "No session" in tuidl.ok("stop", "--all-sessions").err
    assert not tuidl.state.exists()


def test_stop_all_sessions(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])
    for name in ("one", "two"):
        tuidl.ok("-s", name, "add", "-o", name, url)

    tuidl.ok("stop", "--all-sessions")

    rows = tuidl.ok("sessions", "--json").objects()
    assert [(row["worker_running"], row["held"]) for row in rows] == [(False, True), (False, True)]


def test_worker_in_the_foreground_ends_when_idle(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])
    tuidl.ok("add", url)
    tuidl.ok("stop")
    fault_server.release()

    tuidl.ok("worker")

    assert (tuidl.directory / "a.bin").read_bytes() == body(1, 400_000)


def test_second_worker_is_refused(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])
    tuidl.ok("add", url)

    result = tuidl("worker")

    assert result.code == 5
    assert "pid" in result.err


def test_a_session_is_removed_by_name(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 400_000)), faults=[StallAfter(200_000)])
    tuidl.ok("-s", "old", "add", url)
    tuidl.ok("-s", "new", "add", "--paused", URL)

    refused = tuidl("sessions", "remove", "old")
    forced = tuidl.ok("sessions", "remove", "old", "--force", "--json")
    gone = tuidl("sessions", "remove", "old", "--json")
    wrong = tuidl("sessions", "remove", "a/b")
    calm = tuidl.ok("sessions", "remove", "new")

    assert (refused.code, refused.out) == (2, "")
    assert "1 download runs in session “old”; nothing was removed" in refused.err
    assert (forced.object()["session"], forced.object()["running"]) == ("old", 1)
    assert (gone.code, gone.out) == (4, "")
    assert "There is no session “old”." in gone.err
    assert wrong.code == 2
    assert calm.err == "Session “new” is removed; finished files stay where they are.\n"
    assert tuidl.ok("sessions", "--json").objects() == []
