"""Keys that come in a burst, before anything is there to take them, or while the screen is being left."""

from __future__ import annotations

from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tests.tui_dialogs.driving import shows
from tui_downloader.model.lifecycle import Intent
from tui_downloader.tui.screens.add import AddScreen
from tui_downloader.tui.screens.question import QuestionScreen
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.header import Header
from tui_downloader.tui.widgets.url_area import UrlArea


def test_letters_behind_the_filters_key_go_into_its_field(control: SessionControl) -> None:
    Journal(control).add("alpha.iso", "beta.zip")

    async def scenario(screen: ScreenControl) -> None:
        screen.app.type_ahead("/a/p")
        await screen.until(lambda: [each.value for each in screen.main.query(Field)] == ["a/p"], what="the text")
        assert screen.app.screen is screen.main, "no letter of it was taken for a verb"

    play(control, scenario)


def test_enter_ends_the_filter_before_the_next_key(control: SessionControl) -> None:
    Journal(control).add("foo-1.iso", "foo-2.iso", "bar.iso")

    async def scenario(screen: ScreenControl) -> None:
        screen.app.type_ahead("/fooo\x7f\rj")
        await screen.until(lambda: screen.current.shown_name == "foo-1.iso", what="the second of two")
        field = screen.main.query_one(Field)
        assert field.value == "foo"
        screen.app.type_ahead("/\x1b")
        screen.app.type_ahead("k")
        await screen.until(lambda: screen.current.shown_name == "foo-2.iso", what="one above it")
        assert field.value == "", "escape cleared it"

    play(control, scenario)


def test_keys_of_a_form_come_after_the_letters_before_them(control: SessionControl) -> None:
    AddScreen.kept_text = ""

    async def scenario(screen: ScreenControl) -> None:
        screen.app.type_ahead("aexample.com/a\nexample.com/b\x1b")
        screen.app.type_ahead("L20k\r")
        await screen.until(lambda: "20 kB/s" in screen.line(Header), what="the limit")
        assert AddScreen.kept_text == "example.com/a\nexample.com/b"

    play(control, scenario)


def test_letters_behind_a_key_that_opens_a_form_go_into_it(control: SessionControl) -> None:
    AddScreen.kept_text = ""

    async def scenario(screen: ScreenControl) -> None:
        screen.app.type_ahead("aexample.com/qdp.iso")
        await screen.until(lambda: shows(screen.app, "[ Add 1 ]"), what="the form, filled")
        assert screen.app.screen.query_one(UrlArea).text == "example.com/qdp.iso"

    play(control, scenario)


def test_each_key_of_a_burst_means_what_it_means_when_it_is_its_turn(control: SessionControl) -> None:
    journal = Journal(control)
    journal.write(journal.add("a.iso", "b.iso", "c.iso")[1], bytes_received=2_000_000, bytes_expected=4_000_000)

    async def scenario(screen: ScreenControl) -> None:
        screen.app.type_ahead("?q\x1b[Bdj\x1b[B")
        await screen.until(lambda: isinstance(screen.app.screen, QuestionScreen), what="the question")
        assert screen.app.is_running, "q closed the help"
        screen.app.type_ahead("\x1b")
        await screen.until(lambda: screen.app.screen is screen.main, what="the end of it")
        assert screen.current.shown_name == "b.iso", "what followed the question was not for the list"
        screen.app.type_ahead("kxjx")
        await screen.until(lambda: control.row(2).intent is Intent.CANCEL, what="the verbs")
        assert [control.row(each).intent for each in (1, 3)] == [Intent.PAUSE, Intent.CANCEL]

    play(control, scenario)


def test_a_link_typed_before_the_terminal_marked_pastes_is_a_paste(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        screen.app.type_ahead("https://example.com/qdp.iso\r")
        await screen.until(lambda: shows(screen.app, "[ Add 1 ]"), what="the form, filled")

    play(control, scenario)


def test_leaving_while_a_form_is_being_built(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        screen.main.action_add("https://example.com/a.iso")
        screen.app.exit()

    play(control, scenario)
