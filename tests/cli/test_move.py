"""`tuidl move`: who comes first."""

from __future__ import annotations

import pytest

from tests.cli.command_line import CommandLine
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter

URL = "https://tuidl.invalid/file.iso"


@pytest.mark.parametrize(
    ("words", "order"),
    [
        (["first", "4"], [4, 2, 3]),
        (["last", "2"], [3, 4, 2]),
        (["up", "4"], [2, 4, 3]),
        (["down", "2"], [3, 2, 4]),
        (["first", "4", "3"], [4, 3, 2]),
    ],
)
def test_the_queue_starts_in_the_new_order(
    tuidl: CommandLine, fault_server: FaultServer, words: list[str], order: list[int]
) -> None:
    (tuidl.directory / "settings.toml").write_text("downloads_at_once = 1\n")
    faults = [StallAfter(1000)]
    urls = [fault_server.add(f"/{each}", Resource(body(each, 1_500_000)), faults=faults) for each in range(1, 5)]
    tuidl.ok("add", *urls)
    tuidl.until(lambda rows: rows[0]["state"] == "transferring")

    assert "Moved" in tuidl.ok("move", *words).err
    fault_server.release()
    tuidl.ok("wait")

    started = sorted(tuidl.downloads()[1:], key=lambda row: float(str(row["started_at"])))
    assert [row["id"] for row in started] == order


def test_unknown_ids_after_the_good_ones(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", f"{URL}?1", f"{URL}?2")

    result = tuidl("move", "first", "7", "2")

    assert (result.code, result.out) == (4, "")
    assert "7" in result.err


def test_nothing_to_move_is_no_error(tuidl: CommandLine) -> None:
    tuidl.ok("add", "--paused", URL)

    assert "Nothing to move" in tuidl.ok("move", "up", "1").err


@pytest.mark.parametrize("words", [[], ["up"], ["sideways", "1"], ["up", "x"], ["1", "up"]])
def test_what_is_no_move(tuidl: CommandLine, words: list[str]) -> None:
    result = tuidl("move", *words)

    assert (result.code, result.out) == (2, "")
    assert "tuidl move --help" in result.err
    assert not tuidl.state.exists()
