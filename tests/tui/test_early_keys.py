"""What reaches the screen before its feed has started: nothing of it may be too early, nor be lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from textual import events
from textual.message import Message

from tests.support.fault_server import FaultServer, Resource
from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tests.tui_dialogs.driving import shows
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.screens.add import AddScreen
from tui_downloader.tui.screens.inbox import InboxScreen

LEAVES = {"q", "ctrl+c", "ctrl+z", "S"}
"""Keys that leave the screen, or hand the terminal to another program."""


class LateFeed:
    """Holds feeds back that a screen wants to start."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Hold back from now on."""
        begin = Feed.start
        self.held: list[Callable[[], None]] = []

        def hold(feed: Feed, receive: Callable[[Message], object]) -> None:
            self.held.append(partial(begin, feed, receive))

        monkeypatch.setattr(Feed, "start", hold)

    def start(self) -> None:
        """Start what was held back."""
        for each in self.held:
            each()


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> LateFeed:
    """Hold the feeds of a test back."""
    AddScreen.kept_text = ""
    return LateFeed(monkeypatch)


def test_every_key_may_come_before_the_feed(control: SessionControl, late: LateFeed) -> None:
    journal = Journal(control)
    journal.finish(journal.add("a.iso", "moon.png")[1], "moon.png")

    async def scenario(screen: ScreenControl) -> None:
        keys = set(screen.app.screen.active_bindings) - LEAVES
        assert {"a", "i", "x", "J", "slash", "question_mark", "space", "enter", "1"} <= keys
        for key in sorted(keys):
            await screen.press(key)
            while screen.app.screen is not screen.main:
                await screen.app.pop_screen()
        await screen.pilot.resize_terminal(60, 16)
        await screen.pilot.click(offset=(5, 5))
        assert len(late.held) == 1
        late.start()
        await screen.until(lambda: screen.main.snapshot.free_bytes, what="the feed's first look")

    play(control, scenario)


def test_a_verb_given_before_is_carried_out(control: SessionControl, late: LateFeed) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("x", "i")
        assert control.row(1).intent is Intent.PAUSE
        late.start()
        await screen.until(lambda: control.row(1).intent is Intent.CANCEL, what="the verb")
        inbox = screen.app.screen
        assert isinstance(inbox, InboxScreen)
        await screen.until(lambda: inbox._page is not None, what="what the inbox asked for")

    play(control, scenario)


def test_a_verb_given_before_is_carried_out_although_the_user_left_at_once(
    control: SessionControl, late: LateFeed
) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("x")

    play(control, scenario)
    assert control.row(1).intent is Intent.CANCEL


def test_a_paste_before_is_looked_at_and_added(
    control: SessionControl, late: LateFeed, fault_server: FaultServer
) -> None:
    url = fault_server.add("/a.iso", Resource(b"x" * 1000))

    async def scenario(screen: ScreenControl) -> None:
        screen.app.post_message(events.Paste(url))
        await screen.until(lambda: shows(screen.app, "[ Add 1 ]"), what="the form")
        await screen.until(lambda: shows(screen.app, "looking"), what="a look that has to wait")
        late.start()
        await screen.until(lambda: shows(screen.app, "1.0 kB   disk image"), what="the answer")
        await screen.press("enter")
        await screen.until(control.session.snapshots, what="the row")

    play(control, scenario)
    control.wait_for(1, State.COMPLETED)
