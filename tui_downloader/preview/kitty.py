"""Pictures in kitty's graphics protocol, by direct placement: sent once, then placed and hidden by a number.

Owns the escape codes (https://sw.kovidgoyal.net/kitty/graphics-protocol/). Must never write them anywhere. Unicode
placeholders are not used: several terminals that say yes to the protocol do not know them.
"""

from __future__ import annotations

import base64
from typing import Final

_CHUNK_BYTES: Final = 4096
"""Longest payload of one escape code, in base64."""

_QUIET: Final = "q=2"
"""No answers, not even errors: they would be read as typed text."""


def transmit(png: bytes, *, image: int) -> bytes:
    """Send a picture to the terminal, which keeps it and shows nothing yet.

    Args:
        png: The picture as a PNG file.
        image: Its number from now on, 1 to 4294967295.
    """
    payload = base64.standard_b64encode(png)
    chunks = [payload[at : at + _CHUNK_BYTES] for at in range(0, len(payload), _CHUNK_BYTES)]
    codes = []
    for number, chunk in enumerate(chunks):
        keys = f"a=t,f=100,t=d,i={image},{_QUIET}," if number == 0 else f"{_QUIET},"
        codes.append(_code(f"{keys}m={int(number + 1 < len(chunks))}", chunk))
    return b"".join(codes)


def place(*, image: int, columns: int, rows: int) -> bytes:
    """Show a picture at the cursor, stretched over so many cells; the cursor stays. Placed again, it moves."""
    return _code(f"a=p,i={image},p=1,c={columns},r={rows},C=1,{_QUIET}")


def hide(*, image: int) -> bytes:
    """Take a picture off the screen; it can be placed again without being sent."""
    return _code(f"a=d,d=i,i={image},p=1,{_QUIET}")


def forget(*, image: int) -> bytes:
    """Take a picture off the screen and out of the terminal's memory."""
    return _code(f"a=d,d=I,i={image},{_QUIET}")


def _code(keys: str, payload: bytes = b"") -> bytes:
    return b"\x1b_G" + keys.encode("ascii") + (b";" + payload if payload else b"") + b"\x1b\\"
