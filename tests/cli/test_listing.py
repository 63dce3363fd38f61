"""`tuidl list`, `show`, `path` and `tuidl` without a terminal: they only read."""

from __future__ import annotations

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body

KEYS = [
    "id",
    "session",
    "url",
    "intent",
    "state",
    "reason",
    "error",
    "retry_at",
    "directory",
    "filename",
    "path",
    "media_type",
    "bytes_received",
    "bytes_expected",
    "bytes_per_second",
    "connections",
    "resumable",
    "attempt",
    "digest",
    "added_at",
    "started_at",
    "finished_at",
]
"""The contract: names and order of a download's JSON."""

URL = "https://tuidl.invalid/file.iso"


@pytest.mark.parametrize("words", [["list"], ["sessions"], ["events"], ["wait"], []])
def test_unused_session_reads_as_empty_and_stays_unused(tuidl: CommandLine, words: list[str]) -> None:
    result = tuidl.ok(*words)

    assert result.out == ""
    assert not tuidl.state.exists()


def test_unused_session_as_json(tuidl: CommandLine) -> None:
    assert tuidl.ok("list", "--json").out == "[]\n"
    assert tuidl.ok("wait", "--json").out == "[]\n"
    assert tuidl.ok("sessions", "--json").out == "[]\n"
    assert tuidl.ok("events", "--json").out == ""
    assert not tuidl.state.exists()


def test_json_has_the_keys_of_the_contract(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 5000)))
    tuidl.ok("add", url)
    tuidl.ok("wait")

    (row,) = tuidl.downloads()

    assert list(row) == KEYS
    assert list(tuidl.ok("show", "1", "--json").object()) == KEYS
    assert (row["state"], row["bytes_received"], row["bytes_expected"]) == ("completed", 5000, 5000)
    assert (row["filename"], row["path"]) == ("a.bin", str(tuidl.directory / "a.bin"))
    assert isinstance(row["finished_at"], float)


def test_state_chooses(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    assert len(tuidl.downloads("--state", "paused")) == 1
    assert tuidl.downloads("--state", "failed") == []
    assert tuidl("list", "--state", "broken").code == 2


def test_table_is_aligned(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", *(f"{URL}?{number}" for number in range(10)))

    lines = tuidl.ok("list").lines

    assert lines[0].split() == ["id", "state", "done", "size", "speed", "left", "name"]
    assert len(lines) == 11
    assert {line.index("file.iso") for line in lines[1:]} == {lines[0].index("name")}


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
def test_without_a_terminal_lines_are_printed(tuidl: CommandLine, term: str) -> None:
    tuidl.ok("add", "--paused", URL)
    tuidl.environment["TERM"] = term

    assert tuidl.ok().out == tuidl.ok("list").out


def test_dumb_terminal_gets_lines(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)
    tuidl.environment["TERM"] = "dumb"

    with tuidl.on_terminal() as terminal:
        shown = terminal.end()

    assert terminal.code == 0
    assert "file.iso" in shown
    assert "\x1b" not in shown


def test_hostile_text_is_harmless(tuidl: CommandLine, fault_server: FaultServer) -> None:
    evil = "a\x1b]0;owned\x07\u202egnp[red].exe"
    url = fault_server.add("/x", Resource(b"bytes", disposition=f'attachment; filename="{evil}"'))
    tuidl.ok("add", url, "https://host.example/%1b[31m\u202e?\u200b", "--again")

    tuidl("wait", "1")
    for words in (["list"], ["show", "1"], ["show", "2"], ["list", "--json"], ["events"]):
        assert all(line.isprintable() for line in tuidl.ok(*words).lines)


def test_show_words_everything(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 5000)))
    tuidl.ok("add", url)
    tuidl.ok("wait")

    facts = dict(line.split(maxsplit=1) for line in tuidl.ok("show", "1").lines)

    assert facts["state"] == "completed"
    assert facts["received"] == "5.0 kB of 5.0 kB (100%)"
    assert facts["path"] == str(tuidl.directory / "a.bin")


def test_path_is_the_file(tuidl: CommandLine, fault_server: FaultServer) -> None:
    place = tuidl.directory / "schön und\nfremd"
    place.mkdir()
    tuidl.ok("add", "-d", str(place), fault_server.add("/a.bin", Resource(b"bytes")))
    tuidl.ok("wait")

    result = tuidl.ok("path", "1")

    assert result.out == f"{place}/a.bin\n"
    assert result.err == ""


def test_path_without_a_name(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    result = tuidl("path", "1")

    assert (result.code, result.out) == (1, "")
    assert "no name yet" in result.err


@pytest.mark.parametrize("verb", ["show", "path"])
@pytest.mark.parametrize("used", [False, True])
def test_unknown_id(tuidl: CommandLine, verb: str, used: bool) -> None:
    if used:
        tuidl.ok("add", "--paused", URL)

    result = tuidl(verb, "7")

    assert (result.code, result.out) == (4, "")
    assert "7" in result.err


@pytest.mark.parametrize("number", ["x", "0", "-1", "1.5", "99999999999999999999", ""])
def test_what_is_no_id(tuidl: CommandLine, number: str) -> None:
    assert tuidl("show", "--", number).code == 2


@pytest.mark.parametrize("words", [["list"], ["list", "--json"], ["sessions"], ["--help"], ["add", "--help"], []])
def test_broken_pipe_is_quiet(tuidl: CommandLine, words: list[str]) -> None:
    tuidl.ok("add", "--paused", URL)

    result = tuidl.into_broken_pipe(*words)

    assert result.code in {1, 141}
    assert result.err == ""


def test_closed_stdout_is_one_sentence(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    result = tuidl.without_stdout("list")

    assert result.code == 1
    assert result.err == "Nothing can be printed: stdout is closed.\n"


def test_full_disk_is_one_sentence(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    with open("/dev/full", "wb") as full:  # noqa: PTH123 -- a device
        result = tuidl.into(full.fileno(), "list")

    assert result.code == 1
    assert result.err == "The output cannot be written: No space left on device.\n"


def test_a_damaged_state_file_is_kept_aside_and_told_in_one_sentence(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)
    tuidl.ok("stop")
    for name in ("state.sqlite3-wal", "state.sqlite3-shm"):
        (tuidl.state / "sessions" / "default" / name).unlink(missing_ok=True)
    state_file = tuidl.state / "sessions" / "default" / "state.sqlite3"
    state_file.write_bytes(b"this is no state file at all" * 100)

    result = tuidl("list")

    assert (result.code, result.out) == (0, "")
    assert len([line for line in result.err.splitlines() if "damaged" in line]) == 1
    (aside,) = state_file.parent.glob("state.sqlite3.damaged-*")
    assert aside.read_bytes() == b"this is no state file at all" * 100
