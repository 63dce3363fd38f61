"""The main screen over a real session: views, layouts, empty panes, help and palette, quitting."""

from __future__ import annotations

import pytest
from textual.command import CommandPalette

from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.model.events import EventKind
from tui_downloader.tui import theme
from tui_downloader.tui.screens.add import AddScreen
from tui_downloader.tui.screens.help import HelpScreen
from tui_downloader.tui.widgets.detail import DetailPane
from tui_downloader.tui.widgets.download_list import DownloadList
from tui_downloader.tui.widgets.empty import Empty
from tui_downloader.tui.widgets.footer import Footer
from tui_downloader.tui.widgets.header import Header
from tui_downloader.tui.widgets.rule import Rule
from tui_downloader.tui.widgets.url_area import UrlArea
from tui_downloader.tui.widgets.views import Views


def five(control: SessionControl) -> dict[str, int]:
    """Make one download for each view and more."""
    journal = Journal(control)
    ids = dict(zip(("done", "failed", "waiting", "paused", "cancelled"), journal.add(*"abcde"), strict=True))
    journal.finish(ids["done"], "moon.png")
    journal.write(ids["failed"], state="failed", reason="not-found", error="Not found.", http_status=404)
    journal.write(ids["waiting"], state="waiting", reason="offline")
    journal.write(ids["cancelled"], state="cancelled")
    return ids


def test_the_first_frame_shows_the_rows(control: SessionControl) -> None:
    five(control)

    async def scenario(screen: ScreenControl) -> None:
        assert "moon.png" in screen.line(DownloadList, 4)
        assert screen.line(Views).startswith(" 1 All 5   2 Active 0   3 Waiting 2   4 Done 1   5 Failed 2  ")
        assert screen.line(Views).endswith("  newest first   / filter ")
        assert screen.line(Header).startswith(" tuidl  test ")
        assert screen.line(Header).rstrip().endswith("○ worker idle")

    play(control, scenario)


def test_views_are_chosen_by_key_and_by_click(control: SessionControl) -> None:
    ids = five(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("5")
        assert screen.current.id == ids["cancelled"]
        assert screen.main.query_one(Views).arrangement.view.value == "Failed"
        await screen.pilot.click(Views, offset=(screen.line(Views).index("Done"), 0))
        await screen.pilot.pause()
        assert screen.current.id == ids["done"]
        await screen.press("2")
        assert screen.main.current is None
        assert screen.main.query_one(Empty).display
        assert "Nothing is running." in str(screen.main.query_one(Empty).render())
        await screen.press("1", "G")
        assert screen.current.id == ids["done"]

    play(control, scenario)


def test_a_row_that_changes_its_state_stays_where_it_is(control: SessionControl) -> None:
    ids = five(control)
    journal = Journal(control)

    async def scenario(screen: ScreenControl) -> None:
        before = [each.id for each in screen.main.snapshot.rows[screen.main.arrangement.view]]
        journal.write(ids["failed"], state="queued", reason=None)
        await screen.until(lambda: "Active 1" in screen.line(Views), what="the change")
        assert [each.id for each in screen.main.snapshot.rows[screen.main.arrangement.view]] == before

    play(control, scenario)


@pytest.mark.parametrize(
    ("size", "beside", "detail", "sentence"),
    [((120, 34), True, True, False), ((80, 24), False, True, False), ((60, 16), False, False, True)],
)
def test_layouts(
    control: SessionControl, size: tuple[int, int], beside: bool, detail: bool, sentence: bool
) -> None:
    ids = five(control)

    async def scenario(screen: ScreenControl) -> None:
        pane, rows = screen.main.query_one("#detail"), screen.main.downloads
        assert pane.display is detail
        assert any(each.display for each in screen.main.query("#sentence")) is sentence
        if detail:
            assert (pane.region.y == rows.region.y) is beside
            assert (pane.region.x > rows.region.x) is beside
        assert screen.main.query_one(Footer).region.y == size[1] - 1
        assert screen.main.query_one("#top", Rule).junction == (71 if beside else None)
        await screen.press("G")
        assert screen.current.id == ids["done"]

    play(control, scenario, size=size)


def test_the_detail_below_has_eight_rows(control: SessionControl) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.main.query(DetailPane), what="the detail")
        assert screen.main.query_one(DetailPane).region.height == 8
        assert screen.main.downloads.size.height == 11

    play(control, scenario, size=(80, 24))


def test_a_tiny_terminal_says_what_it_needs(control: SessionControl) -> None:
    ids, needs = five(control), "tuidl needs 40 × 10; downloads go on."

    async def scenario(screen: ScreenControl) -> None:
        assert not [each for each in screen.main.children if each.display]
        assert needs in screen.app.export_screenshot().replace("&#160;", " ")
        await screen.pilot.resize_terminal(120, 34)
        await screen.pilot.pause()
        assert screen.main.query_one("#detail").display
        assert needs not in str(screen.main.render())
        assert needs not in screen.app.export_screenshot().replace("&#160;", " ")
        await screen.press("g")
        assert screen.current.id == ids["cancelled"]

    play(control, scenario, size=(38, 9))


