"""Filter, sort, selection and the cursor's memory, on the whole screen over a real session."""

from __future__ import annotations

import asyncio

import pytest
from textual.app import App

from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.model.lifecycle import Intent, State
from tui_downloader.tui import list_pane
from tui_downloader.tui.order import Order
from tui_downloader.tui.screens.question import QuestionScreen
from tui_downloader.tui.screens.sort import SortScreen
from tui_downloader.tui.widgets.empty import Empty
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.filter_bar import FilterBar
from tui_downloader.tui.widgets.footer import Footer
from tui_downloader.tui.widgets.views import Views

NAMES = ("part-10.iso", "Alpha.zip", "x[/]y[@click=app.bell].iso", "part-2.iso")


def some(control: SessionControl) -> list[int]:
    """Make four paused downloads, the third one failed."""
    journal = Journal(control)
    ids = journal.add(*(f"f{at}" for at in range(len(NAMES))))
    for download_id, name in zip(ids, NAMES, strict=True):
        journal.write(download_id, filename=name)
    journal.write(ids[2], state="failed", reason="not-found")
    return ids


def shown(screen: ScreenControl) -> list[str]:
    """Return the names in the list."""
    return [each.shown_name for each in screen.main.downloads._rows]


def is_seen(screen: ScreenControl) -> bool:
    """Tell whether the filter is seen."""
    return screen.main.filter_bar.is_open and screen.main.filter_bar.display


