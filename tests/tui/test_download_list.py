"""The list as a widget: it draws what is visible and changed, and its cursor stays on its download."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace

from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.pilot import Pilot
from textual.strip import Strip

from tests.tui.factories import MB, download, snapshot_of
from tui_downloader.model.download import Download
from tui_downloader.model.lifecycle import State
from tui_downloader.tui import theme
from tui_downloader.tui.snapshot import View
from tui_downloader.tui.widgets.download_list import DownloadList


class CountingList(DownloadList):
    """A list that notes which lines it is asked for."""

    def __init__(self) -> None:
        """Begin without a line."""
        super().__init__()
        self.lines: list[int] = []

    def render_line(self, y: int) -> Strip:
        """Note the line and draw it."""
        self.lines.append(y)
        return super().render_line(y)


class ListApp(App[None]):
    """One list and what it tells."""

    def __init__(self, rows: Sequence[Download]) -> None:
        """Keep the rows for the mount."""
        super().__init__()
        self.register_theme(theme.DARK)
        self.theme = theme.DARK.name
        self.rows = rows
        self.highlighted: list[int | None] = []
        self.selected: list[int] = []

    def compose(self) -> ComposeResult:
        """Make the list."""
        yield CountingList()

    def on_mount(self) -> None:
        """Show the rows."""
        self.list.show(self.rows)

    @property
    def list(self) -> CountingList:
        """The list."""
        return self.query_one(CountingList)

    def on_download_list_highlighted(self, message: DownloadList.Highlighted) -> None:
        """Note where the cursor went."""
        self.highlighted.append(message.download.id if message.download else None)

    def on_download_list_selected(self, message: DownloadList.Selected) -> None:
        """Note what was double-clicked."""
        self.selected.append(message.download.id)


def rows_of(count: int) -> tuple[Download, ...]:
    """Make rows, newest first."""
    return tuple(download(number, State.COMPLETED) for number in range(count, 0, -1))


def run(
    rows: Sequence[Download],
    scenario: Callable[[ListApp, Pilot[None]], Coroutine[None, None, None]],
    *,
    size: tuple[int, int] = (80, 20),
) -> None:
    """Run a scenario with a list of rows."""

    async def play() -> None:
        app = ListApp(rows)
        running: AbstractAsyncContextManager[Pilot[None]] = app.run_test(size=size)
        async with running as pilot:
            await pilot.pause()
            await scenario(app, pilot)

    asyncio.run(play())


def current(app: ListApp) -> int:
    """Return the id under the cursor."""
    assert app.list.current is not None
    return app.list.current.id


def test_keys_move_the_cursor() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        steps = [
            ("j", 99), ("down", 98), ("k", 99), ("up", 100), ("k", 100), ("G", 1), ("j", 1), ("g", 100),
            ("end", 1), ("home", 100), ("pagedown", 80), ("ctrl+d", 70), ("ctrl+u", 80), ("pageup", 100),
        ]  # fmt: skip
        for key, expected in steps:
            await pilot.press(key)
            assert current(app) == expected, key
            top = app.list.scroll_offset.y
            assert top <= 100 - expected < top + 20, f"the cursor can be seen after {key}"

    run(rows_of(100), scenario)


def test_the_cursor_tells_where_it_is() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("j", "j", "k")
        await pilot.pause()
        assert app.highlighted == [5, 4, 3, 4]
        app.list.show(())
        await pilot.pause()
        assert app.highlighted[-1] is None

    run(rows_of(5), scenario)


def test_an_empty_list_takes_every_key() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("j", "k", "G", "g", "pagedown", "ctrl+u")
        await pilot.click(app.list, offset=(3, 3))
        assert app.list.current is None
        assert app.highlighted == []

    run((), scenario)


def test_mouse_and_wheel() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.click(app.list, offset=(10, 3))
        assert current(app) == 97
        await pilot.double_click(app.list, offset=(10, 5))
        await pilot.pause()
        assert app.selected == [95]
        app.list.scroll_to(y=50, animate=False, force=True)
        await pilot.pause()
        assert current(app) == 95, "scrolling leaves the cursor where it is"
        await pilot.click(app.list, offset=(10, 0))
        assert current(app) == 50

    run(rows_of(100), scenario)


def test_the_cursor_stays_on_its_download_when_others_come_and_go() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("j", "j")
        assert current(app) == 8
        app.list.show((download(12), download(11), *app.rows))
        assert current(app) == 8
        app.list.show(tuple(each for each in app.rows if each.id != 8))
        assert current(app) == 7, "the one that came to its place"

    run(rows_of(10), scenario)


def test_a_scrolled_list_does_not_jump_when_rows_come_above() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        top = app.list.scroll_offset.y
        app.list.show((download(102), download(101), *app.rows))
        await pilot.pause()
        assert (current(app), app.list.scroll_offset.y) == (1, top + 2)

    run(rows_of(100), scenario)


def test_only_changed_visible_lines_are_drawn_again() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        app.list.lines.clear()
        changed = {3: download(97, State.TRANSFERRING), 50: download(50, State.TRANSFERRING)}
        app.list.show(tuple(changed.get(at, row) for at, row in enumerate(app.rows)))
        await pilot.pause()
        assert set(app.list.lines) == {3}

    run(rows_of(100), scenario)


def test_a_change_that_cannot_be_seen_is_not_drawn() -> None:
    rows = (
        download(2, State.TRANSFERRING, bytes_received=10 * MB, bytes_expected=90 * MB),
        download(1, State.COMPLETED),
    )

    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        app.list.lines.clear()
        app.list.show((replace(rows[0], bytes_received=10 * MB + 1), rows[1]))
        await pilot.pause()
        assert app.list.lines == []
        app.list.show((replace(rows[0], bytes_received=80 * MB), rows[1]))
        await pilot.pause()
        assert app.list.lines == [0]

    run(rows, scenario)


def test_a_row_that_stands_where_another_stood_is_drawn() -> None:
    first, second, third, fourth = (download(number, State.COMPLETED) for number in (4, 3, 2, 1))

    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        app.list.lines.clear()
        app.list.show((first, third, fourth))
        await pilot.pause()
        assert set(app.list.lines) >= {1, 2}
        assert app.list.render_line(1).text.split()[1] == third.shown_name

    run((first, second, third), scenario)


def test_a_row_whose_place_in_the_queue_changed_is_drawn_again() -> None:
    before = snapshot_of(download(1, State.TRANSFERRING), download(2), download(3))
    after = snapshot_of(download(1, State.TRANSFERRING), download(2, State.CONNECTING), download(3))

    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        queued = before.rows[View.ALL][0]
        app.list.show(before.rows[View.ALL], line=before.line)
        await pilot.pause()
        assert "queued · 2nd" in app.list.render_line(0).text
        app.list.lines.clear()
        app.list.show((queued, *after.rows[View.ALL][1:]), line=after.line)
        await pilot.pause()
        assert 0 in app.list.lines
        assert "queued · next" in app.list.render_line(0).text

    run(before.rows[View.ALL], scenario)


def test_an_unchanged_row_is_taken_from_the_cache() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        strip = app.list.render_line(4)
        assert app.list.render_line(4) is strip
        await pilot.press("j", "j", "j", "j")
        assert app.list.render_line(4) is not strip, "the cursor came"

    run(rows_of(100), scenario)


def test_a_hundred_thousand_rows() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("G")
        assert current(app) == 1
        app.list.lines.clear()
        await pilot.press("k")
        await pilot.pause()
        assert len(set(app.list.lines)) <= 20, "a step draws no more than the visible lines"
        assert "file-2.bin" in app.list.render_line(18).text
        assert len(app.list._drawn) <= 1000

    run(snapshot_of(*rows_of(100_000)).rows[View.ALL], scenario)


def test_hostile_names_are_drawn_as_they_are() -> None:
    names = ["x[/]y", "[@click=app.bell]z[/]", "[Uploader] Show - 01 [1080p].mkv"]
    rows = [download(9 - at, State.COMPLETED, filename=name, bytes_received=MB) for at, name in enumerate(names)]

    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        for at, name in enumerate(names):
            assert name in app.list.render_line(at).text

    run(rows, scenario)


def selected(app: ListApp) -> list[int]:
    """Return the selected ids."""
    return sorted(app.list.selection.ids)


def marks(app: ListApp, count: int) -> list[str]:
    """Return the first two cells of the first lines."""
    return [app.list.render_line(y).text[:2] for y in range(count)]


def test_space_selects_and_steps() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("space", "j", "space")
        assert (selected(app), current(app)) == ([8, 10], 7)
        assert marks(app, 4) == ["● ", "  ", "● ", "▌ "]
        await pilot.press("k", "space")
        assert selected(app) == [10]
        await pilot.press("g")
        assert marks(app, 1) == ["▌●"]

    run(rows_of(10), scenario)


def test_v_selects_a_range_and_adds_it_to_what_is_selected() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("space", "j", "v", "j", "j", "j")
        assert selected(app) == [5, 6, 7, 8, 10]
        await pilot.press("k", "k")
        assert selected(app) == [7, 8, 10]
        await pilot.press("v", "G")
        assert selected(app) == [7, 8, 10]
        await pilot.press("v", "g")
        assert selected(app) == list(range(1, 11))

    run(rows_of(10), scenario)


def test_shift_and_arrows_select_until_the_cursor_moves_alone() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("j", "shift+down", "shift+down")
        assert (selected(app), current(app)) == ([7, 8, 9], 7)
        await pilot.press("shift+up", "shift+up", "shift+up")
        assert (selected(app), current(app)) == ([9, 10], 10)
        await pilot.press("down", "down")
        assert (selected(app), current(app)) == ([9, 10], 8)
        await pilot.press("shift+down")
        assert selected(app) == [7, 8, 9, 10]

    run(rows_of(10), scenario)


def test_asterisk_selects_all_that_are_shown_then_none() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("asterisk")
        assert selected(app) == [1, 2, 3, 4]
        app.list.show(app.rows[:2])
        assert app.list.hidden == 2
        await pilot.press("asterisk")
        assert selected(app) == [1, 2]
        assert app.list.hidden == 2
        app.list.forget_missing({1, 4})
        assert selected(app) == [1]

    run(rows_of(4), scenario)


def test_ctrl_click_adds_and_the_wheel_scrolls_what_is_under_it() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.click(app.list, offset=(10, 2))
        await pilot.click(app.list, offset=(10, 4), control=True)
        assert (selected(app), current(app)) == ([96, 98], 96)
        await pilot.click(app.list, offset=(10, 5), control=True)
        await pilot.click(app.list, offset=(10, 2), control=True)
        assert selected(app) == [95, 96]
        await pilot.click(app.list, offset=(10, 0))
        assert (selected(app), current(app)) == ([95, 96], 100), "a click alone moves the cursor"
        await pilot._post_mouse_events([MouseScrollDown], widget=app.list, offset=(10, 2))
        await pilot.pause()
        assert app.list.scroll_offset.y > 0

    run(rows_of(100), scenario)


def test_a_selection_of_many_is_told_and_drawn_at_once() -> None:
    async def scenario(app: ListApp, pilot: Pilot[None]) -> None:
        await pilot.press("asterisk")
        assert len(app.list.selection.ids) == 100_000
        assert marks(app, 2) == ["▌●", "● "]

    run(snapshot_of(*rows_of(100_000)).rows[View.ALL], scenario)
