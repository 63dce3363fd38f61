"""Pictures: real files, decoded in the background, drawn in their colours."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from PIL import Image
from textual.app import App, ComposeResult
from textual.containers import Container
from textual.geometry import Region, Size
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Static

from tests.tui_dialogs.driving import colours, drive, until
from tui_downloader.tui.widgets.picture import LIVE_SECONDS, PictureView

RED, BLUE = "#ff0000", "#0000ff"


class Counting(PictureView):
    """A view that counts how often it is drawn."""

    draws = 0

    def render_lines(self, crop: Region) -> list[Strip]:
        self.draws += 1
        return super().render_lines(crop)


class PictureApp(App[None]):
    """A picture in its container, and something that changes beside it."""

    CSS = "#frame { height: 20; } #beside { height: 3; }"

    def __init__(self, *, plain: bool = False) -> None:
        super().__init__()
        self.plain = plain
        self.shown: list[PictureView.Shown] = []
        self.failed: list[PictureView.Failed] = []

    def compose(self) -> ComposeResult:
        with Container(id="frame"):
            yield Counting(plain=self.plain)
        yield Static("beside", id="beside")

    @property
    def view(self) -> Counting:
        return self.query_one(Counting)

    def on_picture_view_shown(self, message: PictureView.Shown) -> None:
        self.shown.append(message)

    def on_picture_view_failed(self, message: PictureView.Failed) -> None:
        self.failed.append(message)


@pytest.mark.parametrize("plain", [True, False])
def test_the_cells_have_the_colours_of_the_picture(two_colours: Path, *, plain: bool) -> None:
    app = PictureApp(plain=plain)

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours)
        await until(pilot, lambda: app.shown, "the picture")
        (shown,) = app.shown
        assert (shown.path, shown.cells) == (two_colours, Size(80, 20))
        assert (shown.picture.natural_width, shown.picture.natural_height) == (80, 40)
        assert (shown.picture.format, shown.picture.media_type) == ("PNG", "image/png")
        left, right = colours(app, 20, 10), colours(app, 60, 10)
        assert RED in left
        assert BLUE not in left
        assert BLUE in right
        assert RED not in right

    drive(app, script, size=(80, 30))


def test_it_keeps_its_proportions_and_stands_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "square.png"
    Image.new("RGB", (100, 100), (255, 0, 0)).save(path)
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(path)
        await until(pilot, lambda: app.shown, "the picture")
        assert app.view.cells == Size(40, 20)
        across = [RED in colours(app, column, 10) for column in range(80)]
        assert across == [20 <= column < 60 for column in range(80)]

    drive(app, script, size=(80, 30))


def test_it_appears_in_a_screenshot(two_colours: Path) -> None:
    app = PictureApp(plain=True)

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours)
        await until(pilot, lambda: app.shown, "the picture")
        screenshot = app.export_screenshot()
        assert f'fill="{RED}"' in screenshot
        assert f'fill="{BLUE}"' in screenshot

    drive(app, script, size=(80, 30))


def test_another_size_draws_it_anew(two_colours: Path) -> None:
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours)
        await until(pilot, lambda: app.shown, "the picture")
        await pilot.resize_terminal(40, 30)
        await until(pilot, lambda: app.view.cells == Size(40, 10), "the smaller picture")

    drive(app, script, size=(80, 30))


def test_only_the_last_one_asked_for_is_shown(two_colours: Path, tmp_path: Path) -> None:
    others = [tmp_path / f"{number}.png" for number in range(5)]
    for path in others:
        Image.new("RGB", (60, 40), (0, 255, 0)).save(path)
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        for path in [*others, two_colours]:
            app.view.show(path)
        await until(pilot, lambda: app.shown, "a picture")
        assert [message.path for message in app.shown] == [two_colours]

    drive(app, script, size=(80, 30))


def test_the_same_file_costs_nothing_until_its_version_changes(two_colours: Path) -> None:
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours, version=1)
        await until(pilot, lambda: app.shown, "the picture")
        for _ in range(5):
            app.view.show(two_colours, version=1)
        Image.new("RGB", (80, 40), (0, 0, 255)).save(two_colours)
        app.view.show(two_colours, version=2)
        assert RED in colours(app, 20, 10)  # the old picture stays until the new one is there
        await until(pilot, lambda: len(app.shown) == 2, "the new content")
        assert BLUE in colours(app, 20, 10)

    drive(app, script, size=(80, 30))


def test_a_damaged_file_says_why_and_clears(two_colours: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(two_colours.read_bytes()[:60])
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours)
        await until(pilot, lambda: app.shown, "the picture")
        app.view.show(damaged)
        await until(pilot, lambda: app.failed, "the reason")
        assert (app.failed[0].path, app.failed[0].reason) == (damaged, "the picture is damaged")
        assert RED not in colours(app, 20, 10)
        app.view.show(tmp_path / "none.png")
        await until(pilot, lambda: len(app.failed) == 2, "the reason")
        assert app.failed[1].reason == "the file is gone"
        app.view.show(two_colours)
        await until(pilot, lambda: len(app.shown) == 2, "the picture again")

    drive(app, script, size=(80, 30))


def test_nothing_clears_it(two_colours: Path) -> None:
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours)
        await until(pilot, lambda: app.shown, "the picture")
        app.view.show(None)
        await pilot.pause()
        assert RED not in colours(app, 20, 10)
        assert app.view.cells == Size(0, 0)

    drive(app, script, size=(80, 30))


def test_what_changes_beside_it_does_not_draw_it_again(two_colours: Path) -> None:
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours)
        await until(pilot, lambda: app.shown, "the picture")
        await pilot.pause()
        before = app.view.draws
        for number in range(10):
            app.query_one("#beside", Static).update(f"beside {number}")
            await pilot.pause()
        assert app.view.draws == before

    drive(app, script, size=(80, 30))


def test_views_share_a_decoder_that_ends_with_the_app(two_colours: Path) -> None:
    app = PictureApp()
    pids: list[int] = []

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(two_colours)
        await until(pilot, lambda: app.shown, "the picture")
        second = Counting()
        await app.query_one("#frame").mount(second)
        decoder = app.view._decoder
        assert decoder is not None
        assert second._decoder is decoder
        await second.remove()
        assert decoder.child_pid is not None
        pids.append(decoder.child_pid)

    drive(app, script, size=(80, 30))
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_a_growing_file_sharpens_and_stays_when_it_is_complete(tmp_path: Path) -> None:
    part, whole = tmp_path / "a.png.part", tmp_path / "a.png"
    picture = Image.effect_noise((160, 80), 90).convert("RGB")
    picture.paste((255, 0, 0), (0, 0, 160, 20))
    picture.paste((0, 0, 255), (0, 60, 160, 80))
    picture.save(whole, "BMP")
    size = whole.stat().st_size
    part.write_bytes(whole.read_bytes()[: size // 2] + bytes(size // 2))
    app = PictureApp(plain=True)

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(part, version=1, prefix_bytes=size // 2, owner=7)
        await until(pilot, lambda: app.shown, "the beginning")
        assert BLUE in colours(app, 40, 18)  # a BMP begins with its last row
        assert RED not in colours(app, 40, 1)
        app.view.show(part, version=1, prefix_bytes=size // 2 + 9, owner=7)
        app.view.show(whole, version=(1, size), owner=7)
        assert BLUE in colours(app, 40, 18)  # it stays until the whole one is there
        await until(pilot, lambda: len(app.shown) == 2, "the whole picture")
        assert BLUE in colours(app, 40, 18)
        assert RED in colours(app, 40, 1)
        app.view.show(part, version=1, prefix_bytes=size // 2, owner=8)
        assert app.view.cells == Size(0, 0)

    drive(app, script, size=(80, 30))


def test_a_growing_file_is_drawn_twice_a_second_at_most(two_colours: Path) -> None:
    app = PictureApp()
    size = two_colours.stat().st_size

    async def script(pilot: Pilot[None]) -> None:
        began = time.monotonic()
        for version in range(3):
            app.view.show(two_colours, version=version, prefix_bytes=size)
            await until(pilot, lambda: len(app.shown) > version, "the next drawing")  # noqa: B023 -- called here
        assert time.monotonic() - began >= 2 * LIVE_SECONDS
        for version in range(100):
            app.view.show(two_colours, version=version, prefix_bytes=size)
        app.view.show(two_colours, version="last", prefix_bytes=size)
        await until(pilot, lambda: app.view._wanted and app.view._wanted.version == "last", "the last version")
        await until(pilot, lambda: not app.view._is_decoding, "its end")
        assert len(app.shown) <= 5  # the first of them, if the time was over, and the last

    drive(app, script, size=(80, 30))


def test_a_growing_file_that_shows_nothing_yet_says_its_size(tmp_path: Path) -> None:
    Image.effect_noise((200, 100), 60).convert("RGB").save(tmp_path / "a.part", "WEBP")
    app = PictureApp()

    async def script(pilot: Pilot[None]) -> None:
        app.view.show(tmp_path / "a.part", version=0, prefix_bytes=900)
        await until(pilot, lambda: app.failed, "the reason")
        assert app.failed[0].reason == "WebP, 200 × 100; it shows once it is complete"

    drive(app, script, size=(80, 30))
