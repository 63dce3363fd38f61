"""Questions: the harmless answer is one key away, the other one takes intent."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.pilot import Pilot

from tests.tui_dialogs.driving import drive, rows, shows
from tests.tui_dialogs.samples import HOSTILE
from tui_downloader.tui.screens.question import QuestionScreen

LINES = ("nebula-2560x1024.jpg, 4.6 MB, in ~/Pictures", "The file is deleted. This cannot be undone.")


def answer(*keys: str, title: str = "Delete image?") -> bool | None:
    """Asks, presses keys and returns the answer; `None` if the question still stands."""
    app: App[None] = App()
    answers: list[bool | None] = []

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(QuestionScreen(title, LINES), answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()

    drive(app, script, size=(80, 24))
    return answers[0] if answers else None


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("q",), ("n",), ("right", "left", "enter")])
def test_the_harmless_answer_keeps(keys: tuple[str, ...]) -> None:
    assert answer(*keys) is False


@pytest.mark.parametrize("keys", [("y",), ("tab", "enter"), ("right", "enter"), ("l", "space")])
def test_acting_takes_another_key(keys: tuple[str, ...]) -> None:
    assert answer(*keys) is True


@pytest.mark.parametrize("key", ["d", "x", "delete", "D"])
def test_other_keys_answer_nothing(key: str) -> None:
    assert answer(key) is None


def test_a_click_answers() -> None:
    app: App[None] = App()
    answers: list[bool | None] = []

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(QuestionScreen("Delete image?", LINES), answers.append)
        await pilot.pause()
        await pilot.click("#act")

    drive(app, script, size=(80, 24))
    assert answers == [True]


def test_it_looks_like_its_picture() -> None:
    app: App[None] = App()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(QuestionScreen("Delete image?", LINES))
        await pilot.pause()
        assert [row.strip() for row in rows(app) if row.strip()] == [
            "╭─ Delete image? ──────────────────────────────────────────────╮",
            "│                                                              │",
            "│ nebula-2560x1024.jpg, 4.6 MB, in ~/Pictures                  │",
            "│ The file is deleted. This cannot be undone.                  │",
            "│                                                              │",
            "│ [ Keep ]   [ Delete ]                                        │",
            "│                                                              │",
            "╰─ Enter keep · y delete · Esc keep ───────────────────────────╯",
        ]

    drive(app, script, size=(80, 24))


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_literal_everywhere(name: str) -> None:
    app: App[None] = App()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(QuestionScreen(f"Delete {name}?", [name, f"{name}\x1b[31m"], keep=name))
        await pilot.pause()
        assert shows(app, f"─ Delete {name}? ─")
        assert shows(app, f"│ {name} ")
        assert shows(app, f"{name}\ufffd[31m")
        assert shows(app, f"[ {name} ]")

    drive(app, script, size=(80, 24))


def test_a_small_terminal_keeps_the_answers_in_sight() -> None:
    app: App[None] = App()

    async def script(pilot: Pilot[None]) -> None:
        app.push_screen(QuestionScreen("Delete?", ["word " * 120]))
        await pilot.pause()
        assert shows(app, "[ Keep ]   [ Delete ]")

    drive(app, script, size=(40, 10))
