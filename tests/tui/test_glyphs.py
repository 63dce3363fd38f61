"""Signs in ASCII: one cell for one cell, and nothing but our own."""

from __future__ import annotations

import re
from pathlib import Path

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

import tui_downloader.tui
from tui_downloader.tui.glyphs import TABLE, AsciiGlyphs, wants_ascii

_PICTURES = {"cells.py", "raster.py"}


def test_every_sign_keeps_its_width() -> None:
    for sign, plain in TABLE.items():
        assert cell_len(chr(sign)) == len(plain) == 1
        assert plain.isascii()


def test_names_from_outside_stay() -> None:
    line = [Segment("✓ 写真集 é…"), Segment("plain")]
    assert "".join(each.text for each in AsciiGlyphs().apply(line, Color(0, 0, 0))) == "+ 写真集 é.plain"


def test_every_sign_that_the_screen_can_draw_is_in_the_table() -> None:
    missing: dict[str, str] = {}
    for path in Path(tui_downloader.tui.__file__).parent.rglob("*.py"):
        if path.name == "glyphs.py":
            continue
        for literal in re.findall(r'"([^"\n]*)"', path.read_text()):
            missing |= {sign: path.name for sign in literal if not sign.isascii() and ord(sign) not in TABLE}
    assert missing == {}


def test_the_console_gets_ascii() -> None:
    assert wants_ascii("auto", {"TERM": "linux"})
    assert not wants_ascii("auto", {"TERM": "xterm"})
    assert wants_ascii("ascii", {})
    assert not wants_ascii("unicode", {"TERM": "linux"})
