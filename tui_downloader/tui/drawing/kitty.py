"""Pictures by kitty's graphics protocol: sent once, then placed, moved and hidden by number.

Owns which pictures the terminal has and where they stand. Must never send one twice.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Container, Sequence
from typing import Final

from textual.geometry import Size

from tui_downloader.preview import kitty
from tui_downloader.preview.cell_size import CellSize
from tui_downloader.preview.picture import Picture
from tui_downloader.preview.png import as_png
from tui_downloader.tui.drawing.painter import Encoded, Placed, at

KEPT: Final = 64
"""How many hidden pictures the terminal keeps for the case that they are shown again."""

_numbers = itertools.count(os.getpid() % 0xFFFF * 0x10000 + 1)
"""Two programs in one terminal should not take the same."""


class KittyPainter:
    """Shows pictures above the text; what is written below them does not touch them."""

    needs_repaint = False
    colours = 0

    def __init__(self) -> None:
        """Begins with nothing sent."""
        self._sent: dict[int, None] = {}
        self._shown: dict[int, Placed] = {}

    def encode(self, picture: Picture, cells: Size, cell: CellSize) -> Encoded:  # noqa: ARG002 -- the terminal stretches
        """Encode a picture as PNG."""
        number = next(_numbers)
        return Encoded(number, kitty.transmit(as_png(picture), image=number))

    def draw(self, wanted: Sequence[Placed], *, erased: Container[int] = ()) -> bytes:  # noqa: ARG002 -- text erases nothing
        """Send what is new, hide what is not wanted, place what is not there."""
        now = {each.encoded.number: each for each in wanted}
        out = [kitty.hide(image=number) for number, placed in self._shown.items() if now.get(number) != placed]
        for number, placed in now.items():
            if number not in self._sent:
                out.append(placed.encoded.code)
            self._sent.pop(number, None)
            self._sent[number] = None
            if self._shown.get(number) != placed:
                code = kitty.place(image=number, columns=placed.cells.width, rows=placed.cells.height)
                out.append(at(placed.x, placed.y, code))
        self._shown = now
        hidden = [number for number in self._sent if number not in now]
        for number in hidden[: max(0, len(hidden) - KEPT)]:
            del self._sent[number]
            out.append(kitty.forget(image=number))
        return b"".join(out)

    def clear(self) -> bytes:
        """Forget every picture."""
        out = b"".join(kitty.forget(image=number) for number in self._sent)
        self._sent.clear()
        self._shown.clear()
        return out