def test_enter_shows_the_detail_over_the_list_and_keys_go_on_working(control: SessionControl) -> None:
    ids = five(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("G", "k", "enter")
        pane = screen.main.query_one("#detail")
        await screen.until(lambda: pane.size.width >= 59, what="the wide pane")
        assert screen.line(Footer).startswith(" Esc Back")
        await screen.press("j", "k")
        assert screen.current.id == ids["failed"]
        await screen.press("escape")
        await screen.until(lambda: not pane.display, what="the list")
        await screen.press("enter")
        await screen.until(lambda: pane.display, what="the detail again")
        await screen.press("q")
        await screen.until(lambda: not pane.display, what="the list, not the shell")
        assert screen.main.app.is_running

    play(control, scenario, size=(60, 16))


def test_an_empty_session_says_how_to_begin(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        text = str(screen.main.query_one(Empty).render())
        assert "Nothing here yet." in text
        assert "Paste a link, or press  a  to add one." in text
        assert "tuidl demo" in text
        assert not screen.main.query_one(Views).display
        assert screen.line(Footer).split() == ["a", "Add", "?", "Help", "q", "Quit"]
        Journal(control).add("a.iso")
        await screen.until(lambda: screen.main.query_one(Views).display, what="the first download")
        assert screen.main.downloads.display

    play(control, scenario, size=(80, 24))


@pytest.mark.parametrize("name", [each.name for each in theme.ALL])
def test_every_theme_draws_every_pane(control: SessionControl, name: str) -> None:
    five(control)

    async def scenario(screen: ScreenControl) -> None:
        screen.app.theme = name
        keys = "question_mark escape colon escape a escape L tab escape u tab escape g enter"
        for key in keys.split():
            await screen.press(key)
        assert "moon.png" in screen.app.export_screenshot()

    play(control, scenario)


def test_help_and_palette_know_every_key(control: SessionControl) -> None:
    five(control)

    async def scenario(screen: ScreenControl) -> None:
        bound = {
            each.binding.id: each.binding
            for each in screen.main.active_bindings.values()
            if each.binding.id is not None
        }
        assert {"add", "pause", "resume", "cancel", "remove", "delete", "copy-path", "view-all", "help"} <= set(
            bound
        )
        assert {"new-link", "limit", "queue-earlier", "queue-later"} <= set(bound)
        assert {"cursor-down", "page-half-up", "quit", "palette", "back"} <= set(bound)
        for each in bound.values():
            assert each.description, each.id
            assert each.tooltip, each.id
        await screen.press("question_mark")
        assert isinstance(screen.app.screen, HelpScreen)
        await screen.press("escape", "f1")
        assert isinstance(screen.app.screen, HelpScreen)
        await screen.press("q")
        await screen.press("colon")
        assert isinstance(screen.app.screen, CommandPalette)
        await screen.press(*"fail", "enter")
        await screen.until(
            lambda: screen.main.query_one(Views).arrangement.view.value == "Failed", what="the command"
        )

    play(control, scenario)


def test_a_paste_opens_the_add_form_filled(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        from textual import events

        def is_filled() -> bool:
            form = screen.app.screen
            is_there = isinstance(form, AddScreen) and form.is_mounted  # half mounted, it cannot be closed
            return is_there and form.query_one(UrlArea).text == "https://files.example.org/a.iso"

        screen.app.post_message(events.Paste("https://files.example.org/a.iso\n"))
        await screen.until(is_filled, what="the form")

    play(control, scenario)


def test_the_small_screen_words_the_selected_row(control: SessionControl) -> None:
    five(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("G", "k")
        await screen.pilot.pause()
        sentence = str(screen.main.query_one("#sentence").render())
        assert sentence == "Not found on the server (404)"

    play(control, scenario, size=(60, 16))


def test_the_history_of_the_selected_download_is_shown(control: SessionControl) -> None:
    ids = five(control)
    journal = Journal(control)
    journal.tell(ids["failed"], EventKind.FAILED, reason="not-found", error="Not found.")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("G", "k")
        await screen.until(lambda: screen.main._history[0] == ids["failed"], what="the history")
        assert [each.kind for each in screen.main._history[1]] == [EventKind.FAILED]
        journal.tell(ids["failed"], EventKind.STARTED, attempt=2)
        await screen.until(lambda: len(screen.main._history[1]) == 2, what="the new event")

    play(control, scenario)


def test_q_and_ctrl_c_quit(control: SessionControl) -> None:
    for key in ("q", "ctrl+c"):

        async def scenario(screen: ScreenControl, key: str = key) -> None:
            await screen.press(key)
            await screen.until(lambda: not screen.app.is_running, what="the end")

        play(control, scenario)
