"""Drawings for a terminal that scrolls, and the way that an environment suggests."""

from __future__ import annotations

import re

import pyte
import pytest

from tests.preview.test_encoders import as_rgb, noise, ramp
from tests.support.kitty_decoder import KittyTerminal
from tests.support.sixel_decoder import decode_sixels
from tui_downloader.preview.printed import RESTORE, Window, box, printed
from tui_downloader.preview.ways import Way, has_true_colour, suggested

_WINDOW = Window(40, 12, cell_width=8, cell_height=16)


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        (Way.KITTY, (320, 192)),
        (Way.ITERM, (320, 192)),
        (Way.SIXEL, (320, 192)),
        (Way.SYMBOLS, (80, 48)),
        (Way.HALF, (80, 48)),
    ],
)
def test_the_box_has_the_pixels_that_are_seen(way: Way, wanted: tuple[int, int]) -> None:
    assert box(_WINDOW, way) == wanted
    assert max(box(Window(1000, 1000), way)) <= 4096


@pytest.mark.parametrize("way", [Way.SYMBOLS, Way.HALF])
@pytest.mark.parametrize("true_colour", [True, False])
def test_glyphs_fill_their_rows_and_leave_the_cursor_below(way: Way, true_colour: bool) -> None:
    window = Window(40, 12, has_true_colour=true_colour)
    screen = pyte.Screen(60, 20)
    pyte.ByteStream(screen).feed(printed(ramp(80, 40), window, way).replace(b"\n", b"\r\n"))
    assert (screen.cursor.x, screen.cursor.y) == (0, 10)
    filled = [sum(screen.buffer[y][x].bg != "default" for x in range(60)) for y in range(12)]
    assert filled == [40] * 10 + [0, 0]


def test_kitty_is_placed_over_the_area_that_keeps_proportions() -> None:
    picture = noise(160, 80)
    terminal = KittyTerminal()
    rest = terminal.feed(printed(picture, _WINDOW, Way.KITTY, image=5))
    assert terminal.placed == {5: (40, 10)}
    assert as_rgb(terminal.pictures[5]) == picture.rgb
    assert rest == b"\n" * 10 + b"\x1b[10A\x1b7\x1b8\x1b[10B\r"


def test_sixels_and_iterm_make_room_first() -> None:
    picture = noise(160, 80)
    drawn = printed(picture, _WINDOW, Way.SIXEL)
    (code,) = re.findall(rb"\x1bP.*?\x1b\\", drawn, re.DOTALL)
    assert len(decode_sixels(code).pixels) == 160 * 80
    assert drawn.startswith(b"\n" * 5 + b"\x1b[5A")
    assert printed(picture, _WINDOW, Way.ITERM).startswith(b"\n" * 10 + b"\x1b[10A\x1b7\x1b]1337;File=")


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.OFF])
def test_a_drawing_that_breaks_off_anywhere_is_put_right(way: Way) -> None:
    drawn = printed(noise(24, 12), Window(12, 4), way)
    for at in range(0, len(drawn), max(1, len(drawn) // 60)):
        screen = pyte.Screen(80, 30)
        stream = pyte.ByteStream(screen)
        stream.feed(without_strings(drawn[:at] + RESTORE + b"after"))
        (cell,) = {screen.buffer[y][x] for y in range(30) for x in range(80) if screen.buffer[y][x].data == "f"}
        assert (cell.fg, cell.bg) == ("default", "default")


def without_strings(data: bytes) -> bytes:
    """Take away device control, application and system commands, which pyte does not know all of."""
    return re.sub(rb"\x1b[P_\]][^\x18\x1b\x07]*(?:\x18|\x1b\\|\x07)", b"", data, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm-kitty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Way.ITERM),
        ({"TERM": "foot"}, Way.SIXEL),
        ({"TERM": "xterm-256color"}, Way.SYMBOLS),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x,1,0"}, Way.SYMBOLS),
        ({"TERM": "screen-256color", "TERM_PROGRAM": "iTerm.app"}, Way.SYMBOLS),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, Way.OFF),
        ({"TERM": "dumb"}, Way.OFF),
        ({}, Way.SYMBOLS),
    ],
)
def test_what_an_environment_suggests(environment: dict[str, str], way: Way) -> None:
    assert suggested(environment) is way


def test_colours_by_environment() -> None:
    assert has_true_colour({"COLORTERM": "truecolor"})
    assert not has_true_colour({"TERM": "xterm-256color"})
