"""Text that would act on a terminal, on Rich or on Textual if it were printed as it is, and whether it was.

Owns the payloads and the looking. Must never hold a payload that only a terminal of one kind understands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Payload:
    """One text with one effect."""

    name: str
    """Which effect."""
    text: str
    """The text."""
    raw: str
    """What of it may nowhere be printed."""


PAYLOADS = (
    Payload("OSC 52", "\x1b]52;c;aGlqYWNrZWQ=\x07", "\x1b]52;c;aGlq"),
    Payload("OSC 0", "\x1b]0;hijacked\x1b\\", "\x1b]0;hijacked"),
    Payload("OSC 8", "\x1b]8;;http://hijack.example/\x1b\\here\x1b]8;;\x1b\\", "\x1b]8;;http://hijack"),
    Payload("CSI", "\x1b[5;31;41m\x1b[2J", "\x1b[5;31;41m"),
    Payload("DCS", "\x1bPhijacked\x1b\\", "\x1bPhijacked"),
    Payload("C1 CSI", "\x9b5;31;41mX", "\x9b"),
    Payload("C1 OSC", "\x9d0;hijacked\x9c", "\x9d"),
    Payload("bell", "\x07hijacked", "\x07hijacked"),
    Payload("bidi", "\u202egnp.exe\u202c\u2066x\u2069", "\u202e"),
    Payload("isolate", "\u2066x\u2069\u200f", "\u2066"),
    Payload("zero width", "a\u200bb\ufeffc", "\u200b"),
    Payload("line", "\nhijacked-line \r\nhijacked-line", "\nhijacked-line"),
    Payload("back", "abc\rhijacked-start\x08\x08", "\rhijacked-start"),
    Payload(
        "markup", "x[/]y[@click=app.quit]q[red]r[/red][link=http://hijack.example/]l[/link]", "\x1b]8;;@click"
    ),
)
"""All of them; no two have the same effect."""

EVERYTHING = "".join(each.text for each in PAYLOADS)
"""All in one text."""
IN_A_FIELD = "".join(each.text for each in PAYLOADS if not set(each.text) & {"\x1b", "\x07", "\r", "\n", "\x08"})
"""What may stand in a header field: any other control ends the response before it is read."""
MARKUP = "x[/]y[@click=app.quit]q"
"""A part that is printed as it stands wherever there is room for it."""

_C1_BYTES = (b"\x9b", b"\x9d", b"\x90")
_LINK = re.compile(rb"\x1b\]8;[^\x1b\x07]*(hijack|click)")


def hits(printed: bytes) -> list[str]:
    """Return which payloads are in what was printed as they are, as UTF-8 or as single bytes."""
    found = [each.name for each in PAYLOADS if each.raw.encode() in printed]
    text = printed.decode("utf-8", "replace").encode("utf-8")  # a byte of a longer character is no control
    found += ["a link"] if _LINK.search(printed) else []
    return found + [f"byte {each.hex()}" for each in _C1_BYTES if each in printed and text != printed]


def in_a_path() -> str:
    """Return everything, percent-encoded as in the path of a URL."""
    return quote(EVERYTHING, safe="")


def in_an_extended_value() -> str:
    """Return a `Content-Disposition` that names a file after everything; a slash would cut it off."""
    return f"attachment; filename*=UTF-8''A{quote(EVERYTHING.replace('/', ''), safe='')}B.bin"
