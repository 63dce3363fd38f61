"""Scrolling lines: only what changed is drawn, nothing hostile gets through."""

from __future__ import annotations

from functools import partial

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui_dialogs.driving import drive, rows, until
from tui_downloader.tui.styled_line import Line, Role, line
from tui_downloader.tui.widgets.lines import Lines


class Counting(Lines):
    """Lines that remember which rows they drew."""

    drawn: list[int]

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        return super().render_line(y)


class LinesApp(App[None]):
    """Nothing but lines."""

    def compose(self) -> ComposeResult:
        lines = Counting()
        lines.drawn = []
        yield lines


def numbered(count: int) -> list[Line]:
    return [line(f"line {number}") for number in range(count)]


def test_only_changed_lines_are_drawn_again() -> None:
    app = LinesApp()

    async def script(pilot: Pilot[None]) -> None:
        lines = app.query_one(Counting)
        lines.show(numbered(6))
        await pilot.pause()
        lines.drawn.clear()
        lines.show(numbered(6))
        await pilot.pause()
        assert lines.drawn == []
        lines.show([*numbered(3), line("another"), *numbered(6)[4:]])
        await pilot.pause()
        assert lines.drawn == [3]
        assert rows(app)[2:5] == ["line 2", "another", "line 4"]

    drive(app, script, size=(30, 10))


def test_a_role_change_is_a_change() -> None:
    app = LinesApp()

    async def script(pilot: Pilot[None]) -> None:
        lines = app.query_one(Counting)
        lines.show([line("done", Role.PLAIN)])
        await pilot.pause()
        lines.drawn.clear()
        lines.show([line("done", Role.GOOD)])
        await pilot.pause()
        assert lines.drawn == [0]

    drive(app, script, size=(30, 10))


def test_keys_scroll() -> None:
    app = LinesApp()

    async def script(pilot: Pilot[None]) -> None:
        lines = app.query_one(Counting)
        lines.show(numbered(40))
        lines.focus()
        await until(pilot, lambda: lines.show_vertical_scrollbar, "the scrollbar")

        def begins(first: str) -> bool:
            return rows(app)[0].split("  ")[0] == first

        for key, first in (
            ("j", "line 1"),
            ("ctrl+d", "line 6"),
            ("k", "line 5"),
            ("G", "line 30"),
            ("g", "line 0"),
        ):
            await pilot.press(key)
            await until(pilot, partial(begins, first), f"{first} after {key}")

    drive(app, script, size=(30, 10))


def test_controls_and_markup_are_shown_not_obeyed() -> None:
    app = LinesApp()

    async def script(pilot: Pilot[None]) -> None:
        app.query_one(Counting).show([line("x[/]y \x1b[31m\u202egpj.exe"), line("[red]z")])
        await pilot.pause()
        assert rows(app)[:2] == ["x[/]y \ufffd[31m\ufffdgpj.exe", "[red]z"]

    drive(app, script, size=(40, 10))


def test_another_theme_draws_everything_again() -> None:
    app = LinesApp()

    async def script(pilot: Pilot[None]) -> None:
        lines = app.query_one(Counting)
        lines.show([line("good", Role.GOOD)])
        await pilot.pause()
        lines.drawn.clear()
        app.theme = "textual-light"
        await until(pilot, lambda: 0 in lines.drawn, "a redrawn line")

    drive(app, script, size=(30, 10))
