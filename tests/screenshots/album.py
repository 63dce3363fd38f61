"""Which pictures there are, and what is done on the screen for each.

Owns their names and sizes. Must never draw anything that the program did not draw.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from tests.screenshots.image import without_ligatures, write_png
from tests.screenshots.scene import Names, Scene, lively_session
from tests.screenshots.story import quit_and_return
from tests.screenshots.visit import Visit
from tests.support.fault_server import FaultServer
from tests.tui.screen_control import ScreenControl
from tui_downloader.session.session import Session
from tui_downloader.settings import Settings
from tui_downloader.tui.screens.add import AddScreen
from tui_downloader.tui.screens.inbox import InboxScreen
from tui_downloader.tui.screens.limit import LimitScreen
from tui_downloader.tui.screens.new_link import NewLinkScreen
from tui_downloader.tui.screens.question import QuestionScreen
from tui_downloader.tui.widgets.field import Field
from tui_downloader.tui.widgets.picture import PictureView

LARGE, MEDIUM, SMALL = (120, 34), (80, 24), (60, 16)
"""Sizes in cells; one for each layout."""

NEW_LINK = "https://talks.example.org/talk-recording.mkv?expires=17960"
"""What is pasted as a new link."""

_STEP_SECONDS = 3
"""How long each download runs before the next one joins, as the header's graph counts."""


def make_all(home: Path, target: Path) -> Iterator[Path]:
    """Make every picture.

    Args:
        home: An empty directory that is the user's home meanwhile.
        target: Takes the pictures.

    Yields:
        Each file, as soon as it is written.
    """
    drawings = {"empty": asyncio.run(_first_run(home))}
    with FaultServer() as server, lively_session(home, server) as scene:
        drawings |= asyncio.run(_lively(scene))
    drawings["quit-and-return"] = quit_and_return(home)
    for name, with_ligatures in drawings.items():
        drawing = without_ligatures(with_ligatures)
        path = target / f"{name}.png"
        if write_png(drawing, path):
            yield path
        else:
            path = target / f"{name}.svg"
            path.write_text(drawing)
            yield path


async def _first_run(home: Path) -> str:
    """A session that was never used."""
    directory = home / "Downloads"
    directory.mkdir()
    visit = Visit(Session("default"), directory)
    async with visit.open(MEDIUM) as screen:
        await screen.until(lambda: screen.feed.snapshot.free_bytes, what="the first look")
        return visit.drawing(screen)


async def _lively(scene: Scene) -> dict[str, str]:
    """The same busy session in every layout, then the dialogs."""
    drawings: dict[str, str] = {}
    visit = Visit(scene.session, scene.directory)
    async with visit.open(LARGE) as screen:
        await screen.press("escape", "g")
        await screen.until(lambda: screen.main.query_one(PictureView).cells.area, what="the picture")
        for number, download_id in enumerate(scene.steps, start=1):
            scene.session.resume([download_id])
            await _run_for(screen, number * _STEP_SECONDS)
        await screen.until(lambda: scene.is_steady(screen.feed.snapshot), what="steady speeds")
        drawings["main-120x34"] = visit.drawing(screen)
        drawings["light-120x34"] = await _in_light(visit, screen)

        await _select(screen, Names.RUNNING)
        drawings["segments-120x34"] = await _drawing_with("received", visit, screen)
        await screen.pilot.resize_terminal(*MEDIUM)
        drawings["running-80x24"] = await _drawing_with("1 connection · resume proven", visit, screen)

        await _select(screen, Names.EXPIRED)
        await screen.pilot.resize_terminal(*SMALL)
        drawings["failed-60x16"] = await _drawing_with("The link has expired", visit, screen)

        await screen.pilot.resize_terminal(*MEDIUM)
        await screen.press("u")
        await screen.until(lambda: isinstance(screen.app.screen, NewLinkScreen), what="the dialog")
        screen.app.screen.query_one(Field).paste(NEW_LINK)
        drawings["new-link"] = await _drawing_with("Go on", visit, screen)
        await screen.press("escape")

        await _select(screen, Names.RUNNING)
        await screen.press("L")
        await screen.until(lambda: isinstance(screen.app.screen, LimitScreen), what="the dialog")
        await screen.press("down", *"2M")
        drawings["limit"] = await _drawing_with("2 MB/s", visit, screen)
        await screen.press("escape")

        await screen.pilot.resize_terminal(*LARGE)
        await screen.press("i")
        await screen.until(lambda: isinstance(screen.app.screen, InboxScreen), what="the inbox")
        drawings["inbox"] = await _drawing_with("finished", visit, screen)
        await screen.press("escape")

        await screen.press("g", "D")
        await screen.until(lambda: isinstance(screen.app.screen, QuestionScreen), what="the question")
        await screen.until(lambda: screen.main.query_one(PictureView).cells.area, what="the picture")
        drawings["delete-image"] = visit.drawing(screen)
        await screen.press("escape")

        screen.main.action_add(scene.pasted)
        await screen.until(lambda: isinstance(screen.app.screen, AddScreen), what="the form")
        await _drawing_with("this is a web page", visit, screen)
        drawings["add"] = await _drawing_with("name from Content-Disposition", visit, screen)
        await screen.press("escape")

        await screen.press("i")
        await screen.until(lambda: isinstance(screen.app.screen, InboxScreen), what="the inbox")
        drawings["inbox"] = await _drawing_with("finished, ", visit, screen)
        await screen.press("escape")
    return drawings


async def _in_light(visit: Visit, screen: ScreenControl) -> str:
    """Return the present frame as a light terminal shows it."""
    screen.app.apply_settings(Settings(theme="light"))
    await screen.pilot.pause(_STEP_SECONDS / 3)
    drawing = visit.drawing(screen)
    screen.app.apply_settings(Settings(theme="dark"))
    await screen.pilot.pause(_STEP_SECONDS / 3)
    return drawing


async def _drawing_with(text: str, visit: Visit, screen: ScreenControl) -> str:
    """Return the first frame that shows a text: the panes follow a new size one after the other."""
    in_svg = text.replace(" ", "&#160;")
    await screen.until(lambda: in_svg in visit.drawing(screen), what=repr(text))
    return visit.drawing(screen)


async def _run_for(screen: ScreenControl, seconds: int) -> None:
    """Wait until something has moved for so many seconds since the screen was opened."""
    await screen.until(lambda: len(screen.feed.snapshot.speeds) >= seconds, what=f"{seconds} s of speed")


async def _select(screen: ScreenControl, name: str) -> None:
    """Move the cursor to a download, down from the first row."""
    await screen.press("g")
    while screen.current.shown_name != name:
        await screen.press("j")
    await screen.pilot.pause()
