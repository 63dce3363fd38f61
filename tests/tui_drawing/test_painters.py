"""What painters have the terminal do, by decoding it again."""

from __future__ import annotations

import re
from dataclasses import replace

from textual.geometry import Size

from tests.support.kitty_decoder import KittyTerminal
from tests.support.sixel_decoder import decode_sixels
from tui_downloader.preview.cell_size import CellSize
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.stretch import stretched
from tui_downloader.tui.drawing.inline import InlinePainter, iterm_code, sixel_code
from tui_downloader.tui.drawing.kitty import KEPT, KittyPainter
from tui_downloader.tui.drawing.painter import Placed

CELL = CellSize(8, 17)
CELLS = Size(10, 5)


def picture(colour: bytes = b"\xff\x00\x00") -> Picture:
    return Picture(
        width=81, height=84, rgb=colour * (81 * 84), natural_width=81, natural_height=84, format="PNG", frames=1,
        media_type="image/png",
    )  # fmt: skip


def test_kitty_sends_once_moves_hides_and_forgets() -> None:
    painter, terminal = KittyPainter(), KittyTerminal()
    placed = Placed(painter.encode(picture(), CELLS, CELL), 3, 4, CELLS)
    first = painter.draw([placed], erased={placed.encoded.number})
    assert terminal.feed(first) == b"\x1b7\x1b[5;4H\x1b8"
    assert list(terminal.placed.values()) == [(10, 5)]
    assert painter.draw([placed], erased={placed.encoded.number}) == b"", "text below it takes nothing away"
    moved = painter.draw([placed._replace(y=9)])
    assert len(moved) < 200
    assert terminal.feed(moved) == b"\x1b7\x1b[10;4H\x1b8"
    terminal.feed(painter.draw([]))
    assert not terminal.placed
    assert terminal.pictures
    again = painter.draw([placed])
    assert len(again) < 200, "it is not sent again"
    terminal.feed(again)
    terminal.feed(painter.clear())
    assert not terminal.placed
    assert not terminal.pictures


def test_the_terminal_keeps_few_pictures_of_kitty() -> None:
    painter, terminal = KittyPainter(), KittyTerminal()
    for _ in range(KEPT + 10):
        terminal.feed(painter.draw([Placed(painter.encode(picture(), CELLS, CELL), 0, 0, CELLS)]))
    assert len(terminal.pictures) == KEPT + 1
    assert len(terminal.placed) == 1


def test_sixels_are_sent_again_only_after_text_and_stay_in_their_cells() -> None:
    painter = InlinePainter(sixel_code)
    placed = Placed(painter.encode(picture(), CELLS, CELL), 0, 0, CELLS)
    code = painter.draw([placed], erased={placed.encoded.number})
    shown = decode_sixels(code.removeprefix(b"\x1b7\x1b[1;1H").removesuffix(b"\x1b8"))
    assert (shown.width, shown.height) == (80, 85)
    assert shown.pixels[40, 40] == (255, 0, 0)
    assert painter.draw([placed]) == b""
    assert painter.draw([placed], erased={placed.encoded.number}) == code
    assert painter.draw([]) == b""


def test_inline_images_fill_their_cells() -> None:
    painter = InlinePainter(iterm_code)
    code = painter.draw([Placed(painter.encode(picture(), CELLS, CELL), 1, 1, CELLS)])
    assert re.match(rb"\x1b7\x1b\[2;2H\x1b\]1337;File=[^:]*width=10;height=5;", code)


def test_a_stretched_raster_keeps_its_corners() -> None:
    one = replace(picture(), width=2, height=2, rgb=b"aaabbbcccddd")
    large = stretched(one, 5, 3)
    rows = [large.rgb[at : at + 15] for at in range(0, 45, 15)]
    assert [(row[:3], row[-3:]) for row in rows] == [(b"aaa", b"bbb"), (b"ccc", b"ddd"), (b"ccc", b"ddd")]
    assert stretched(large, 2, 2).rgb == one.rgb
    assert stretched(one, 2, 2) is one