@pytest.mark.parametrize("at_once", [2000, 0], ids=["at once", "by the feed"])
def test_the_filter_is_live_is_kept_and_cleared(
    control: SessionControl, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(control)
    monkeypatch.setattr(list_pane, "AT_ONCE", at_once)

    async def scenario(screen: ScreenControl) -> None:
        assert not is_seen(screen)
        await screen.press("slash", *"iso")
        assert is_seen(screen)
        assert "/ filter" not in screen.line(Views)
        await screen.until(lambda: len(shown(screen)) == 3, what="the filtered rows")
        await screen.press("space", *"state:f")
        await screen.until(lambda: shown(screen) == [NAMES[2]], what="the failed one")
        await screen.press("enter")
        assert screen.main.downloads.has_focus
        assert is_seen(screen)
        assert screen.main.arrangement.filter.text == "iso state:f"
        await screen.press("escape")
        await screen.until(lambda: len(shown(screen)) == 4, what="all rows")
        assert not is_seen(screen)
        assert screen.line(Views).endswith(" / filter ")
        assert screen.current.shown_name == NAMES[2], "the cursor stays on its download"
        await screen.press("slash", *"zip", "escape")
        await screen.until(lambda: len(shown(screen)) == 4, what="all rows again")
        assert screen.main.downloads.has_focus

    play(control, scenario)


def test_a_filter_without_hits_and_a_wrong_state_say_so(control: SessionControl) -> None:
    some(control)

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("slash", *"zzz[/]")
        empty = screen.main.query_one(Empty)
        await screen.until(
            lambda: str(empty.render()) == "No download matches “zzz[/]”. Esc clears the filter.",
            what="the sentence",
        )
        await screen.press("escape", "5", "slash", *"zip")
        await screen.until(lambda: "No download in Failed matches" in str(empty.render()), what="the view's name")
        await screen.press("escape", "slash", *"state:wrong", "enter")
        await screen.until(lambda: "No state is called “wrong”." in str(empty.render()), what="the problem")
        await screen.press("d")
        assert screen.remark == "Nothing to remove: no download is selected"

    play(control, scenario)


def test_no_verb_acts_while_the_rows_are_still_to_change(
    control: SessionControl, monkeypatch: pytest.MonkeyPatch
) -> None:
    some(control)
    monkeypatch.setattr(list_pane, "AT_ONCE", 0)

    async def scenario(screen: ScreenControl) -> None:
        monkeypatch.setattr(screen.feed, "arrange", lambda _: None)
        await screen.press("slash", *"alpha", "enter", "x")
        assert screen.remark.startswith("The list is still being arranged")
        assert all(each.intent is Intent.PAUSE for each in control.session.snapshots())

    play(control, scenario)


def test_an_order_is_chosen_shown_and_remembered(control: SessionControl) -> None:
    some(control)

    async def scenario(screen: ScreenControl) -> None:
        assert "newest first   / filter" in screen.line(Views)
        await screen.press("comma")
        assert isinstance(screen.app.screen, SortScreen)
        await screen.press("j", "j", "enter")
        assert shown(screen) == [NAMES[1], NAMES[3], NAMES[0], NAMES[2]]
        assert "by name" in screen.line(Views)
        await screen.press("comma", "2")
        assert shown(screen) == list(NAMES)
        await screen.press("comma", "escape")
        assert screen.main.arrangement.order is Order.OLDEST

    async def later(screen: ScreenControl) -> None:
        assert shown(screen) == list(NAMES)
        assert "oldest first" in screen.line(Views)

    play(control, scenario)
    play(control, later)


def test_a_verb_acts_on_all_that_are_selected_and_says_whom_it_leaves_out(control: SessionControl) -> None:
    ids = some(control)
    journal = Journal(control)
    journal.finish(ids[0], "part-10.iso")

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("g", "space", "space", "G", "space")
        assert screen.line(Footer).startswith(" 3 selected ")
        await screen.press("x")
        assert screen.remark == "1 of 3 left out: already finished"
        await screen.until(lambda: control.row(ids[3]).state is State.CANCELLED, what="one end")
        await screen.until(lambda: control.row(ids[2]).state is State.CANCELLED, what="the other end")
        assert control.row(ids[1]).state is State.PAUSED
        await screen.press("u")
        assert screen.remark == "A new link is for one download: 3 are selected"
        await screen.press("Y")
        assert screen.app.clipboard.count("https://files.example.org/") == 3
        await screen.press("4")
        await screen.until(lambda: "3 selected, 2 not shown" in screen.line(Footer) or screen.remark, what="count")
        await screen.press("escape")
        assert not screen.main.downloads.selection.ids

    play(control, scenario)


def test_one_question_for_the_whole_selection(control: SessionControl) -> None:
    ids = some(control)
    journal = Journal(control)
    file = journal.finish(ids[0], "part-10.iso")
    journal.write(ids[1], bytes_received=2_000_000)
    journal.write(ids[3], bytes_received=3_000_000)

    async def scenario(screen: ScreenControl) -> None:
        await screen.press("asterisk", "d")
        question = screen.app.screen
        assert isinstance(question, QuestionScreen)
        assert question._title == "Remove 4 downloads?"
        assert question._lines[0].endswith("and 1 more")
        assert question._lines[1].startswith("What was received of 3 unfinished downloads, 5.0 MB, is deleted")
        assert question._lines[2] == "1 finished file stays on the disk."
        await screen.press("enter", "D")
        question = screen.app.screen
        assert isinstance(question, QuestionScreen)
        assert question._title == "Delete file?"
        await screen.press("y")
        await screen.until(lambda: not control.session.snapshots(), what="the removal")
        await screen.until(lambda: not screen.main.downloads.selection.ids, what="an empty selection")
        assert not file.exists()

    play(control, scenario)


def test_the_cursor_is_where_it_was_at_the_last_visit(control: SessionControl) -> None:
    ids = some(control)

    async def scenario(screen: ScreenControl) -> None:
        assert screen.current.id == ids[3]
        await screen.press("j", "j")
        assert screen.current.id == ids[1]

    async def later(screen: ScreenControl) -> None:
        assert screen.current.id == ids[1]

    play(control, scenario)
    assert control.session.preference("cursor") == str(ids[1])
    play(control, later)


def test_a_click_on_a_view_and_a_double_click_on_a_row(control: SessionControl) -> None:
    ids = some(control)

    async def scenario(screen: ScreenControl) -> None:
        at = screen.line(Views).index("5 Failed")
        await screen.pilot.click(Views, offset=(at + 2, 0))
        await screen.until(lambda: shown(screen) == [NAMES[2]], what="the view")
        await screen.press("1")
        await screen.pilot.click(screen.main.downloads, offset=(8, 3))
        assert screen.current.id == ids[0]
        await screen.pilot.double_click(screen.main.downloads, offset=(8, 1))
        await screen.until(lambda: screen.main.has_class("-full"), what="the detail")
        assert screen.current.id == ids[2]

    play(control, scenario, size=(80, 24))


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (120, " 1 All 4   2 Active 0   3 Waiting 3   4 Done 0   5 Failed 1"),
        (80, " 1 All 4  2 Active 0  3 Waiting 3  4 Done 0  5 Failed 1"),
        (76, " 1 All 4   2 Active 0   3 Waiting 3   4 Done 0   5 Failed 1"),
    ],
)
def test_the_views_line_at_the_widths_of_the_specification(control: SessionControl, width: int, text: str) -> None:
    some(control)

    async def scenario(screen: ScreenControl) -> None:
        line = screen.line(Views)
        assert line.startswith(text)
        assert line.endswith("/ filter ")
        assert ("newest first" in line) is (width >= 80)
        await screen.press("slash", *"part")
        assert "1 All 4" in screen.line(Views)
        assert "/ filter" not in screen.line(Views)

    play(control, scenario, size=(width, 24))


def test_the_filter_opens_though_its_line_is_not_built_yet() -> None:
    """Its key may be pressed in the first moment of a screen."""

    async def scenario() -> None:
        app: App[None] = App()
        async with app.run_test() as pilot:
            bar = FilterBar()
            mounted = app.screen.mount(bar)
            bar.open()
            await mounted
            await pilot.pause()
            assert bar.is_open
            assert isinstance(app.focused, Field)

    asyncio.run(scenario())
