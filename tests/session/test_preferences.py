"""What a session remembers from one visit to the next."""

from __future__ import annotations

from pathlib import Path

from tui_downloader.session.session import Session


def test_an_unused_session_remembers_nothing_and_stays_unused(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path)
    assert session.preference("sort") is None
    assert session.preferences() == {}
    assert not session.exists()


def test_the_last_value_is_there_at_the_next_visit(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path)
    session.set_preference("sort", "name")
    session.set_preference("cursor", "7")
    session.set_preference("sort", "size")
    session.close()
    again = Session("test", state_directory=tmp_path)
    assert again.preference("sort") == "size"
    assert again.preferences() == {"sort": "size", "cursor": "7"}
    again.close()
