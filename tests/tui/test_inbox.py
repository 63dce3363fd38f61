"""The inbox over a real session: what is new, on one screen and on another; keys, mouse, removed downloads."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, open_screen, play
from tui_downloader.model.events import EventKind
from tui_downloader.session.overview import INBOX
from tui_downloader.session.session import Session
from tui_downloader.tui.feed_verbs import CLIENT
from tui_downloader.tui.inbox_reader import InboxReader
from tui_downloader.tui.screens.inbox import InboxScreen
from tui_downloader.tui.widgets.banner import Banner
from tui_downloader.tui.widgets.choices import Choices
from tui_downloader.tui.widgets.footer import Footer
from tui_downloader.tui.widgets.header import Header
from tui_downloader.tui.widgets.views import Views


def inbox(screen: ScreenControl) -> InboxScreen:
    """Return the inbox, which is open."""
    top = screen.app.screen
    assert isinstance(top, InboxScreen)
    return top


def shown(screen: ScreenControl) -> list[str]:
    """Return the lines of the inbox."""
    lines = inbox(screen).query_one(Choices).lines
    return ["".join(text for text, _ in each) for each in lines]


async def opened(screen: ScreenControl, *, entries: int) -> None:
    """Open the inbox and wait for what it shows."""
    await screen.press("i")
    await screen.until(lambda: isinstance(screen.app.screen, InboxScreen), what="the inbox")
    await screen.until(lambda: len(shown(screen)) == entries, what=f"{entries} entries")


def three(control: SessionControl) -> list[int]:
    """Make a finished, a failed and a paused download; return their ids."""
    journal = Journal(control)
    done, failed, paused = journal.add("a.iso", "b.iso", "c.iso")
    journal.finish(done, "a.iso")
    journal.write(failed, state="failed", reason="tls")
    journal.tell(failed, EventKind.FAILED, reason="tls", error="no", filename="b.iso")
    return [done, failed, paused]


def test_what_is_new_stands_in_header_and_footer_until_the_inbox_was_read(control: SessionControl) -> None:
    three(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: "inbox 2" in screen.line(Header), what="the count")
        assert "i Inbox 2" in screen.line(Footer)
        await opened(screen, entries=2)
        assert inbox(screen).query_one("#box").border_title == "Inbox · 2 new"
        assert shown(screen)[0].startswith("● ✗ b.iso")
        assert screen.banner == "", "the inbox holds all that it said"
        assert control.session.cursor(INBOX) == 0, "not read before it is left"
        await screen.press("q")
        await screen.until(lambda: control.session.cursor(INBOX) == 2, what="the mark")
        await screen.until(lambda: "inbox" not in screen.line(Header), what="the count's end")
        assert "Inbox" not in screen.line(Footer)
        await opened(screen, entries=2)
        assert shown(screen)[0].startswith("  ✗ b.iso")
        assert inbox(screen).query_one("#box").border_title == "Inbox"

    play(control, scenario)


def test_m_marks_all_read_and_the_inbox_stays(control: SessionControl) -> None:
    three(control)

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=2)
        await screen.press("m")
        await screen.until(lambda: shown(screen)[0].startswith("  ✗"), what="read entries")
        assert control.session.cursor(INBOX) == 2

    play(control, scenario)


@pytest.mark.parametrize("key", ["escape", "q", "i"])
def test_keys_close_it(control: SessionControl, key: str) -> None:
    three(control)

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=2)
        await screen.press(key)
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")

    play(control, scenario)


def test_enter_shows_the_download_in_another_view_if_need_be(control: SessionControl) -> None:
    done, failed, paused = three(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("3")
        assert screen.current.id == paused
        await opened(screen, entries=2)
        await screen.press("j", "enter")
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")
        assert screen.current.id == done
        assert screen.main.query_one(Views).arrangement.view.value == "All"
        await screen.press("5")
        await opened(screen, entries=2)
        await screen.press("G", "g", "enter")
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")
        assert screen.current.id == failed
        assert screen.main.query_one(Views).arrangement.view.value == "Failed", "it is in this view"

    play(control, scenario)


def test_a_removed_download_stays_readable(control: SessionControl) -> None:
    _, failed, _ = three(control)
    Journal(control).write(failed, removed_at=time.time())

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=2)
        assert "b.iso" in shown(screen)[0]
        await screen.press("enter")
        await screen.pilot.pause()
        assert inbox(screen).query_one("#box").border_subtitle == "b.iso was taken off the list"

    play(control, scenario)


def test_what_happens_while_it_is_open_joins_above_the_cursor(control: SessionControl) -> None:
    _, _, paused = three(control)

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=2)
        choices = inbox(screen).query_one(Choices)
        assert choices.current == 2
        Journal(control).finish(paused, "[red]c.iso")
        await screen.until(lambda: len(shown(screen)) == 3, what="the new entry")
        assert shown(screen)[0].startswith("● ✓ [red]c.iso")
        assert choices.current == 2
        assert inbox(screen).query_one("#box").border_title == "Inbox · 3 new"

    play(control, scenario)


def test_clicks_open_it_from_header_footer_and_banner(control: SessionControl) -> None:
    three(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.banner, what="the banner")
        await screen.until(lambda: "inbox 2" in screen.line(Header), what="the count")
        for place, words in ((Banner, "i Inbox"), (Header, "inbox 2"), (Footer, "i Inbox")):
            at = screen.line(place).index(words)
            await screen.pilot.click(place, offset=(at, 0))
            await screen.until(lambda: isinstance(screen.app.screen, InboxScreen), what=f"the inbox by {words}")
            if place is Footer:
                await screen.pilot.pause()
                break
            screen.app.pop_screen()
            await screen.pilot.pause()

    play(control, scenario)


def test_a_double_click_shows_the_download(control: SessionControl) -> None:
    done, *_ = three(control)

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=2)
        await screen.pilot.click(Choices, offset=(5, 1), times=2)
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")
        assert screen.current.id == done

    play(control, scenario)


def test_two_screens_share_one_mark(control: SessionControl) -> None:
    _, _, paused = three(control)

    async def scenario() -> None:
        async with open_screen(control) as first, open_screen(control) as second:
            await second.until(lambda: "inbox 2" in second.line(Header), what="the count")
            await opened(first, entries=2)
            await first.press("m")
            began = time.monotonic()
            await second.until(lambda: "inbox" not in second.line(Header), what="the count's end")
            Journal(control).finish(paused, "c.iso")
            await second.until(lambda: "inbox 1" in second.line(Header), what="the new count")
            assert time.monotonic() - began < 20, "soon, even on a busy machine"

    asyncio.run(scenario())


def test_an_empty_inbox_says_so(control: SessionControl) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=1)
        assert shown(screen)[0].startswith("Nothing yet")
        await screen.press("enter", "m", "j", "k", "G", "pagedown", "escape")
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")
        assert control.session.cursor(INBOX) == 0

    play(control, scenario)


def test_the_mark_and_the_banner_have_nothing_to_do_with_each_other(control: SessionControl) -> None:
    three(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: control.session.cursor(CLIENT) == 2, what="the replay's end")
        assert control.session.cursor(INBOX) == 0
        assert screen.feed.snapshot.news == 2

    play(control, scenario)
    play(control, scenario)


@pytest.mark.parametrize("size", [(120, 34), (60, 16), (40, 10)])
def test_it_fits(control: SessionControl, size: tuple[int, int]) -> None:
    journal = Journal(control)
    for number, each in enumerate(journal.add(*(f"file-{number}.iso" for number in range(30)))):
        journal.finish(each, f"file-{number}.iso", content=b"x")

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=30)
        box, choices = inbox(screen).query_one("#box"), inbox(screen).query_one(Choices)
        assert box.region.height <= size[1]
        await screen.press("G")
        await screen.pilot.pause()
        assert choices.scroll_offset.y + choices.size.height >= 30
        assert choices.current == 1

    play(control, scenario, size=size)


def test_the_reader_counts_once_and_then_only_adds(control: SessionControl) -> None:
    journal = Journal(control)
    (one,) = journal.add("a.iso")
    journal.finish(one, "a.iso")
    session = Session(control.session.identifier, state_directory=control.root / "state")
    try:
        reader = InboxReader(session)
        reader.begin(1)
        assert reader.unread == 1
        journal.tell(one, EventKind.FAILED, reason="tls")
        journal.tell(one, EventKind.STARTED, offset=0)
        reader.heard(session.events(after=1))
        assert reader.unread == 2
        reader.heard(())
        assert reader.unread == 2
        assert reader.news() is None, "nobody looks"
        reader.show(is_open=True)
        page = reader.news()
        assert page is not None
        assert [each.event.sequence for each in page.happenings] == [2, 1]
        assert reader.news() is None, "nothing changed"
        control.session.acknowledge(INBOX, 1)
        reader.heard(())
        assert reader.unread == 1
        assert reader.news() is not None
    finally:
        session.close()
