"""The list of sessions over real ones: switching, making, removing, and one that cannot be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests.support.session_control import SessionControl, session_control
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.session.overview import SessionOverview, session_overviews
from tui_downloader.tui.screens.new_session import NewSessionScreen
from tui_downloader.tui.screens.question import QuestionScreen
from tui_downloader.tui.screens.sessions import SessionsScreen
from tui_downloader.tui.sessions_words import NOTHING, removal_lines, session_choices
from tui_downloader.tui.widgets.choices import Choices
from tui_downloader.tui.widgets.field import Field


@pytest.fixture
def others(control: SessionControl) -> Iterator[dict[str, SessionControl]]:
    """Yield two sessions beside `test`: `work` with an unread outcome, `zebra` of a newer version."""
    with ExitStack() as stack:
        made = {name: stack.enter_context(session_control(control.root, name)) for name in ("work", "zebra")}
        control.add("https://files.example.org/a.iso", paused=True)
        (one,) = Journal(made["work"]).add("b.iso")
        Journal(made["work"]).finish(one, "b.iso")
        made["zebra"].add("https://files.example.org/c.iso", paused=True)
        made["zebra"].session.close()
        path = made["zebra"].session.directory / "state.sqlite3"
        with closing(sqlite3.connect(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            connection.execute("PRAGMA user_version = 99")
        yield made
        if path.exists():
            with closing(sqlite3.connect(path)) as connection:
                connection.execute(f"PRAGMA user_version = {version}")


def dialog(screen: ScreenControl) -> SessionsScreen:
    """Return the dialog, which is open."""
    top = screen.app.screen
    assert isinstance(top, SessionsScreen)
    return top


def subtitle(screen: ScreenControl) -> str:
    """Return what stands in the lower edge of the dialog."""
    return str(dialog(screen).query_one("#box").border_subtitle)


async def opened(screen: ScreenControl, *, entries: int) -> list[str]:
    """Open the dialog, wait for what it shows and return it."""
    await screen.press("s")
    await screen.until(lambda: isinstance(screen.app.screen, SessionsScreen), what="the dialog")
    choices = dialog(screen).query_one(Choices)
    await screen.until(lambda: len(choices.lines) == entries, what=f"{entries} sessions")
    return ["".join(text for text, _ in each) for each in choices.lines]


def test_it_lists_what_is_in_each_and_enter_switches(
    control: SessionControl, others: dict[str, SessionControl]
) -> None:
    assert set(others) == {"work", "zebra"}

    async def scenario(screen: ScreenControl) -> None:
        lines = await opened(screen, entries=3)
        assert lines[0] == "● test     1 download"
        assert lines[1] == "  work     1 download · inbox 1"
        assert lines[2].startswith("  zebra    Session “zebra” was written by a newer tuidl")
        await screen.press("G", "enter")
        assert "newer tuidl" in subtitle(screen)
        await screen.press("k", "enter")
        await screen.until(lambda: screen.app.return_value == "work", what="the switch")

    play(control, scenario)


@pytest.mark.parametrize("keys", [("escape",), ("q",), ("s",), ("enter",)])
def test_closing_it_stays_here(control: SessionControl, keys: tuple[str, ...]) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=1)
        await screen.press(*keys)
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")
        assert screen.app.return_value is None

    play(control, scenario)


def test_a_new_one_is_made_and_shown(control: SessionControl) -> None:
    Journal(control).add("a.iso")

    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=1)
        for wrong, sentence in (
            ("a/b", "cannot be a session name"),
            ("TEST", "There is a session “test” already"),
        ):
            await screen.press("n")
            await screen.until(lambda: isinstance(screen.app.screen, NewSessionScreen), what="the question")
            screen.app.screen.query_one(Field).paste(wrong)
            await screen.press("enter")
            await screen.pilot.pause()
            assert sentence in str(screen.app.screen.query_one("#below").render())
            await screen.press("escape")
        await screen.press("n")
        screen.app.screen.query_one(Field).paste("fresh")
        await screen.press("enter")
        await screen.until(lambda: screen.app.return_value == "fresh", what="the switch")
        assert [each.session for each in session_overviews(control.root / "state")] == ["fresh", "test"]

    play(control, scenario)


def test_removing_asks_and_never_removes_the_open_one(
    control: SessionControl, others: dict[str, SessionControl]
) -> None:
    async def scenario(screen: ScreenControl) -> None:
        await opened(screen, entries=3)
        await screen.press("d")
        assert "open here" in subtitle(screen)
        await screen.press("G", "d")
        assert "newer tuidl" in subtitle(screen)
        await screen.press("k", "d")
        await screen.until(lambda: isinstance(screen.app.screen, QuestionScreen), what="the question")
        await screen.press("enter")
        assert others["work"].session.exists(), "the harmless answer has the focus"
        await screen.press("d", "y")
        choices = dialog(screen).query_one(Choices)
        await screen.until(lambda: len(choices.lines) == 2, what="one session less")
        assert not others["work"].session.exists()
        assert control.session.exists()
        others["work"].session.close()

    play(control, scenario)


@pytest.mark.parametrize("size", [(60, 16), (40, 10)])
def test_it_fits(control: SessionControl, others: dict[str, SessionControl], size: tuple[int, int]) -> None:
    assert others

    async def scenario(screen: ScreenControl) -> None:
        lines = await opened(screen, entries=3)
        assert dialog(screen).query_one("#box").region.height <= size[1]
        assert all(len(each) <= size[0] for each in lines)

    play(control, scenario, size=size)


def test_words() -> None:
    assert session_choices([], here="x", width=80)[0].line[0][0] == NOTHING
    busy = SessionOverview(
        "work", downloads=1000, unfinished=3, running=2, unread=4, held=True, worker_running=False
    )
    (choice,) = session_choices([busy], here="x", width=80)
    assert "".join(text for text, _ in choice.line) == "  work     1,000 downloads · 2 stopped · inbox 4"
    assert removal_lines(busy) == [
        "work, 1,000 downloads",
        "2 downloads still go on in it.",
        "What was received of unfinished downloads is deleted. This cannot be undone.",
        "Finished files stay where they are.",
    ]
    assert removal_lines(SessionOverview("a", downloads=1)) == [
        "a, 1 download",
        "Finished files stay where they are.",
    ]
    hostile = SessionOverview("x", error="\x1b[31m[red]no\u202e")
    (choice,) = session_choices([hostile], here="y", width=20)
    assert "\x1b" not in "".join(text for text, _ in choice.line)
