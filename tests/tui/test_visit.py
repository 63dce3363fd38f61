"""The completion handler: kept for the own session only, called once, dropped; and who counts as away."""

from __future__ import annotations

from tests.tui.factories import NOW, download, happening
from tui_downloader.model.events import EventKind
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.visit import Visit, newest_picture


def test_the_handler_is_called_once_and_dropped() -> None:
    calls: list[str] = []
    visit = Visit("mine")
    visit.begin("mine", lambda: calls.append("mine"))
    assert visit.finish("mine")
    assert not visit.finish("mine")
    assert calls == ["mine"]


def test_the_handler_of_another_session_is_not_kept() -> None:
    calls: list[str] = []
    visit = Visit("mine")
    visit.begin("other", lambda: calls.append("other"))
    assert not visit.finish("other")
    assert not visit.finish("mine")
    visit.begin("mine", lambda: calls.append("mine"))
    assert not visit.finish("other")
    assert calls == []


def test_away_is_more_than_a_minute_without_the_focus() -> None:
    visit = Visit("mine")
    assert not visit.is_away(now=1000.0)
    visit.focus(focused=False, now=1000.0)
    assert not visit.is_away(now=1060.0)
    assert visit.is_away(now=1060.1)
    visit.focus(focused=True, now=1061.0)
    assert not visit.is_away(now=2000.0)


def test_the_newest_picture_that_is_still_there() -> None:
    old = download(1, State.COMPLETED, filename="old.png")
    new = download(2, State.COMPLETED, filename="new.png")
    other = download(3, State.COMPLETED, filename="new.zip")
    events = [happening(each, EventKind.FINISHED, at=NOW, path="/x") for each in (old, new, other)]
    gone = happening(None, EventKind.FINISHED, path="/x")
    assert newest_picture([*events, gone]) is new
    assert newest_picture([happening(new, EventKind.FAILED), gone]) is None
