"""Pictures in iTerm2's protocol for inline images.

Owns the escape code (https://iterm2.com/documentation-images.html). Must never write it anywhere.
"""

from __future__ import annotations

import base64


def inline(png: bytes, *, columns: int, rows: int) -> bytes:
    """Show a picture at the cursor, stretched over so many cells; the cursor stays where terminals know how.

    Args:
        png: The picture as a PNG file.
        columns: Width in cells.
        rows: Height in cells.
    """
    keys = f"inline=1;size={len(png)};width={columns};height={rows};preserveAspectRatio=0;doNotMoveCursor=1"
    return b"\x1b]1337;File=" + keys.encode("ascii") + b":" + base64.standard_b64encode(png) + b"\x07"
