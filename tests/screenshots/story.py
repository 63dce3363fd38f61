"""The picture of the main job in three frames: the demo at 40 %, the shell after `q`, the demo at the return.

Owns the story and the sheet the frames stand on. Must never speed anything up: it takes the demo's half minute.
"""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tests.screenshots.image import drawing_size
from tests.screenshots.visit import Visit
from tests.support.session_control import wait_until
from tui_downloader.cli import demo
from tui_downloader.demo.launch import ensure_server, stop_server
from tui_downloader.model.lifecycle import State
from tui_downloader.session.session import Session
from tui_downloader.tui.widgets.picture import PictureView

SIZE = (120, 26)
"""Columns and rows of the two frames with the screen."""

QUIT_AT = 0.4
"""How much of the picture is there when `q` is pressed."""

CAPTIONS = (
    "1   Start a download. It moves; press q.",
    "2   The shell is yours again. The download goes on without a terminal.",
    "3   Come back: what happened, the file, and the picture.",
)
"""One line above each frame."""

_COME_BACK = "tuidl demo"
_SETTLED_SECONDS = 1.0  # a frame that stays the same for so long will not change any more
_CAPTION_HEIGHT, _GAP, _MARGIN = 46.0, 22.0, 24.0


def quit_and_return(home: Path) -> str:
    """Live the story; return the sheet as SVG."""
    session = Session(demo.DEMO_SESSION)
    directory = home / ".cache" / "tuidl" / "demo"
    try:
        server = ensure_server(directory, rate_bytes_per_second=demo.RATE_BYTES_PER_SECOND)
        download_id = demo.take_up(session, server.url(demo.WALLPAPER), directory / "files")
        first, farewell = asyncio.run(_start_and_quit(session, directory, download_id))
        wait_until(lambda: session.download(download_id).state is State.COMPLETED, what="the finished picture")
        return _sheet([first, _shell(farewell), asyncio.run(_return(session, directory))])
    finally:
        session.stop()
        session.close()
        stop_server(directory)


async def _start_and_quit(session: Session, directory: Path, download_id: int) -> tuple[str, str]:
    """Watch the download for a while; return the frame and what the shell shows then."""
    visit = Visit(session, directory, come_back=_COME_BACK)
    async with visit.open(SIZE) as screen:

        def far_enough() -> bool:
            row = screen.feed.snapshot.find(download_id)
            return row is not None and (row.fraction or 0.0) >= QUIT_AT

        await screen.until(far_enough, what=f"{QUIT_AT:.0%}")
        frame = visit.drawing(screen)
    return frame, visit.farewell()


async def _return(session: Session, directory: Path) -> str:
    """Come back; nothing is pressed."""
    visit = Visit(session, directory, come_back=_COME_BACK)
    async with visit.open(SIZE) as screen:
        await screen.until(lambda: screen.banner, what="the banner")
        await screen.until(lambda: screen.main.query_one(PictureView).cells.area, what="the picture")
        frame = ""
        while frame != (frame := visit.drawing(screen)):
            await screen.pilot.pause(_SETTLED_SECONDS)
        return frame


def _shell(farewell: str) -> str:
    """Draw a terminal with the command, what the program left behind, and the prompt."""
    console = Console(
        width=SIZE[0],
        file=io.StringIO(),
        record=True,
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
    )
    prompt = Text("~ $ ", style="bold #7fc8a9")
    console.print(prompt + Text(_COME_BACK, style="default"))
    console.print(Text(farewell, style="default"), soft_wrap=False)
    console.print(prompt + Text(" ", style="reverse"))
    return console.export_svg(title="shell")


def _sheet(frames: list[str]) -> str:
    """Put the frames below each other, each under its caption."""
    sizes = [drawing_size(frame) for frame in frames]
    width = max(each for each, _ in sizes) + 2 * _MARGIN
    top, parts = _MARGIN, []
    for frame, caption, (frame_width, height) in zip(frames, CAPTIONS, sizes, strict=True):
        parts.append(f'<text x="{_MARGIN + 4}" y="{top + 28}" class="caption">{caption}</text>')
        top += _CAPTION_HEIGHT
        place = f'<svg x="{_MARGIN}" y="{top}" width="{frame_width}" height="{height}"'
        parts.append(frame.replace("<svg", place, 1))
        top += height + _GAP
    style = ".caption { font: 600 24px 'Fira Code', monospace; fill: #c9d1d9; }"
    height = top - _GAP + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<style>{style}</style><rect width="100%" height="100%" rx="10" fill="#0b0e14"/>{"".join(parts)}</svg>'
    )
