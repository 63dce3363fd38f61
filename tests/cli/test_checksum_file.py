"""`tuidl add --checksum-file`: the digest a list names, and what is refused."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body
from tui_downloader.protocol.checksum_list import LIST_BYTES_MAX

CONTENT = body(1, 50_000)
A, B = hashlib.sha256(CONTENT).hexdigest(), hashlib.sha256(b"other").hexdigest()
URL = "https://tuidl.invalid/pub"


def expected(tuidl: CommandLine) -> list[tuple[object, ...]]:
    """What the state file holds of expected digests, by id."""
    path = tuidl.state / "sessions" / "default" / "state.sqlite3"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True)) as connection:
        sql = "SELECT checksum_algorithm, checksum_value, checksum_url FROM downloads ORDER BY id"
        return connection.execute(sql).fetchall()


def write(tuidl: CommandLine, text: str, name: str = "SHA256SUMS") -> Path:
    path = tuidl.directory / name
    path.write_text(text, newline="")
    return path


def test_the_right_file_is_verified(tuidl: CommandLine, fault_server: FaultServer) -> None:
    write(tuidl, f"# today\r\n{B} *b.bin\r\n{A} *a.bin\r\n")
    tuidl.ok("add", "--checksum-file", "SHA256SUMS", fault_server.add("/a.bin", Resource(CONTENT)))
    tuidl.ok("wait")

    assert tuidl.downloads()[0]["digest"] == {
        "algorithm": "sha-256",
        "value": A,
        "source": "user",
        "verified": True,
    }


def test_wrong_bytes_fail(tuidl: CommandLine, fault_server: FaultServer) -> None:
    write(tuidl, f"{B}  a.bin\n")
    tuidl.ok("add", "--checksum-file", "SHA256SUMS", fault_server.add("/a.bin", Resource(CONTENT)))

    assert tuidl("wait").code == 1
    assert tuidl.downloads()[0]["reason"] == "checksum-mismatch"


def test_several_share_a_list_and_the_others_are_refused(tuidl: CommandLine) -> None:
    write(tuidl, f"{A}  a b.iso\nSHA256 (b.iso) = {B}\n")

    urls = [f"{URL}/a%20b.iso?x=1", f"{URL}/c.iso", f"{URL}/b.iso"]
    result = tuidl("add", "--paused", "--checksum-file", "SHA256SUMS", *urls)

    assert (result.code, result.out) == (2, "1\n2\n")
    assert result.err.splitlines() == [
        "The checksum file “SHA256SUMS” has no line for “c.iso”, or several that disagree."
    ]
    assert expected(tuidl) == [("sha-256", A, None), ("sha-256", B, None)]


def test_the_requested_name_counts_first(tuidl: CommandLine) -> None:
    write(tuidl, f"{A}  a.iso\n{B}  mine.iso\n")

    tuidl.ok("add", "--paused", "-o", "mine.iso", "--checksum-file", "SHA256SUMS", f"{URL}/a.iso")
    tuidl.ok("add", "--paused", "-o", "else.iso", "--checksum-file", "SHA256SUMS", "--again", f"{URL}/a.iso")

    assert [row[1] for row in expected(tuidl)] == [B, A]


def test_lines_of_an_input_list_are_named(tuidl: CommandLine) -> None:
    write(tuidl, f"{A}  a.iso\n")
    write(tuidl, f"{URL}/a.iso\n{URL}/b.iso\n", "urls.txt")

    result = tuidl("add", "--paused", "--checksum-file", "SHA256SUMS", "-i", "urls.txt")

    assert (result.code, result.out) == (2, "1\n")
    assert result.err.startswith("urls.txt, line 2: The checksum file")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no"),
        ("# nothing\n", "holds no"),
        (f"{'0' * 96}  a.iso\n", "holds no"),
        ("\n" * (LIST_BYTES_MAX + 1), "larger than 4 MiB"),
    ],
)
def test_a_list_that_is_none(tuidl: CommandLine, text: str, said: str) -> None:
    write(tuidl, text)

    result = tuidl("add", "--checksum-file", "SHA256SUMS", f"{URL}/a.iso")

    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert not tuidl.state.exists()


@pytest.mark.parametrize(
    ("name", "said"), [("missing", "https://"), (".", "cannot be read"), ("", "cannot be read")]
)
def test_a_list_that_cannot_be_read(tuidl: CommandLine, name: str, said: str) -> None:
    result = tuidl("add", "--checksum-file", name, f"{URL}/a.iso")

    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert not tuidl.state.exists()


def test_a_list_of_another_charset(tuidl: CommandLine) -> None:
    (tuidl.directory / "SUMS").write_bytes(f"{A}  für.iso\n".encode("latin-1"))

    tuidl.ok("add", "--paused", "--checksum-file", "SUMS", f"{URL}/f%C3%BCr.iso")

    assert expected(tuidl) == [("sha-256", A, None)]


def test_a_digest_alone_is_for_one(tuidl: CommandLine) -> None:
    write(tuidl, f"{A}\n")

    assert tuidl("add", "--paused", "--checksum-file", "SHA256SUMS", f"{URL}/a", f"{URL}/b").code == 2
    assert not tuidl.state.exists()
    tuidl.ok("add", "--paused", "--checksum-file", "SHA256SUMS", f"{URL}/a")
    assert expected(tuidl) == [("sha-256", A, None)]


def test_one_way_to_know_the_digest(tuidl: CommandLine) -> None:
    result = tuidl("add", "--checksum", A, "--checksum-file", "SHA256SUMS", f"{URL}/a.iso")

    assert (result.code, result.out) == (2, "")
    assert "not both" in result.err


def test_a_list_behind_a_url_is_kept_and_never_shown(tuidl: CommandLine) -> None:
    place = "https://me:hush@host.example/SHA256SUMS?token=hush2"

    added = tuidl.ok("add", "--paused", "--json", "--checksum-file", place, f"{URL}/a.iso", f"{URL}/b.iso")

    assert expected(tuidl) == [(None, None, place)] * 2
    shown = [added, tuidl.ok("list"), tuidl.ok("show", "1"), tuidl.ok("show", "1", "--json"), tuidl.ok("events")]
    assert not any("hush" in each.out + each.err for each in shown)


def test_a_url_of_a_list_is_checked(tuidl: CommandLine) -> None:
    result = tuidl("add", "--checksum-file", "ftp://me:hush@host.example/SUMS", f"{URL}/a.iso")

    assert (result.code, result.out) == (2, "")
    assert "only http and https" in result.err
    assert "hush" not in result.err
