"""The side pane on the screen: tabs by key and click, its sizes, focus, and what is remembered."""

from __future__ import annotations

from functools import partial

import pytest
from textual.widget import Widget

from tests.support.fault_server import FaultServer, Resource
from tests.support.faults import Pace
from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.model.events import EventKind
from tui_downloader.model.recorded_exchange import RecordedExchange
from tui_downloader.state import exchanges
from tui_downloader.tui.layout import Layout, PaneSize
from tui_downloader.tui.widgets.detail import DetailPane
from tui_downloader.tui.widgets.detail_lines import DetailLines, HeadLines
from tui_downloader.tui.widgets.download_list import DownloadList
from tui_downloader.tui.widgets.footer import Footer
from tui_downloader.tui.widgets.rule import Rule
from tui_downloader.tui.widgets.tab_bar import TabBar

SECRET = "geheim-4711"
MB = 1_000_000


def half(control: SessionControl) -> int:
    """Make a failed download of which two pieces are there, with the fields of its last exchange."""
    journal = Journal(control)
    (download_id,) = journal.add(f"talk.mkv?token={SECRET}")
    journal.write(
        download_id,
        state="failed",
        reason="link-expired",
        http_status=403,
        filename="talk.mkv",
        bytes_received=60 * MB,
        bytes_expected=100 * MB,
        received=f"0-{50 * MB},{60 * MB}-{70 * MB}",
    )
    exchange = RecordedExchange.of(
        at=1.0,
        url=f"https://me:{SECRET}@files.example.org/talk.mkv?token={SECRET}",
        target=f"/talk.mkv?token={SECRET}",
        version="HTTP/1.1",
        status="403 Forbidden",
        request=[("Range", "bytes=5-"), ("Authorization", f"Bearer {SECRET}"), ("Cookie", f"a={SECRET}")],
        response=[("Set-Cookie", f"b={SECRET}"), ("Location", f"/login?back={SECRET}"), ("Server", "nginx")],
    )
    with journal._database() as database, database.transaction() as transaction:
        exchanges.write(transaction, download_id, exchange)
    journal.tell(download_id, EventKind.FAILED, reason="link-expired", error="The link has expired.")
    return download_id


def shown(screen: ScreenControl, kind: type[Widget] = DetailLines) -> str:
    """Return what a widget shows."""
    widget = screen.main.query_one(kind)
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


def tabs(screen: ScreenControl) -> str:
    """Return the line of tabs."""
    return screen.line(TabBar).strip()


def is_open(screen: ScreenControl, name: str) -> bool:
    """Tell whether a tab is open."""
    return f"[{name}]" in tabs(screen)


async def open_pane(screen: ScreenControl) -> None:
    """Wait until the pane shows the download."""
    await screen.until(lambda: screen.main.query(DetailPane), what="the pane")
    await screen.until(lambda: "talk.mkv" in shown(screen, HeadLines), what="the head")


async def open_tab(screen: ScreenControl, name: str) -> None:
    """Turn to a tab by key."""
    for _ in range(5):
        if f"[{name}]" in tabs(screen):
            return
        await screen.press("]")
        await screen.pilot.pause()
    raise AssertionError(f"there is no tab {name}: {tabs(screen)}")


