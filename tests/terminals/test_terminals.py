"""The picture of the side pane in real terminals, compared with the file that was downloaded.

Needs Xvfb, xwd, xterm, kitty and tmux; what is missing is named where a test is skipped.
"""

from __future__ import annotations

import functools
import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image, ImageDraw, ImageOps

from tests.support.session_control import SessionControl, session_control, wait_until
from tests.terminals.display import Display, display, kitty, missing, press, tmux, xterm
from tests.terminals.similarity import FRAME, flatness, framed, similarity
from tests.tui.screen_control import Journal
from tui_downloader.demo import nebula

PIXELS, SIXELS, GLYPHS = 0.98, 0.97, 0.8
"""Least similarity of a picture in pixels, in few dithered colours, and in glyphs.

Pixels lose nothing; the terminal scales them to whole cells, which may cost the last hundredths. Dithering to
`sixel.COLOURS` colours leaves 0.99 of pictures like this one, and is scaled as well. A cell of glyphs has eight
pixels in two colours, which is about what the measure looks at (96 × 60 in 45 × 15 cells): most of the form has to
be right, none of the finer shades.
"""
FLAT = 0.5
"""Glyphs have more pixels that are as their right neighbour, pictures fewer."""


class Terminal(NamedTuple):
    """A terminal to look at."""

    needs: tuple[str, ...]
    """Its programs."""
    command: Callable[[list[str], Path], list[str]]
    """Opens a program in it, with a socket that may be used."""
    least: float
    """How similar its picture must be."""
    in_pixels: bool
    """Whether it can draw pixels."""


KITTY = Terminal(("kitty",), kitty, PIXELS, in_pixels=True)
TERMINALS = {
    "xterm-sixel": Terminal(("xterm",), lambda program, _: xterm(program, sixel=True), SIXELS, in_pixels=True),
    "xterm": Terminal(("xterm",), lambda program, _: xterm(program, sixel=False), GLYPHS, in_pixels=False),
    "tmux": Terminal(("xterm", "tmux"), tmux, GLYPHS, in_pixels=False),
}


@functools.cache
def source() -> Image.Image:
    """A photograph-like picture in a frame that is found again on the screen."""
    picture = ImageOps.expand(nebula.paint().convert("RGB").resize((800, 460)), 20, FRAME)
    ImageDraw.Draw(picture).ellipse((100, 100, 330, 330), fill=(250, 210, 40), outline=(20, 20, 20), width=12)
    return picture


def downloaded(control: SessionControl, picture: Image.Image) -> None:
    """Finish a download of the picture."""
    journal = Journal(control)
    (download_id,) = journal.add("framed.png")
    out = io.BytesIO()
    picture.save(out, "PNG")
    journal.finish(download_id, "framed.png", content=out.getvalue())
    journal.write(download_id, acted_number=1)


def program(control: SessionControl) -> list[str]:
    """The command that opens the screen."""
    state = str(control.session.directory.parents[1])
    return [sys.executable, "-m", "tui_downloader", "--state-dir", state, "-s", control.session.identifier]


def shown(screen: Display, picture: Image.Image) -> float:
    """How similar what is on a display is to a picture; 0 if it is not there, or in other proportions."""
    return likeness(framed(screen.shot()), picture)


def likeness(found: Image.Image | None, picture: Image.Image) -> float:
    """How similar what was found is to a picture; 0 for nothing, and for other proportions."""
    if found is None or not 0.93 < found.width / found.height / (picture.width / picture.height) < 1.07:
        return 0.0
    return similarity(found, picture)


def is_drawn(screen: Display, picture: Image.Image, terminal: Terminal, *, from_width: int = 0) -> bool:
    """Whether a picture is shown, so large or larger, and in pixels where it should be."""
    found = framed(screen.shot())
    if found is None or found.width < from_width or likeness(found, picture) < terminal.least:
        return False
    return (flatness(found) < FLAT) is terminal.in_pixels


@pytest.mark.parametrize("name", TERMINALS)
def test_the_picture_is_on_the_screen(name: str, tmp_path: Path) -> None:
    terminal, picture = TERMINALS[name], source()
    if absent := missing(*terminal.needs):
        pytest.skip(f"not installed: {', '.join(absent)}")
    with session_control(tmp_path) as control, display() as screen:
        downloaded(control, picture)
        environment = {"HOME": str(tmp_path), "TUIDL_IMAGES": "auto"}
        with screen.running(terminal.command(program(control), tmp_path / "socket"), environment):
            try:
                wait_until(lambda: is_drawn(screen, picture, terminal), what=f"the picture in {name}")
            finally:
                screen.shot().save(tmp_path / f"{name}.png")
                if name == "tmux":  # its server outlives the terminal that it was opened in
                    end = ["tmux", "-S", str(tmp_path / "socket"), "kill-server"]
                    subprocess.run(end, check=False, capture_output=True, timeout=60)


def test_kitty_has_the_picture_but_not_under_help_and_none_after_quitting(tmp_path: Path) -> None:
    if absent := missing(*KITTY.needs):
        pytest.skip(f"not installed: {', '.join(absent)}")
    picture, socket = source(), tmp_path / "socket"
    with session_control(tmp_path) as control, display() as screen:
        downloaded(control, picture)
        script = f'"$@"; printf left; exec sleep {10_000}'
        command = kitty(["sh", "-c", script, "sh", *program(control)], socket)
        with screen.running(command, {"HOME": str(tmp_path)}):
            wait_until(lambda: is_drawn(screen, picture, KITTY), what="the picture")
            press("?", socket)
            wait_until(lambda: framed(screen.shot()) is None, what="help without the picture over it")
            press("\\x1b", socket)
            wait_until(lambda: shown(screen, picture) >= PIXELS, what="the picture again")
            press("\\r", socket)
            wait_until(lambda: is_drawn(screen, picture, KITTY, from_width=801), what="the picture alone")
            press("q", socket)
            wait_until(lambda: 0 < _width(screen) < 600, what="the list")
            press("q", socket)
            wait_until(lambda: "left" in _text(socket), what="the shell")
            assert framed(screen.shot()) is None


def _width(screen: Display) -> int:
    found = framed(screen.shot())
    return 0 if found is None else found.width


def _text(socket: Path) -> str:
    command = ["kitty", "@", "--to", f"unix:{socket}", "get-text"]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_the_measure_tells_pictures_apart() -> None:
    picture = source()
    assert similarity(picture, picture) > 0.999
    assert similarity(picture, picture.transpose(Image.Transpose.ROTATE_180)) < GLYPHS
    assert similarity(picture, Image.new("RGB", picture.size)) < GLYPHS
    board = Image.new("RGB", (1000, 700))
    board.paste(picture, (90, 40))
    found = framed(board)
    assert found is not None
    assert found.size == picture.size
    assert framed(Image.new("RGB", (1000, 700))) is None
