"""New link, limit and queue order act on a real session, can be seen, and say why where they cannot act."""

from __future__ import annotations

import pytest
from textual.events import Paste

from tests.support.fault_server import FaultServer, Resource, body
from tests.support.faults import ResetAfter, StallAfter, Status, starts_after_zero
from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.model.lifecycle import State
from tui_downloader.tui.feed import Feed
from tui_downloader.tui.screens.limit import LimitScreen
from tui_downloader.tui.screens.new_link import NewLinkScreen
from tui_downloader.tui.snapshot import Snapshot
from tui_downloader.tui.widgets.download_list import DownloadList
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.header import Header

SIZE = 3_000_000


async def shown(screen: ScreenControl, kind: type[LimitScreen | NewLinkScreen]) -> None:
    """Wait for a dialog with the cursor in its field."""
    await screen.until(
        lambda: isinstance(screen.app.screen, kind) and isinstance(screen.app.focused, Field), what="the dialog"
    )


def test_a_new_link_goes_on_where_the_old_one_ended(control: SessionControl, fault_server: FaultServer) -> None:
    content = body(1, SIZE)
    faults = [ResetAfter(SIZE // 2, times=1), Status(403, when=starts_after_zero)]
    old = fault_server.add("/old.iso", Resource(content), faults=faults)
    new = fault_server.add("/new.iso", Resource(content))
    (download_id,) = control.add(old, connections_max=1)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.current.state is State.FAILED, what="the failure")
        assert "failed · link expired · u new link" in screen.line(DownloadList)
        await screen.press("u")
        await shown(screen, NewLinkScreen)
        screen.app.post_message(Paste(new))
        await screen.until(lambda: screen.app.screen.query_one(Field).value == new, what="the paste")
        await screen.press("enter")
        await screen.until(lambda: screen.current.state is State.COMPLETED, what="the finished row")
        assert screen.current.url == new
        assert screen.current.restarts == 0
        assert (control.downloads / screen.current.shown_name).read_bytes() == content
        await screen.press("u")
        assert screen.remark == "No new link: already finished"

    play(control, scenario)
    begins = [(each.asked_range or (0, None))[0] for each in fault_server.requests("/new.iso")]
    assert begins[0] > 0, "what was on disk was kept"
    assert control.row(download_id).bytes_received == SIZE


def test_a_download_that_finishes_under_the_dialog_keeps_its_link(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("u")
        await shown(screen, NewLinkScreen)
        journal.finish(download_id, "a.iso")
        await screen.until(lambda: screen.current.state is State.COMPLETED, what="the finished row")
        await screen.press(*"example.org/x", "enter")
        await screen.until(lambda: screen.remark == "No new link: already finished", what="why not")

    play(control, scenario)
    assert control.row(download_id).url == "https://files.example.org/a.iso"


def test_the_limit_of_all_stands_in_the_header(control: SessionControl) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        assert "   limit off   " in screen.line(Header)
        await screen.press("L")
        await shown(screen, LimitScreen)
        await screen.press(*"2M", "enter")
        await screen.until(lambda: "   limit 2 MB/s   " in screen.line(Header), what="the limit")
        assert control.session.limit_of_all() == 2_000_000
        await screen.pilot.click(Header, offset=(screen.line(Header).index("limit"), 0))
        await shown(screen, LimitScreen)
        assert screen.app.screen.query_one(Field).value == "2M"
        await screen.press(*"off", "enter")
        await screen.until(lambda: "   limit off   " in screen.line(Header), what="no limit")
        await screen.press("L")
        await shown(screen, LimitScreen)
        await screen.press("escape")
        assert screen.app.screen is screen.main

    play(control, scenario)


@pytest.mark.parametrize(("width", "expected"), [(80, "limit 2 MB/s"), (60, "limit 2 MB/s  ○")])
def test_a_limit_that_holds_is_shown_on_narrow_screens(control: SessionControl, width: int, expected: str) -> None:
    Journal(control).add("a.iso")
    control.session.limit_all(2_000_000)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: expected in screen.line(Header), what="the limit")

    play(control, scenario, size=(width, 24))


def test_one_download_gets_a_limit_of_its_own(control: SessionControl) -> None:
    _, download_id = Journal(control).add("a.iso", "b.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("L")
        await shown(screen, LimitScreen)
        await screen.press("down", *"500k", "enter")
        await screen.until(lambda: screen.current.bytes_per_second_max == 500_000, what="the limit")
        assert screen.current.id == download_id
        assert control.session.limit_of_all() is None
        await screen.press("L")
        await shown(screen, LimitScreen)
        await screen.press("down")
        assert screen.app.screen.query_one(Field).value == "500k"
        await screen.press(*"off", "enter")
        await screen.until(lambda: screen.current.bytes_per_second_max is None, what="no limit")

    play(control, scenario)


def test_the_limit_dialog_needs_no_download(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        await screen.press("L")
        await shown(screen, LimitScreen)
        await screen.press(*"1M", "enter")
        await screen.until(lambda: screen.feed.snapshot.bytes_per_second_max == 1_000_000, what="the limit")

    play(control, scenario)


@pytest.mark.parametrize(("chosen", "kept"), [(2_000_000, None), (None, 0), (5, 5)])
def test_what_the_settings_say_follows_the_settings(
    control: SessionControl, chosen: int | None, kept: int | None
) -> None:
    control.session.limit_all(7)
    feed = Feed(control.session, Snapshot(), directory=control.downloads, limit_setting=2_000_000)
    feed.start(lambda _: None)
    feed.limit_all(chosen)
    assert feed.stop() == []
    assert control.session.limit_of_all() == kept
    assert feed.snapshot.bytes_per_second_max == chosen


def test_queued_downloads_change_places(control: SessionControl, fault_server: FaultServer) -> None:
    (control.root / "settings.toml").write_text("downloads_at_once = 1\nworker_idle_seconds = 0.2\n")
    stalled = fault_server.add("/a.iso", Resource(body(1, SIZE)), faults=[StallAfter(SIZE // 4)])
    others = [fault_server.add(f"/{name}.iso", Resource(body(2, SIZE))) for name in "bcd"]
    first, second, third, fourth = control.add(stalled, *others)

    def rows(screen: ScreenControl) -> list[str]:
        """Return the ends of the three queued rows, from the top."""
        return [" ".join(screen.line(DownloadList, y).split()[-3:]) for y in range(3)]

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(
            lambda: rows(screen) == ["queued · 3rd", "queued · 2nd", "queued · next"], what="places"
        )
        await screen.until(lambda: screen.feed.snapshot.worker_runs, what="the worker")
        await screen.press("j")
        assert screen.current.id == third
        await screen.press("K")
        await screen.until(
            lambda: rows(screen) == ["queued · 3rd", "queued · next", "queued · 2nd"], what="earlier"
        )
        assert screen.current.id == third, "no row moves in the list"
        await screen.press("K")
        assert screen.remark == "Already the next in line"
        await screen.press("g", "J")
        assert screen.remark == "Already the last in line"
        assert screen.current.id == fourth
        await screen.press("j", "J")
        await screen.until(lambda: rows(screen) == ["queued · 3rd", "queued · 2nd", "queued · next"], what="later")
        await screen.press("G")
        await screen.until(lambda: screen.current.state is State.TRANSFERRING, what="the transfer")
        await screen.press("K")
        assert screen.remark == "Not in line: it is transferring"
        assert screen.current.id == first
        await screen.press("k", "J")
        await screen.until(lambda: rows(screen) == ["queued · 3rd", "queued · next", "queued · 2nd"], what="order")
        control.session.cancel([first])
        await screen.until(lambda: control.row(fourth).state is State.COMPLETED, what="the last one")

    play(control, scenario)
    ends = [control.row(each).finished_at for each in (third, second, fourth)]
    assert ends == sorted(each for each in ends if each is not None)
