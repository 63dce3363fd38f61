"""The picture of the side pane in real terminals, compared with the file that was downloaded.

Needs Xvfb, ImageMagick, xterm, kitty and tmux; what is missing is named where a test is skipped.
"""

from __future__ import annotations

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

PIXELS, SIXELS, GLYPHS = 0.95, 0.85, 0.8
"""Least similarity of a picture in pixels, in 252 dithered colours, and in glyphs."""
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


TERMINALS = {
    "kitty": Terminal(("kitty",), kitty, PIXELS, in_pixels=True),
    "xterm-sixel": Terminal(("xterm",), lambda program, _: xterm(program, sixel=True), SIXELS, in_pixels=True),
    "xterm": Terminal(("xterm",), lambda program, _: xterm(program, sixel=False), GLYPHS, in_pixels=False),
    "tmux": Terminal(("xterm", "tmux"), tmux, GLYPHS, in_pixels=False),
}


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
    found = framed(screen.shot())
    if found is None or not 0.93 < found.width / found.height / (picture.width / picture.height) < 1.07:
        return 0.0
    return similarity(found, picture)


def is_drawn(screen: Display, picture: Image.Image, terminal: Terminal) -> bool:
    """Whether a picture is shown, and in pixels where it should be."""
    found = framed(screen.shot())
    is_like = found is not None and shown(screen, picture) >= terminal.least
    return is_like and found is not None and (flatness(found) < FLAT) is terminal.in_pixels


@pytest.mark.parametrize("name", TERMINALS)
def test_the_picture_is_on_the_screen(name: str, tmp_path: Path) -> None:
    terminal, picture = TERMINALS[name], source()
    if absent := missing(*terminal.needs):
        pytest.skip(f"not installed: {', '.join(absent)}")
    with session_control(tmp_path) as control, display() as screen:
        downloaded(control, picture)
        environment = {"HOME": str(tmp_path), "TUIDL_IMAGES": "auto", "TMUX": "", "STY": ""}
        with screen.running(terminal.command(program(control), tmp_path / "socket"), environment):
            try:
                wait_until(lambda: is_drawn(screen, picture, terminal), what=f"the picture in {name}")
            finally:
                screen.shot().save(tmp_path / f"{name}.png")
                if name == "tmux":  # its server outlives the terminal that it was opened in
                    end = ["tmux", "-S", str(tmp_path / "socket"), "kill-server"]
                    subprocess.run(end, check=False, capture_output=True, timeout=60)


@pytest.mark.skipif(bool(missing("kitty")), reason=f"not installed: {', '.join(missing('kitty'))}")
def test_kitty_has_no_picture_under_help_and_none_after_quitting(tmp_path: Path) -> None:
    picture, socket = source(), tmp_path / "socket"
    with session_control(tmp_path) as control, display() as screen:
        downloaded(control, picture)
        script = f'"$@"; printf left; exec sleep {10_000}'
        command = kitty(["sh", "-c", script, "sh", *program(control)], socket)
        with screen.running(command, {"HOME": str(tmp_path), "TMUX": "", "STY": ""}):
            wait_until(lambda: shown(screen, picture) >= PIXELS, what="the picture")
            press("?", socket)
            wait_until(lambda: framed(screen.shot()) is None, what="help without the picture over it")
            press("\\x1b", socket)
            wait_until(lambda: shown(screen, picture) >= PIXELS, what="the picture again")
            _open(screen, picture, socket)
            press("q", socket)
            wait_until(lambda: 0 < _width(screen) < 600 and shown(screen, picture) >= PIXELS, what="the list")
            press("q", socket)
            wait_until(lambda: "left" in _text(socket), what="the shell")
            assert framed(screen.shot()) is None


def _open(screen: Display, picture: Image.Image, socket: Path) -> None:
    """Open the picture in the whole window; a busy machine may need more than the two seconds that it gets."""
    for last in (False, False, True):
        press("\\r", socket)
        try:
            wait_until(lambda: _is_large(screen, picture), what="the picture in the whole window", seconds=25)
        except AssertionError:
            if last:
                raise
            press("q", socket)
        else:
            return


def _width(screen: Display) -> int:
    found = framed(screen.shot())
    return 0 if found is None else found.width


def _is_large(screen: Display, picture: Image.Image) -> bool:
    return _width(screen) > 800 and shown(screen, picture) >= PIXELS


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
