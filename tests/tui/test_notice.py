"""Telling a user who looks at another window."""

from __future__ import annotations

import pytest

from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.paths import SCREEN_LOCK_FILE
from tui_downloader.settings import Settings
from tui_downloader.state.attendance import is_attended
from tui_downloader.tui.notice import Notice

KITTY = {"TERM": "xterm-kitty"}


def attends(environment: dict[str, str], setting: str, *focus: bool) -> bool:
    """Tell what a screen says of itself after the terminal got or lost the focus."""
    said: list[bool] = []
    notice = Notice(lambda _: None, environment, said.append)
    notice.use(setting)
    for each in focus:
        notice.focus(each)
    return said[-1]


@pytest.mark.parametrize(
    ("environment", "setting", "focus", "expected"),
    [
        (KITTY, "auto", [], True),
        (KITTY, "auto", [False], True),
        (KITTY, "desktop", [False], False),
        (KITTY, "off", [False], False),
        ({"TERM": "xterm"}, "auto", [], True),
        ({"TERM": "xterm"}, "auto", [False], False),
        ({"TERM": "xterm"}, "auto", [False, True], True),
        ({"TERM": "tmux", "TMUX": "x"}, "auto", [], False),
        ({"TERM": "tmux", "TMUX": "x"}, "auto", [True], True),
        ({"TERM": "tmux", "TMUX": "x"}, "auto", [False], True),
    ],
)
def test_who_tells(environment: dict[str, str], setting: str, focus: list[bool], expected: bool) -> None:
    assert attends(environment, setting, *focus) is expected


def test_a_burst_is_told_once_where_the_user_looks_elsewhere(
    control: SessionControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TMUX", "STY", "TERM_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "rxvt-unicode")
    journal = Journal(control)
    seen, unseen = journal.add("seen.iso", "unseen.iso")
    lock = control.session.directory / SCREEN_LOCK_FILE

    async def scenario(screen: ScreenControl) -> None:
        written: list[str] = []
        monkeypatch.setattr(screen.app.notice, "_write", written.append)
        await screen.until(lambda: is_attended(lock), what="the screen tells")
        journal.finish(seen, "seen.iso")
        await screen.until(lambda: screen.notices == ["Finished: seen.iso, 1.0 kB"], what="the toast")
        assert written == []
        screen.app.app_focus = False
        journal.finish(unseen, "un;seen.iso")
        await screen.until(lambda: written, what="the notification")
        assert written == ["\x1b]777;notify;tuidl;Finished: un,seen.iso, 1.0 kB\x1b\\"]
        assert is_attended(lock)
        screen.app.apply_settings(Settings(notifications="desktop"))
        await screen.until(lambda: not is_attended(lock), what="the worker tells")

    play(control, scenario)
    assert not is_attended(lock)
