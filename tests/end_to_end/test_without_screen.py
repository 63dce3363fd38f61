"""Where no screen can be drawn `tuidl` prints plain lines and ends."""

from __future__ import annotations

import pytest

from tests.end_to_end.home import Home
from tests.support.fault_server import FaultServer, Resource
from tui_downloader.model.lifecycle import State


@pytest.fixture
def finished(home: Home, fault_server: FaultServer) -> Home:
    """One finished download."""
    (download_id,) = home.control.add(fault_server.add("/notes.txt", Resource(b"n" * 4_600_000)))
    home.control.wait_for(download_id, State.COMPLETED)
    return home


def test_dumb_terminal_gets_lines(finished: Home) -> None:
    with finished.terminal(variables={"TERM": "dumb"}) as terminal:
        assert terminal.wait_for_end() == 0
        assert "completed" in terminal.row("notes.txt")
        assert "4.6 MB" in terminal.row("notes.txt")
        assert b"\x1b" not in terminal.raw


def test_pipes_get_lines(finished: Home) -> None:
    result = finished.command_line()
    assert result.code == 0
    assert result.err == ""
    assert [line.split()[1] for line in result.lines] == ["state", "completed"]
    assert "\x1b" not in result.out


def test_new_session_says_how_to_begin(home: Home) -> None:
    result = home.command_line()
    assert (result.code, result.out) == (0, "")
    assert "tuidl add URL" in result.err
    assert not home.session.exists()
