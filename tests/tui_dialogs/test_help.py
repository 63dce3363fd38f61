"""Help: every binding of the screen underneath, the focused pane first."""

from __future__ import annotations

from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot
from textual.widget import Widget

from tests.tui_dialogs.driving import drive, rows, shows, until
from tui_downloader.tui.keys import key_words
from tui_downloader.tui.screens.help import HelpScreen, help_lines
from tui_downloader.tui.screens.help_keys import HelpGroup, HelpKey


class Pane(Widget, can_focus=True):
    """A pane with keys."""

    BINDING_GROUP_TITLE = "Downloads"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "bell", "Down", id="cursor-down", tooltip="Move one row down"),
        Binding("D,delete", "bell('x')", "Delete [red]file", id="delete", tooltip="Delete [/] from the disk"),
        Binding("ctrl+w", "bell", "", id="hidden"),
        Binding("ctrl+y", "bell", "Toolkit's own"),
    ]


class HelpedApp(App[None]):
    """A pane and the key for help."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", id="help", tooltip="Show every key"),
    ]

    def compose(self) -> ComposeResult:
        yield Pane()

    def on_mount(self) -> None:
        self.query_one(Pane).focus()

    def action_help(self) -> None:
        self.push_screen(HelpScreen())


async def opened(pilot: Pilot[None]) -> None:
    """Opens the help and waits until it is drawn."""
    await pilot.press("question_mark")
    await until(pilot, lambda: shows(pilot.app, "Downloads"), "the help")


def test_the_focused_pane_comes_first_and_keys_are_merged() -> None:
    app = HelpedApp()

    async def script(pilot: Pilot[None]) -> None:
        await opened(pilot)
        text = [row.strip(" │") for row in rows(app)]
        pane, everywhere, mouse = (text.index(title) for title in ("Downloads", "Everywhere", "Mouse"))
        assert pane < everywhere < mouse
        assert text[pane + 1].split("  ")[0] == "j ↓"
        assert text[pane + 1].endswith("Move one row down")
        assert text[pane + 2].startswith("D Del")
        assert "Delete [red]file" in text[pane + 2]
        assert "Delete [/] from the disk" in text[pane + 2]
        assert any(row.startswith("? F1") and row.endswith("Show every key") for row in text[everywhere:mouse])
        assert any(row.startswith("Shift+drag") and "Mark text" in row for row in text[mouse:])

    drive(app, script, size=(110, 34))


def test_what_is_not_meant_to_be_read_is_left_out() -> None:
    app = HelpedApp()

    async def script(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert not shows(app, "Toolkit's own")
        assert not shows(app, "Ctrl+W")

    drive(app, script, size=(110, 34))


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1"])
def test_keys_close_it(key: str) -> None:
    app = HelpedApp()

    async def script(pilot: Pilot[None]) -> None:
        await opened(pilot)
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, HelpScreen), "the screen underneath")
        assert app.focused is app.query_one(Pane)

    drive(app, script)


def test_it_scrolls_where_there_is_little_room() -> None:
    app = HelpedApp()

    async def script(pilot: Pilot[None]) -> None:
        await opened(pilot)
        assert not shows(app, "Shift+drag")
        await pilot.press("G")
        await until(pilot, lambda: shows(app, "Shift+drag"), "the last keys")
        await pilot.press("g")
        await until(pilot, lambda: shows(app, "Downloads"), "the first keys")

    drive(app, script, size=(50, 10))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("ctrl+d", "Ctrl+D"),
        ("shift+tab", "Shift+Tab"),
        ("pagedown", "PgDn"),
        ("question_mark", "?"),
        ("left_square_bracket", "["),
        ("G", "G"),
        ("f12", "F12"),
        ("+", "+"),
        ("slash", "/"),
    ],
)
def test_keys_are_spelled_as_people_write_them(key: str, words: str) -> None:
    assert key_words(key) == words


@pytest.mark.parametrize("width", [20, 40, 70, 120])
def test_no_line_is_wider_than_there_is_room(width: int) -> None:
    group = HelpGroup("Pane", (HelpKey("a", "Add", "word " * 40), HelpKey("j ↓ Down " * 3, "Down " * 9, "")))
    for each in help_lines([group], width=width)[:-1]:
        assert len("".join(text for text, _ in each).rstrip()) <= max(width, 28)
