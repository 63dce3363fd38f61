"""`tuidl pause`, `resume`, `cancel`, `remove`: what changes, and who is meant."""

from __future__ import annotations

import pytest

from tests.cli.command_line import CommandLine, Json
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter, Status

URL = "https://tuidl.invalid/file.iso"
VERBS = ["pause", "resume", "cancel", "remove"]


def states(rows: list[Json]) -> list[object]:
    """The states of downloads, by id."""
    return [row["state"] for row in rows]


@pytest.fixture
def stalled(tuidl: CommandLine, fault_server: FaultServer) -> FaultServer:
    """A server from which downloads 1 and 2 have half of their bytes; its gate lets the rest through."""
    for path in ("/a.bin", "/b.bin"):
        url = fault_server.add(path, Resource(body(1, 400_000)), faults=[StallAfter(200_000)])
        tuidl.ok("add", url)
    tuidl.until(lambda rows: [row["bytes_received"] for row in rows] == [200_000, 200_000])
    return fault_server


def test_pause_and_resume(tuidl: CommandLine, stalled: FaultServer) -> None:
    assert tuidl.ok("pause", "1").out == ""
    tuidl.until(lambda rows: states(list(rows)) == ["paused", "transferring"])
    stalled.release()
    tuidl.ok("resume", "1")
    tuidl.ok("wait", "1", "2")

    assert (tuidl.directory / "a.bin").read_bytes() == body(1, 400_000)
    asked = stalled.requests("/a.bin")[-1].asked_range
    assert asked is not None
    assert asked[0] == 200_000


def test_pause_all_and_resume_all(tuidl: CommandLine, stalled: FaultServer) -> None:
    tuidl.ok("pause", "--all")
    tuidl.until(lambda rows: states(list(rows)) == ["paused", "paused"])
    stalled.release()
    tuidl.ok("resume", "--all")
    tuidl.ok("wait")

    assert states(tuidl.downloads()) == ["completed", "completed"]


def test_cancel_keeps_row_and_part(tuidl: CommandLine, stalled: FaultServer) -> None:
    tuidl.ok("cancel", "--all")
    rows = tuidl.until(lambda rows: states(list(rows)) == ["cancelled", "cancelled"])

    assert [row["bytes_received"] for row in rows] == [200_000, 200_000]
    assert sorted(path.name for path in tuidl.directory.glob("*.part")) == ["a.bin.part", "b.bin.part"]
    assert "Nothing" in tuidl.ok("cancel", "--all").err


def test_remove_takes_the_part_away(tuidl: CommandLine, stalled: FaultServer) -> None:
    tuidl.ok("remove", "1")
    tuidl.until(lambda rows: [row["id"] for row in rows] == [2])

    assert sorted(path.name for path in tuidl.directory.glob("*.part")) == ["b.bin.part"]


@pytest.mark.parametrize("delete", [False, True])
def test_remove_completed(tuidl: CommandLine, fault_server: FaultServer, delete: bool) -> None:
    tuidl.ok("add", fault_server.add("/a.bin", Resource(b"bytes")))
    tuidl.ok("wait")
    tuidl.ok("add", "--paused", URL)

    tuidl.ok("remove", "--completed", *(["--delete-file"] if delete else []))
    tuidl.until(lambda rows: [row["id"] for row in rows] == [2])

    assert (tuidl.directory / "a.bin").exists() is not delete


def test_resume_failed(tuidl: CommandLine, fault_server: FaultServer) -> None:
    missing = fault_server.add("/a.bin", Resource(b"bytes"), faults=[Status(404)])
    tuidl.ok("add", missing)
    tuidl.ok("add", "--paused", URL)
    assert tuidl("wait", "1").code == 1
    fault_server.add("/a.bin", Resource(b"bytes"))

    assert "Resuming 1 download." in tuidl.ok("resume", "--failed").err
    tuidl.ok("wait", "1")

    assert states(tuidl.downloads()) == ["completed", "paused"]


def test_resume_from_a_new_url(tuidl: CommandLine, fault_server: FaultServer) -> None:
    tuidl.ok("add", fault_server.add("/old.bin", Resource(b"bytes"), faults=[Status(404)]))
    assert tuidl("wait").code == 1
    new = fault_server.add("/new.bin", Resource(b"bytes"))

    tuidl.ok("resume", "1", "--url", new)
    tuidl.ok("wait")

    assert tuidl.downloads()[0]["url"] == new


@pytest.mark.parametrize("words", [["1", "2"], ["--all"], ["--failed"], []])
def test_new_url_is_for_one(tuidl: CommandLine, words: list[str]) -> None:
    assert tuidl("resume", *words, "--url", URL).code == 2


def test_new_url_is_checked(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    result = tuidl("resume", "1", "--url", "ftp://host.example/x")

    assert result.code == 2
    assert "only http and https" in result.err


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("used", [False, True])
def test_unknown_ids_after_the_good_ones(tuidl: CommandLine, verb: str, used: bool) -> None:
    if used:
        tuidl.ok("add", "--paused", f"{URL}?1")

    result = tuidl(verb, "7", *(["1"] if used else []), "8")

    assert (result.code, result.out) == (4, "")
    assert "7" in result.err
    assert "8" in result.err
    if used and verb == "remove":
        tuidl.until(lambda rows: not rows)
    if used and verb == "cancel":
        tuidl.until(lambda rows: rows[0]["state"] == "cancelled")
    if not used:
        assert not tuidl.state.exists()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("words", [[], ["1", "--all"], ["x"]])
def test_exactly_one_way_to_choose(tuidl: CommandLine, verb: str, words: list[str]) -> None:
    result = tuidl(verb, *words)

    assert (result.code, result.out) == (2, "")
    assert f"tuidl {verb} --help" in result.err


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_there_is_no_error(tuidl: CommandLine, verb: str) -> None:
    assert "Nothing to" in tuidl.ok(verb, "--all").err
    assert not tuidl.state.exists()


@pytest.mark.parametrize(("first", "second"), [("--all", "--completed")])
def test_two_groups_are_one_too_many(tuidl: CommandLine, first: str, second: str) -> None:
    assert tuidl("remove", first, second).code == 2
