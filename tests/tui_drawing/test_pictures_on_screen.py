"""Pictures in the whole window and as a grid, and their pixels, on the real screen.

What is written to the terminal is taken by a decoder of kitty's protocol: it knows which pictures stand where.
"""

from __future__ import annotations

import io
import os
from unittest.mock import patch

import pytest
from PIL import Image, ImageDraw

from tests.support.kitty_decoder import KittyTerminal
from tests.support.session_control import SessionControl
from tests.tui.screen_control import Journal, ScreenControl, play
from tui_downloader.preview.ways import Way
from tui_downloader.tui.drawing.canvas import Canvas, set_canvas
from tui_downloader.tui.screens.gallery import GalleryScreen
from tui_downloader.tui.screens.picture import PictureScreen
from tui_downloader.tui.widgets.facts_line import FactsLine
from tui_downloader.tui.widgets.picture import PictureView
from tui_downloader.tui.widgets.thumbnail_grid import ThumbnailGrid


def png(number: int) -> bytes:
    image = Image.new("RGB", (400, 300), (40 * number % 256, 90, 160))
    ImageDraw.Draw(image).ellipse((50, 50, 200, 250), fill=(250, 200, 30))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def finish_pictures(control: SessionControl, count: int) -> None:
    journal = Journal(control)
    for number, each in enumerate(journal.add(*(f"{number}.png" for number in range(count)))):
        journal.finish(each, f"{number}.png", content=png(number))
        journal.write(each, acted_number=1)


def facts(screen: ScreenControl) -> str:
    return screen.app.screen.query_one(FactsLine).render_line(0).text


def drawn(screen: ScreenControl) -> str:
    view = screen.app.screen.query_one(PictureView)
    return "\n".join(view.render_line(y).text for y in range(view.size.height)).strip()


def test_enter_shows_the_picture_and_arrows_the_next(control: SessionControl) -> None:
    finish_pictures(control, 3)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.main.current, what="the list")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, PictureScreen), what="the picture screen")
        await screen.until(lambda: "2.png · PNG · 400 × 300" in facts(screen), what="its facts")
        await screen.until(lambda: drawn(screen), what="the picture")
        view = screen.app.screen.query_one(PictureView)
        assert view.cells.height == view.size.height == 33
        await screen.press("right")
        await screen.until(lambda: "1.png · PNG" in facts(screen) and "2 of 3" in facts(screen), what="the next")
        await screen.press("l", "l")
        await screen.until(lambda: "2.png · PNG" in facts(screen), what="the first again")
        await screen.press("h")
        await screen.until(lambda: "0.png · PNG" in facts(screen), what="the last")
        await screen.press("q")
        await screen.until(lambda: screen.current.shown_name == "0.png", what="the cursor on it")
        assert not screen.app._exit

    play(control, scenario)


def test_a_damaged_picture_says_so(control: SessionControl) -> None:
    journal = Journal(control)
    (download_id,) = journal.add("a.png")
    journal.finish(download_id, "a.png", content=png(1)[:60])

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.main.current, what="the list")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, PictureScreen), what="the picture screen")
        await screen.until(lambda: screen.app.screen.has_class("-problem"), what="the reason")
        await screen.press("escape")
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")

    play(control, scenario)


def test_the_grid_makes_only_what_can_be_seen(control: SessionControl) -> None:
    finish_pictures(control, 60)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.main.current, what="the list")
        await screen.press("t")
        await screen.until(lambda: isinstance(screen.app.screen, GalleryScreen), what="the grid")
        grid = screen.app.screen.query_one(ThumbnailGrid)
        await screen.until(lambda: set(grid.visible_pictures) <= set(grid._drawn), what="the thumbnails")
        assert len(grid._drawn) == 15
        assert len(list((screen.feed.state_directory / "thumbnails").iterdir())) == 15
        await screen.press("j", "l", "l", "k", "h")
        line = screen.app.screen.query_one(FactsLine)
        await screen.until(lambda: "58.png" in line.render_line(0).text, what="the second one")
        assert "2 of 60" in line.render_line(0).text
        await screen.press("G")
        assert grid.cursor == 59
        await screen.until(lambda: set(grid.visible_pictures) <= set(grid._drawn), what="the last thumbnails")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, PictureScreen), what="the picture")
        await screen.press("left", "escape")
        await screen.until(lambda: screen.app.screen.query(ThumbnailGrid), what="the grid again")
        assert grid.cursor == 58
        await screen.pilot.click(ThumbnailGrid, offset=(8, 4))
        await screen.until(lambda: grid.cursor == grid.visible_pictures[0], what="the clicked one")
        await screen.press("t")
        await screen.until(lambda: screen.app.screen is screen.main, what="the list")
        assert screen.current.shown_name == f"{59 - grid.cursor}.png"

    play(control, scenario)


