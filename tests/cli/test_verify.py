"""`tuidl verify`: finished files compared with what was recorded of them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body

CONTENT = body(1, 300_000)
DIGEST = hashlib.sha256(CONTENT).hexdigest()
URL = "https://tuidl.invalid/file.iso"


@pytest.fixture
def finished(tuidl: CommandLine, fault_server: FaultServer) -> Path:
    """The file of download 1."""
    tuidl.ok("add", fault_server.add("/a.bin", Resource(CONTENT)))
    tuidl.ok("wait")
    return tuidl.directory / "a.bin"


@pytest.mark.parametrize("words", [[], ["1"], ["a.bin"], ["./a.bin"], ["1", "a.bin"]])
def test_an_unchanged_file(tuidl: CommandLine, finished: Path, words: list[str]) -> None:
    before = finished.stat()

    result = tuidl.ok("verify", *words)

    assert set(result.lines) == {f"ok              1  {finished}"}
    assert finished.stat().st_mtime_ns == before.st_mtime_ns


def test_a_changed_file(tuidl: CommandLine, finished: Path) -> None:
    changed = b"x" + CONTENT[1:]
    finished.write_bytes(changed)

    result = tuidl("verify")

    assert result.code == 1
    assert result.out.startswith("differs")
    assert DIGEST in result.out
    assert hashlib.sha256(changed).hexdigest() in result.out


def test_a_missing_file(tuidl: CommandLine, finished: Path) -> None:
    finished.unlink()

    for words in ([], ["1"], ["a.bin"]):
        result = tuidl("verify", *words)
        assert (result.code, result.out.split()[0]) == (1, "missing")


@pytest.mark.parametrize("kind", ["pipe", "device", "folder", "link to a device"])
def test_what_is_no_file_is_not_read(tuidl: CommandLine, finished: Path, kind: str) -> None:
    finished.unlink()
    if kind == "pipe":
        os.mkfifo(finished)
    elif kind == "folder":
        finished.mkdir()
    else:
        finished.symlink_to("/dev/zero")

    result = tuidl("verify")

    assert (result.code, result.out.split()[0]) == (1, "unreadable")


def test_json(tuidl: CommandLine, finished: Path) -> None:
    tuidl.ok("add", "--paused", URL)
    (tuidl.directory / "own.bin").write_bytes(b"own")

    result = tuidl("verify", "--json", "1", "2", "own.bin")

    assert result.code == 1
    assert result.objects() == [
        {
            "id": 1,
            "path": str(finished),
            "verdict": "ok",
            "algorithm": "sha-256",
            "recorded": DIGEST,
            "computed": DIGEST,
            "error": None,
        },
        {
            "id": 2,
            "path": None,
            "verdict": "unfinished",
            "algorithm": None,
            "recorded": None,
            "computed": None,
            "error": None,
        },
        {
            "id": None,
            "path": str(tuidl.directory / "own.bin"),
            "verdict": "not-recorded",
            "algorithm": "sha-256",
            "recorded": None,
            "computed": hashlib.sha256(b"own").hexdigest(),
            "error": None,
        },
    ]


def test_a_file_of_nobodys_gets_its_digest(tuidl: CommandLine) -> None:
    (tuidl.directory / "7").write_bytes(CONTENT)

    result = tuidl.ok("verify", "./7")

    assert result.out == f"not recorded    —  {tuidl.directory}/7 · sha-256:{DIGEST}\n"
    assert not tuidl.state.exists()


def test_nothing_recorded_is_no_failure(tuidl: CommandLine, fault_server: FaultServer) -> None:
    (tuidl.directory / "settings.toml").write_text("record_sha256 = false\n")
    tuidl.ok("add", fault_server.add("/a.bin", Resource(CONTENT)))
    tuidl.ok("wait")

    assert tuidl.ok("verify").out == f"not recorded    1  {tuidl.directory}/a.bin · sha-256:{DIGEST}\n"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha512"])
def test_the_recorded_algorithm_is_used(tuidl: CommandLine, fault_server: FaultServer, algorithm: str) -> None:
    value = hashlib.new(algorithm, CONTENT).hexdigest()
    url = fault_server.add("/a.bin", Resource(CONTENT))
    tuidl.ok("add", "--checksum", f"{algorithm}:{value}", url)
    tuidl.ok("wait")

    assert tuidl.ok("verify", "--json").objects()[0]["computed"] == value
    (tuidl.directory / "a.bin").write_bytes(b"")
    assert tuidl("verify").code == 1


def test_the_last_download_of_a_path_counts(tuidl: CommandLine, fault_server: FaultServer, finished: Path) -> None:
    finished.unlink()
    tuidl.ok("add", fault_server.add("/other/a.bin", Resource(b"other")))
    tuidl.ok("wait")
    link = tuidl.directory / "link"
    link.symlink_to(tuidl.directory)

    assert [row["id"] for row in tuidl.ok("verify", "--json", "link/a.bin").objects()] == [2]
    assert tuidl("verify", "1").code == 1


def test_unknown_ids_after_the_good_ones(tuidl: CommandLine, finished: Path) -> None:
    result = tuidl("verify", "7", "1")

    assert result.code == 4
    assert result.out.startswith("ok ")
    assert "There is no download 7." in result.err


def test_an_unfinished_one(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    assert "Nothing is finished" in tuidl.ok("verify").err
    result = tuidl("verify", "1")
    assert (result.code, result.out) == (1, "unfinished      1  file.iso\n")


@pytest.mark.parametrize("words", [["0"], ["99999999999999999999"]])
def test_what_is_no_id(tuidl: CommandLine, words: list[str]) -> None:
    assert tuidl("verify", *words).code == 2


def test_an_unused_session(tuidl: CommandLine) -> None:
    assert tuidl.ok("verify", "--json").out == "[]\n"
    assert tuidl("verify", "1").code == 4
    assert not tuidl.state.exists()


def test_hostile_names_are_harmless(tuidl: CommandLine) -> None:
    name = "a\x1b[31m\u202eb\n"
    (tuidl.directory / name).write_bytes(b"")

    result = tuidl.ok("verify", name)

    assert len(result.lines) == 1
    assert result.lines[0].isprintable()


def test_a_large_file_shows_a_bar_on_a_terminal(tuidl: CommandLine) -> None:
    with (tuidl.directory / "large.bin").open("wb") as file:
        file.truncate(150_000_000)

    with tuidl.on_terminal("verify", "large.bin") as terminal:
        shown = terminal.end()

    assert terminal.code == 0
    assert "150 MB" in shown
    assert "not recorded" in shown
