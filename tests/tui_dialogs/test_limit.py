"""The dialog for a speed limit: all or one, what stands in the field, what is no limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import pytest
from textual.app import App
from textual.events import Paste
from textual.pilot import Pilot

from tests.tui_dialogs.driving import drive, rows, shows, until
from tests.tui_dialogs.samples import HOSTILE
from tui_downloader.tui.screens.limit import LimitScreen, NewLimit, Scope
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.scope_line import ScopeLine

ALL = Scope((), "All downloads together", 2_000_000)
ONE = Scope((4,), "debian-13.2.0-netinst.iso", None)

Script = Callable[[Pilot[None]], Awaitable[None]]


def ask(
    script: Script, scopes: Sequence[Scope] = (ALL, ONE), *, size: tuple[int, int] = (80, 24)
) -> list[NewLimit | None]:
    """Opens the dialog, runs the script and returns what the dialog ended with, if it did."""
    app: App[None] = App()
    answers: list[NewLimit | None] = []

    async def run(pilot: Pilot[None]) -> None:
        app.push_screen(LimitScreen(scopes), answers.append)
        await until(pilot, lambda: shows(app, "Speed limit"), "the dialog")
        await script(pilot)
        await pilot.pause()

    drive(app, run, size=size)
    return answers


def pressed(*keys: str, scopes: Sequence[Scope] = (ALL, ONE)) -> list[NewLimit | None]:
    """Opens the dialog, presses keys and returns what the dialog ended with."""

    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*keys)

    return ask(script, scopes)


def test_it_looks_like_its_picture() -> None:
    async def script(pilot: Pilot[None]) -> None:
        assert [row.strip() for row in rows(pilot.app) if row.strip()] == [
            "╭─ Speed limit ────────────────────────────────────────────────────────────╮",
            "│                                                                          │",
            "│ ● All downloads together                                      now 2 MB/s │",
            "│ ○ debian-13.2.0-netinst.iso                                      now off │",
            "│                                                                          │",
            "│ Limit     2M                                                             │",
            "│           off, or bytes a second: 500k, 2M                               │",
            "│                                                                          │",
            "│ [ Set ]   [ Cancel ]                                                     │",
            "│                                                                          │",
            "╰─ Enter set · ↑ ↓ which · Esc close ──────────────────────────────────────╯",
        ]

    assert ask(script) == []


def test_typing_replaces_the_present_limit() -> None:
    assert pressed(*"500k", "enter") == [NewLimit((), 500_000)]
    assert pressed(*"off", "enter") == [NewLimit((), None)]
    assert pressed("end", "0", "backspace", "enter") == [NewLimit((), 2_000_000)]


def test_arrows_choose_what_is_limited() -> None:
    assert pressed("down", *"1M", "enter") == [NewLimit((4,), 1_000_000)]
    assert pressed("down", "down", "up", *"1M", "enter") == [NewLimit((), 1_000_000)]
    assert pressed(*"1M", "down", "enter") == [NewLimit((4,), 1_000_000)], "what was typed stays"
    assert pressed("down", "enter") == [NewLimit((4,), None)], "the field follows to its present limit"
    assert pressed("down", *"1M", "enter", scopes=[ALL]) == [NewLimit((), 1_000_000)]


def test_a_click_chooses_what_is_limited() -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.click(pilot.app.screen.query(ScopeLine).last(), offset=(5, 0))
        await until(pilot, lambda: shows(pilot.app, "● debian"), "the mark")
        await pilot.press(*"1M")
        await pilot.click("#act")

    assert ask(script) == [NewLimit((4,), 1_000_000)]


def test_how_it_is_read_stands_beside_it() -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*"1.5M")
        await until(pilot, lambda: shows(pilot.app, "1.5 MB/s │"), "how it is read")
        await pilot.press("x")
        await until(pilot, lambda: not shows(pilot.app, "1.5 MB/s │"), "nothing to read")
        pilot.app.screen.query_one(Field).value = ""
        pilot.app.post_message(Paste(" off\n"))
        await until(pilot, lambda: shows(pilot.app, "no limit │"), "no limit")

    assert ask(script) == []


def test_a_wrong_limit_says_why_and_stays() -> None:
    async def script(pilot: Pilot[None]) -> None:
        await pilot.press(*"fast", "enter")
        await until(pilot, lambda: shows(pilot.app, "“fast” is not a limit: write off, 500k or 2M."), "why not")
        await pilot.press("backspace")
        await until(pilot, lambda: shows(pilot.app, "off, or bytes a second"), "the hint again")

    assert ask(script) == []


@pytest.mark.parametrize("keys", [("escape",), ("tab", "tab", "space")])
def test_closing_it_changes_nothing(keys: tuple[str, ...]) -> None:
    assert pressed(*keys) == [None]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_literal(name: str) -> None:
    async def script(pilot: Pilot[None]) -> None:
        assert shows(pilot.app, f"│ ○ {name} ")

    ask(script, [ALL, Scope((4,), name, None)])


def test_a_small_terminal_keeps_field_and_buttons_in_sight() -> None:
    async def script(pilot: Pilot[None]) -> None:
        assert shows(pilot.app, "● All downloads together")
        assert shows(pilot.app, "Limit     2M")
        assert shows(pilot.app, "[ Set ]   [ Cancel ]")

    ask(script, [ALL, Scope((4,), "x" * 300, 10**12)], size=(40, 10))


def test_several_downloads_get_the_same_limit_each() -> None:
    several = Scope((4, 5), "Each of 2 selected", 1_000_000, differs=True)
    assert pressed("down", *"2M", "enter", scopes=[ALL, several]) == [NewLimit((4, 5), 2_000_000)]