def test_without_pictures_the_grid_says_why_it_does_not_open(control: SessionControl) -> None:
    async def scenario(screen: ScreenControl) -> None:
        await screen.press("t")
        assert screen.remark == "No thumbnails: no picture has finished yet"

    play(control, scenario)


def test_pixels_follow_the_picture_and_leave_with_it(control: SessionControl) -> None:
    finish_pictures(control, 3)
    terminal = KittyTerminal()

    async def scenario(screen: ScreenControl) -> None:
        screen.app._disable_notifications = False  # as it is outside of tests
        await screen.until(lambda: len(terminal.placed) == 1, what="the pixels")
        (beside,) = terminal.placed.values()
        await screen.press("j")
        await screen.until(lambda: len(terminal.pictures) == 2 and len(terminal.placed) == 1, what="the next")
        await screen.press("question_mark")
        await screen.until(lambda: not terminal.placed, what="nothing over the help")
        await screen.press("escape")
        await screen.until(lambda: list(terminal.placed.values()) == [beside], what="the picture again")
        sent = len(terminal.pictures)
        await screen.press("enter")
        await screen.until(lambda: [each for each in terminal.placed.values() if each > beside], what="large")
        large = list(terminal.placed.values())
        screen.app.notify("Finished: a.png", markup=False)
        await screen.until(lambda: not terminal.placed, what="nothing over the notice")
        screen.app.clear_notifications()
        await screen.until(lambda: list(terminal.placed.values()) == large, what="the picture without the notice")
        await screen.press("escape")
        await screen.until(lambda: list(terminal.placed.values()) == [beside], what="beside again")
        assert len(terminal.pictures) == sent, "the large one is forgotten, the other was not sent again"
        await screen.press("t")
        await screen.until(lambda: len(terminal.placed) == 3, what="three thumbnails")
        await screen.press("escape")
        await screen.until(lambda: list(terminal.placed.values()) == [beside], what="the list again")
        screen.app._canvas.draw(Way.SYMBOLS)
        await screen.until(lambda: not terminal.pictures, what="glyphs alone")
        screen.app._canvas.draw(Way.KITTY)
        await screen.until(lambda: list(terminal.placed.values()) == [beside], what="pixels again")
        await screen.press("q")
        await screen.until(lambda: not terminal.pictures, what="an empty terminal")

    play_with(control, scenario, terminal)


def play_with(control: SessionControl, scenario: object, terminal: KittyTerminal) -> None:
    """Open the screen on a terminal that knows kitty's protocol."""

    def in_kitty(app: object, canvas: Canvas) -> None:
        canvas._write = lambda data: terminal.feed(data.encode())
        set_canvas(app, canvas)

    environment = patch.dict(os.environ, {"TUIDL_IMAGES": "kitty"})
    with environment, patch("tui_downloader.tui.terminal_app.set_canvas", in_kitty):
        play(control, scenario)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", ["off", "half"])
def test_other_ways_by_setting(control: SessionControl, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUIDL_IMAGES", way)
    finish_pictures(control, 1)

    async def scenario(screen: ScreenControl) -> None:
        await screen.until(lambda: screen.main.query(PictureView), what="the pane")
        view = screen.main.query_one(PictureView)
        if way == "off":
            await screen.press("enter")
            assert screen.main.has_class("-full"), "the facts are shown instead"
            assert not view.cells.area
        else:
            await screen.until(lambda: view.cells.area, what="the picture")
            assert set("".join(view.render_line(y).text for y in range(view.size.height))) <= set(" ▀▄█")

    play(control, scenario)
