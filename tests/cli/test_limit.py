"""`tuidl limit`: what is limited, and what is shown of it."""

from __future__ import annotations

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body

URL = "https://tuidl.invalid/file.iso"


@pytest.fixture
def two(tuidl: CommandLine) -> CommandLine:
    """A session with the paused downloads 1 and 2."""
    tuidl.ok("add", "--paused", f"{URL}?1", f"{URL}?2")
    return tuidl


def limits(tuidl: CommandLine) -> tuple[object, object, list[object]]:
    """The limit of all, where it comes from, and each download's own."""
    shown = tuidl.ok("limit", "--json").object()
    rows = shown["downloads"]
    assert isinstance(rows, list)
    return shown["bytes_per_second_max"], shown["source"], [row["bytes_per_second_max"] for row in rows]


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("2M", 2_000_000), ("500k", 500_000), ("2Mi", 2_097_152), ("off", None), ("0", None), ("1000", 1000)],
)
def test_all_together(two: CommandLine, rate: str, expected: int | None) -> None:
    two.ok("limit", rate)

    assert limits(two) == (expected, "session", [None, None])


def test_default_is_the_settings_again(two: CommandLine) -> None:
    (two.directory / "settings.toml").write_text("bytes_per_second_max = 700000\n")
    assert limits(two) == (700_000, "settings", [None, None])

    two.ok("limit", "off")
    assert limits(two) == (None, "session", [None, None])

    two.ok("limit", "default")
    assert limits(two) == (700_000, "settings", [None, None])


def test_each_of_some(two: CommandLine) -> None:
    result = two.ok("limit", "500k", "2", "2", "--json")

    assert result.object()["downloads"] == [
        {"id": 1, "bytes_per_second_max": None},
        {"id": 2, "bytes_per_second_max": 500_000},
    ]
    for word in ("off", "default"):
        two.ok("limit", "500k", "1", "2")
        two.ok("limit", word, "2")
        assert limits(two) == (None, "settings", [500_000, None])


def test_the_table(two: CommandLine) -> None:
    assert two.ok("limit").lines == ["all  none  (settings)", "  1  none  file.iso", "  2  none  file.iso"]
    two.ok("limit", "2M")
    two.ok("limit", "500k", "2")

    assert two.ok("limit").lines == ["all  2.0 MB/s", "  1      none  file.iso", "  2  500 kB/s  file.iso"]


def test_unknown_ids_after_the_good_ones(two: CommandLine) -> None:
    result = two("limit", "500k", "7", "1", "8")

    assert (result.code, result.out) == (4, "")
    assert "7, 8" in result.err
    assert limits(two)[2] == [500_000, None]


def test_an_unknown_id_in_an_unused_session(tuidl: CommandLine) -> None:
    assert tuidl("limit", "500k", "7").code == 4
    assert not tuidl.state.exists()


def test_showing_makes_nothing(tuidl: CommandLine) -> None:
    assert tuidl.ok("limit").lines == ["all  none  (settings)"]
    assert not tuidl.state.exists()


def test_a_limit_before_the_first_download(tuidl: CommandLine) -> None:
    tuidl.ok("limit", "2M")

    assert limits(tuidl) == (2_000_000, "session", [])


@pytest.mark.parametrize("rate", ["fast", "", "-5", "1e9", "999", "3"])
def test_what_is_no_limit(two: CommandLine, rate: str) -> None:
    result = two("limit", "--", rate)

    assert (result.code, result.out) == (2, "")
    assert limits(two) == (None, "settings", [None, None])


def test_an_id_alone_is_explained(two: CommandLine) -> None:
    assert "tuidl limit RATE 2" in two("limit", "2").err


def test_a_wrong_settings_file_is_named(tuidl: CommandLine) -> None:
    (tuidl.directory / "settings.toml").write_text("bytes_per_second_max = -1\n")

    result = tuidl("limit")

    assert result.code == 2
    assert "line 1" in result.err


def test_a_running_download_gets_free(tuidl: CommandLine, fault_server: FaultServer) -> None:
    content = body(1, 3_000_000)
    tuidl.ok("limit", "20k")
    tuidl.ok("add", fault_server.add("/a.bin", Resource(content)))
    tuidl.until(lambda rows: rows[0]["bytes_received"] not in {0, None})

    tuidl.ok("limit", "off")
    tuidl.ok("wait", "--timeout", "60")

    assert (tuidl.directory / "a.bin").read_bytes() == content
