"""Reads sixels back into pixels, strictly: a colour used before it is defined, or a pixel outside, is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Colour = tuple[int, int, int]

_TOKEN = re.compile(
    rb"#(?P<colour>\d+)(?:;2;(?P<red>\d+);(?P<green>\d+);(?P<blue>\d+))?"
    rb"|!(?P<count>\d+)(?P<repeated>[?-~])|(?P<sixel>[?-~])|(?P<return>\$)|(?P<next>-)"
)


@dataclass
class SixelPicture:
    """What a terminal would show."""

    width: int
    height: int
    pixels: dict[tuple[int, int], Colour] = field(default_factory=dict)
    """By column and row; pixels that were not drawn are not in it."""
    defined_first: bool = True
    """Whether all colours were defined before the first pixel was drawn."""


def decode_sixels(code: bytes) -> SixelPicture:
    """Decode one device control string (DEC STD 070, chapter 9)."""
    whole = re.fullmatch(rb'\x1bP[0-9;]*q"1;1;(\d+);(\d+)(.*)\x1b\\', code, re.DOTALL)
    assert whole is not None, "no sixel string"
    picture = SixelPicture(int(whole[1]), int(whole[2]))
    registers: dict[int, Colour] = {}
    column, top, current = 0, 0, -1
    body, at = whole[3], 0
    while at < len(body):
        token = _TOKEN.match(body, at)
        assert token is not None, body[at : at + 20]
        at = token.end()
        if token["colour"] is not None:
            current = int(token["colour"])
            assert current < 256
            if token["red"] is not None:
                picture.defined_first &= not picture.pixels
                red, green, blue = (round(int(token[name]) * 2.55) for name in ("red", "green", "blue"))
                registers[current] = (red, green, blue)
        elif token["return"]:
            column = 0
        elif token["next"]:
            column, top = 0, top + 6
        else:
            count = int(token["count"] or 1)
            bits = (token["repeated"] or token["sixel"])[0] - 63
            for x in range(column, column + count):
                for bit in range(6):
                    if bits >> bit & 1:
                        assert x < picture.width, "a pixel outside"
                        assert top + bit < picture.height, "a pixel outside"
                        assert (x, top + bit) not in picture.pixels, "a pixel drawn twice"
                        picture.pixels[x, top + bit] = registers[current]
            column += count
    return picture