def test_brackets_turn_the_tabs_round_and_the_choice_is_remembered(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        await open_pane(screen)
        assert tabs(screen) == "[Overview]  Segments  Speed  Events  Fields"
        for name in ("Segments", "Speed", "Events", "Fields", "Overview"):
            await screen.press("]")
            await screen.until(partial(is_open, screen, name), what=name)
        await screen.press("[")
        await screen.until(lambda: "[Fields]" in tabs(screen), what="the last one")

    async def later(screen: ScreenControl) -> None:
        await open_pane(screen)
        await screen.until(lambda: "[Fields]" in tabs(screen), what="the remembered tab")

    play(control, scenario)
    assert control.session.preference("tab-resting") == "Fields"
    play(control, later)


def test_a_click_opens_a_tab(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        await open_pane(screen)
        await screen.pilot.click(TabBar, offset=(screen.line(TabBar).index("Events") + 1, 0))
        await screen.until(lambda: "failed: link expired" in shown(screen), what="the events")
        assert "[Events]" in tabs(screen)

    play(control, scenario)


def test_the_map_shows_what_was_kept(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        await open_pane(screen)
        await open_tab(screen, "Segments")
        await screen.until(lambda: "2 pieces here · 40.0 MB missing in 2 gaps" in shown(screen), what="the map")
        cells = shown(screen).replace("\n", "")
        full, empty = cells.count("█") - 1, cells.count("░") - 1  # one of each is in the legend
        assert abs(full / (full + empty) - 0.6) < 0.02

    play(control, scenario)


@pytest.mark.parametrize("size", [(120, 34), (80, 24)])
def test_fields_are_shown_and_no_secret_is_on_the_screen(control: SessionControl, size: tuple[int, int]) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        await open_pane(screen)
        await open_tab(screen, "Fields")
        await screen.until(lambda: "GET /talk.mkv?*** HTTP/1.1" in shown(screen), what="the fields")
        await screen.press("tab", "G")
        await screen.until(lambda: "Server" in shown(screen), what="the end")
        for name in ("Overview", "Segments", "Speed", "Events", "Fields"):
            await open_tab(screen, name)
            assert SECRET not in screen.app.export_screenshot()

    play(control, scenario, size=size)


def test_tab_goes_from_pane_to_pane_and_j_and_k_scroll_the_focused_one(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        await open_pane(screen)
        await open_tab(screen, "Fields")
        lines = screen.main.query_one(DetailLines)
        await screen.until(lambda: lines.max_scroll_y > 0, what="more than fits")
        await screen.press("tab")
        assert screen.main.focused is lines
        await screen.press("j", "j", "k")
        await screen.until(lambda: lines.scroll_offset.y == 1, what="one line further")
        await screen.press("shift+tab")
        assert screen.main.focused is not lines
        await screen.press("]")
        await screen.until(lambda: lines.scroll_offset.y == 0, what="another tab begins at its top")

    play(control, scenario, size=(110, 20))


def test_z_makes_the_pane_wide_hides_it_and_brings_it_back(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        await open_pane(screen)
        pane, rows = screen.main.query_one("#detail"), screen.main.downloads
        assert (pane.region.width, rows.size.width) == (49, 71)
        await screen.press("tab", "z")
        await screen.until(lambda: pane.region.width == 76, what="the wide pane")
        assert rows.region.width == 44
        assert screen.remark == "Side pane: wide"
        assert screen.main.query_one("#top", Rule).junction == 44
        await screen.press("z")
        await screen.until(lambda: not pane.display, what="no pane")
        await screen.until(lambda: isinstance(screen.main.focused, DownloadList), what="the keys at the list")
        assert rows.region.width == 120
        assert screen.main.query_one("#sentence").display
        assert screen.main.query_one("Views").display
        await screen.press("]")
        assert screen.remark == "The side pane is hidden: z shows it"

    async def later(screen: ScreenControl) -> None:
        assert screen.main.pane_size is PaneSize.HIDDEN
        assert screen.main.has_class(Layout.LIST.value)
        await screen.press("z")
        await screen.until(lambda: screen.main.query_one("#detail").region.width == 49, what="the pane beside")

    play(control, scenario)
    assert control.session.preference("side-pane") == "hidden"
    play(control, later)


def test_below_the_list_head_and_tab_stand_side_by_side_with_joined_rules(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        await open_pane(screen)
        head, page = screen.main.query_one(HeadLines), screen.main.query_one("#page")
        await screen.until(lambda: page.region.x > head.region.right, what="two columns")
        assert page.region.y == head.region.y
        assert "The link has expired (403)." in shown(screen, HeadLines)
        assert "u New link" in shown(screen, HeadLines)
        rule = screen.main.query_one("#middle", Rule)
        await screen.until(lambda: rule.junction == page.region.x, what="the junction")
        await screen.press("z")
        await screen.until(lambda: screen.main.query_one(DetailPane).region.height == 12, what="the wide pane")
        await screen.until(lambda: rule.junction is None, what="no junction")

    play(control, scenario, size=(80, 24))


def test_a_small_screen_has_tabs_in_the_detail_over_the_list(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        for key in ("]", "z"):
            await screen.press(key)
            assert screen.remark == "No room for the side pane: Enter shows the detail"
            screen.main.say("")
        assert screen.main.pane_size is PaneSize.BESIDE
        await screen.press("enter")
        await open_pane(screen)
        await open_tab(screen, "Events")
        await screen.until(lambda: "failed: link expired" in shown(screen), what="the events")
        await screen.press("tab", "escape")
        await screen.until(lambda: isinstance(screen.main.focused, DownloadList), what="the keys at the list")

    play(control, scenario, size=(60, 16))


def test_the_footer_tells_of_the_tabs_where_there_are_any(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.iso")
    journal.write(download_id, state="transferring", acted_number=1)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.main.query(DetailPane), what="the pane")
        assert ("[ ] Tabs" in screen.line(Footer)) is (screen.current.state.value == "transferring")
        await screen.press("z", "z")
        await screen.until(lambda: screen.remark == "", what="the keys again")
        assert "[ ] Tabs" not in screen.line(Footer)

    play(control, scenario)


def test_every_key_of_the_pane_has_id_and_tooltip(control: SessionControl) -> None:
    half(control)

    async def scenario(screen: ScreenControl) -> None:
        bound = {each.binding.id: each.binding for each in screen.main.active_bindings.values()}
        for name in ("tab-previous", "tab-next", "layout", "focus-next", "focus-previous"):
            assert bound[name].tooltip
            assert bound[name].description

    play(control, scenario)


def test_a_running_download_is_mapped_and_drawn_live(control: SessionControl, fault_server: FaultServer) -> None:
    url = fault_server.add("/live.bin", Resource(bytes(40 * MB)), faults=[Pace(0.5 * MB)])
    control.add(url)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.main.query(DetailPane), what="the pane")
        await screen.until(lambda: "[Segments]" in tabs(screen), what="the map, unasked")
        await screen.until(lambda: "▓" in shown(screen).partition("▓ arriving")[0], what="bytes that arrive")
        await screen.until(lambda: "┤" in shown(screen) and "now" in shown(screen), what="the graph below")
        screen.feed.pause([screen.current.id])
        await screen.until(lambda: "Paused." in shown(screen, HeadLines), what="the pause")
        await open_tab(screen, "Segments")
        await screen.until(lambda: "▓" not in shown(screen).partition("▓ arriving")[0], what="nothing arriving")
        assert "█" in shown(screen)

    play(control, scenario)
