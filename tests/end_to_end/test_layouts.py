"""The layouts of SCREEN section 3 on terminals of their sizes, and changes between them."""

from __future__ import annotations

import pytest

from tests.end_to_end.home import Home
from tests.end_to_end.quarters import find_quarters, quarters_png
from tests.end_to_end.terminal import Terminal
from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import StallAfter, Status
from tui_downloader.model.lifecycle import State

PICTURE, SLOW, LOST = "quarters.png", "slow.bin", "lost.iso"
TOO_SMALL = "tuidl needs 40 × 10; downloads go on."


@pytest.fixture
def filled(home: Home, fault_server: FaultServer) -> Home:
    """A failed, a running and, newest, a finished download."""
    lost = fault_server.add(f"/{LOST}", Resource(b"x"), faults=[Status(404)])
    slow = fault_server.add(f"/{SLOW}", Resource(body(1, 800_000)), faults=[StallAfter(400_000)])
    picture = fault_server.add(f"/{PICTURE}", Resource(quarters_png(), media_type="image/png"))
    lost_id, slow_id, picture_id = home.control.add(lost, slow, picture)
    home.control.wait_for(lost_id, State.FAILED)
    home.control.wait_for_bytes(slow_id, 400_000)
    home.control.wait_for(picture_id, State.COMPLETED)
    return home


def test_list_and_detail_beside_each_other(filled: Home) -> None:
    with filled.terminal(columns=120, rows=34) as terminal:
        terminal.wait_for(lambda: find_quarters(terminal), what="the picture")
        terminal.wait_for(lambda: terminal.row(SLOW).find("│") == 71, what="the rule between list and detail")
        place = find_quarters(terminal)
        assert place is not None
        assert place.left > 71
        _assert_sound(terminal, columns=120, rows=34)


def test_detail_below_the_list(filled: Home) -> None:
    with filled.terminal(columns=80, rows=24) as terminal:
        terminal.wait_for(lambda: find_quarters(terminal), what="the picture")
        assert "│" not in terminal.row(SLOW)
        place = find_quarters(terminal)
        assert place is not None
        assert place.top > terminal.lines.index(terminal.row(LOST))
        _assert_sound(terminal, columns=80, rows=24)


def test_list_with_one_sentence(filled: Home) -> None:
    with filled.terminal(columns=60, rows=16) as terminal:
        terminal.wait_for_text(LOST)
        terminal.send("G")
        terminal.wait_for_text("Not found on the server (404)")
        terminal.wait_for(lambda: terminal.row("▌").startswith(f"▌ ✗ {LOST}"), what="the cursor on it")
        assert find_quarters(terminal) is None
        _assert_sound(terminal, columns=60, rows=16)


def test_one_line_where_nothing_fits_and_back(filled: Home) -> None:
    with filled.terminal(columns=120, rows=34) as terminal:
        terminal.wait_for(lambda: find_quarters(terminal), what="the picture")

        terminal.resize(30, 8)
        terminal.wait_for_text("tuidl needs 40 × 10")
        terminal.wait_until_gone(SLOW)
        terminal.send("jk")

        terminal.resize(60, 16)
        terminal.wait_for_text(SLOW)
        terminal.wait_until_gone("tuidl needs")
        terminal.resize(80, 24)
        terminal.wait_for(lambda: find_quarters(terminal), what="the smaller picture")
        terminal.resize(120, 34)
        terminal.wait_for(
            lambda: (place := find_quarters(terminal)) and place.left > 71,
            what="the picture beside the list",
        )
        _assert_sound(terminal, columns=120, rows=34)


def test_smallest_size_that_fits(filled: Home) -> None:
    with filled.terminal(columns=40, rows=10) as terminal:
        terminal.wait_for_text(SLOW)
        assert TOO_SMALL not in terminal.text
        _assert_sound(terminal, columns=40, rows=10)


def _is_whole(terminal: Terminal, *, columns: int, rows: int) -> bool:
    """Tell whether header, footer and rules are there, each in its row, none wider than the terminal."""
    lines = terminal.lines
    return (
        len(lines) == rows
        and lines[0].startswith(" tuidl")
        and lines[-1].startswith(" a Add")
        and lines[-1].endswith("q Quit")
        and any(set(line) <= set("─┬") and len(line) == columns for line in lines)
    )


def _assert_sound(terminal: Terminal, *, columns: int, rows: int) -> None:
    """Look at the whole screen and leave; nothing went wrong meanwhile."""
    terminal.wait_for(lambda: _is_whole(terminal, columns=columns, rows=rows), what="header, rules and footer")
    terminal.send("q")
    assert terminal.wait_for_end() == 0
    assert b"Traceback" not in terminal.raw
