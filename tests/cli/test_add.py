"""`tuidl add`: what is added, what is refused, and what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter

URL = "https://tuidl.invalid/file.iso"

BAD_URLS = {
    "not a url": "blanks",
    "": "empty",
    "ftp://host.example/x": "only http and https",
    "file:///etc/passwd": "only http and https",
    "javascript:alert(1)": "only http and https",
    "https://": "no host",
    "http:///x": "no host",
    "word": "write it out",
    "https://host.example:99999/x": "is not a URL",
    "https://host.example/a\nb": "line ends",
    "https://host.example/\x1b[31mred": "control",
}


def test_prints_ids_one_a_line(tuidl: CommandLine) -> None:
    result = tuidl.ok("add", "--paused", f"{URL}?1", f"{URL}?2")

    assert result.out == "1\n2\n"


def test_downloads_in_the_background(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 300_000)))

    tuidl.ok("add", url)
    tuidl.ok("wait")

    assert (tuidl.directory / "a.bin").read_bytes() == body(1, 300_000)


def test_json_is_an_array_of_downloads(tuidl: CommandLine) -> None:
    (row,) = tuidl.ok("add", "--paused", "--json", URL).objects()

    assert (row["id"], row["session"], row["url"], row["intent"], row["directory"]) == (
        1,
        "default",
        URL,
        "pause",
        str(tuidl.directory),
    )


def test_no_scheme_means_https(tuidl: CommandLine) -> None:
    (row,) = tuidl.ok("add", "--paused", "--json", "example.com/a.iso").objects()

    assert row["url"] == "https://example.com/a.iso"


def test_unfinished_url_gives_its_id_again(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    second = tuidl.ok("add", "--paused", URL)

    assert second.out == "1\n"
    assert "--again" in second.err
    assert tuidl.ok("add", "--paused", "--again", URL).out == "2\n"


def test_relative_directory_is_taken_from_the_current_one(tuidl: CommandLine) -> None:
    (tuidl.directory / "below").mkdir()

    (row,) = tuidl.ok("add", "--paused", "--json", "-d", "below", URL).objects()

    assert row["directory"] == str(tuidl.directory / "below")


def test_name_is_taken(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(b"bytes"))

    tuidl.ok("add", "-o", "other name.txt", url)
    tuidl.ok("wait")

    assert (tuidl.directory / "other name.txt").read_bytes() == b"bytes"


def test_request_fields_are_sent_and_never_shown(tuidl: CommandLine, fault_server: FaultServer) -> None:
    url = fault_server.add("/a.bin", Resource(b"bytes"))

    added = tuidl.ok("add", "--json", "-H", "X-Token: hush-hush", url)
    tuidl.ok("wait")

    assert fault_server.requests("/a.bin")[0].request.field("X-Token") == "hush-hush"
    assert "hush" not in added.out + added.err + tuidl.ok("show", "1", "--json").out


@pytest.mark.parametrize("field", ["X-Token hush-hush", "Näme: hush-hush", "X-Token: hush\r\nhush", ": hush"])
def test_wrong_request_field_is_refused_without_its_value(tuidl: CommandLine, field: str) -> None:
    result = tuidl("add", "-H", field, URL)

    assert result.code == 2
    assert ": hush" not in result.err
    assert not tuidl.state.exists()


@pytest.mark.parametrize(("url", "reason"), BAD_URLS.items())
def test_what_is_no_url_is_refused(tuidl: CommandLine, url: str, reason: str) -> None:
    result = tuidl("add", url)

    assert (result.code, result.out) == (2, "")
    assert reason in result.err
    assert result.err.count("\n") == 1
    assert result.err.rstrip("\n").isprintable()
    assert not tuidl.state.exists()


def test_url_that_is_no_text_is_refused(tuidl: CommandLine) -> None:
    result = tuidl("add", b"https://host.example/\xff\xfe", URL, "--paused")

    assert (result.code, result.out) == (2, "1\n")
    assert "UTF-8" in result.err


def test_good_lines_are_added_bad_ones_named(tuidl: CommandLine) -> None:
    (tuidl.directory / "urls.txt").write_text(
        f"\ufeff# a comment\n\n{URL}?1\r\nftp://host.example/x\n  {URL}?2  \n"
    )

    result = tuidl("add", "--paused", "-i", "urls.txt")

    assert (result.code, result.out) == (2, "1\n2\n")
    assert result.err.startswith("urls.txt, line 4: “ftp://host.example/x”")
    assert [row["url"] for row in tuidl.downloads()] == [f"{URL}?1", f"{URL}?2"]


def test_list_from_stdin(tuidl: CommandLine) -> None:
    result = tuidl("add", "--paused", "-i", "-", stdin=f"{URL}?1\nmailto:x\n".encode())

    assert (result.code, result.out) == (2, "1\n")
    assert "stdin, line 2" in result.err


@pytest.mark.parametrize("name", ["missing.txt", "."])
def test_list_that_cannot_be_read(tuidl: CommandLine, name: str) -> None:
    result = tuidl("add", "-i", name)

    assert result.code == 2
    assert "cannot be read" in result.err


def test_empty_list_adds_nothing(tuidl: CommandLine) -> None:
    assert tuidl.ok("add", "--json", "-i", "-").out == "[]\n"
    assert not tuidl.state.exists()


@pytest.mark.parametrize("name", ["a/b", "/etc/passwd", "..", ".", "", " ", "a\\b", "a\x1bb", "caf\udce9.txt"])
def test_name_that_cannot_be_one_is_refused(tuidl: CommandLine, name: str) -> None:
    result = tuidl("add", "-o", name, URL)

    assert (result.code, result.out) == (2, "")
    assert result.err.replace("\n", "").isprintable()
    assert "file name" in result.err
    assert not tuidl.state.exists()


def test_name_for_several_is_refused(tuidl: CommandLine) -> None:
    assert tuidl("add", "-o", "a", f"{URL}?1", f"{URL}?2").code == 2


@pytest.mark.parametrize("make", ["nothing", "file"])
def test_wrong_directory_is_refused(tuidl: CommandLine, make: str) -> None:
    place = tuidl.directory / "place"
    if make == "file":
        place.write_text("in the way")

    result = tuidl("add", "-d", "place", URL)

    assert (result.code, result.out) == (2, "")
    assert ("does not exist" if make == "nothing" else "is not a directory") in result.err
    assert not tuidl.state.exists()


@pytest.mark.parametrize("rate", ["fast", "-5", "", "1e9", "99999999999T"])
def test_wrong_rate_is_refused(tuidl: CommandLine, rate: str) -> None:
    assert tuidl("add", "--limit-rate", rate, URL).code == 2


@pytest.mark.parametrize("rate", ["500k", "2Mi", "off", "0"])
def test_rates_that_are_taken(tuidl: CommandLine, rate: str) -> None:
    tuidl.ok("add", "--paused", "--limit-rate", rate, URL)


@pytest.mark.parametrize(("connections", "code"), [("0", 2), ("1", 0), ("64", 0), ("65", 2), ("many", 2)])
def test_bounds_of_connections(tuidl: CommandLine, connections: str, code: int) -> None:
    assert tuidl("add", "--paused", "-x", connections, URL).code == code


def test_nothing_to_add_is_a_usage_error(tuidl: CommandLine) -> None:
    result = tuidl("add")

    assert result.code == 2
    assert "tuidl add --help" in result.err


def test_secrets_of_the_url_are_not_shown(tuidl: CommandLine) -> None:
    url = "https://user:hush@host.example/a?token=hush2&page=3"
    result = tuidl.ok("add", "--paused", "--json", url)

    assert "hush" not in result.out + tuidl.ok("list").out + tuidl.ok("show", "1").out
    assert result.objects()[0]["url"] == "https://***@host.example/a?token=***&page=3"


def test_state_directory_that_cannot_be_made(tuidl: CommandLine) -> None:
    tuidl.state.write_text("in the way")

    result = tuidl("add", URL)

    assert result.code == 5
    assert str(tuidl.state) in result.err


def test_worker_outlives_the_call(tuidl: CommandLine, fault_server: FaultServer, tmp_path: Path) -> None:
    url = fault_server.add("/a.bin", Resource(body(1, 200_000)), faults=[StallAfter(100_000)])
    tuidl.ok("add", url)

    tuidl.until(lambda rows: rows[0]["state"] == "transferring" and rows[0]["bytes_received"] == 100_000)
    fault_server.release()
    tuidl.ok("wait")

    assert (tmp_path / "a.bin").read_bytes() == body(1, 200_000)
