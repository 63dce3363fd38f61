"""Reading a session's downloads a page at a time."""

from __future__ import annotations

from pathlib import Path

from tests.support.session_control import SessionControl, session_control
from tui_downloader.model.lifecycle import State
from tui_downloader.session.session import Session


def filled(control: SessionControl, count: int) -> list[int]:
    """Add paused downloads; return their ids."""
    return control.add(*(f"https://files.example.org/{number}.iso" for number in range(count)), paused=True)


def test_a_session_that_was_never_used_has_no_pages(tmp_path: Path) -> None:
    session = Session("test", state_directory=tmp_path)
    assert session.newest(10).changes.downloads == ()
    assert session.newest(10).counts == {}
    assert session.older(7, limit=10) == ()
    assert not session.exists()


def test_the_newest_come_with_the_counts_of_all(tmp_path: Path) -> None:
    with session_control(tmp_path, "test") as control:
        ids = filled(control, 7)
        control.session.cancel(ids[:2])
        for each in ids[:2]:
            control.wait_until_acted(each, State.CANCELLED)
        newest = control.session.newest(3)
        assert [each.id for each in newest.changes.downloads] == ids[-3:]
        assert sum(newest.counts.values()) == 7
        assert newest.changes.revision == control.session.changes().revision


def test_page_after_page_gives_every_download_once(tmp_path: Path) -> None:
    with session_control(tmp_path, "test") as control:
        ids = filled(control, 7)
        control.session.remove([ids[1]])
        seen = [each.id for each in control.session.newest(3).changes.downloads]
        while page := control.session.older(min(seen), limit=2):
            assert all(each.state is State.PAUSED for each in page)
            seen += [each.id for each in page]
        assert sorted(seen) == [each for each in ids if each != ids[1]]
        assert len(seen) == len(set(seen))
