"""Reads kitty's graphics codes back: which pictures a terminal would have, and where they stand."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field

_CODE = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
_PAYLOAD_MAX = 4096


@dataclass
class KittyTerminal:
    """Takes codes as they come."""

    pictures: dict[int, bytes] = field(default_factory=dict)
    """PNG files by the number of the picture."""
    placed: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Columns and rows by the number of the picture."""
    _coming: int | None = None
    _parts: list[bytes] = field(default_factory=list)

    def feed(self, data: bytes) -> bytes:
        """Take in codes.

        Returns:
            What stood between and around them.
        """
        rest = _CODE.sub(b"", data)
        for code in _CODE.finditer(data):
            keys = dict(each.split("=") for each in code[1].decode("ascii").split(","))
            assert keys.pop("q") == "2", "the terminal would answer"
            self._take(keys, code[2] or b"")
        return rest

    def _take(self, keys: dict[str, str], payload: bytes) -> None:
        assert len(payload) <= _PAYLOAD_MAX
        action = keys.get("a", "t")
        if self._coming is not None or action == "t":
            self._receive(keys, payload)
        elif action == "p":
            assert keys["C"] == "1", "the cursor would move"
            assert int(keys["i"]) in self.pictures, "placed before it was sent"
            self.placed[int(keys["i"])] = int(keys["c"]), int(keys["r"])
        else:
            assert action == "d"
            self.placed.pop(int(keys["i"]), None)
            if keys["d"] == "I":
                self.pictures.pop(int(keys["i"]))

    def _receive(self, keys: dict[str, str], payload: bytes) -> None:
        if self._coming is None:
            assert (keys["f"], keys["t"]) == ("100", "d")
            self._coming = int(keys["i"])
        else:
            assert set(keys) == {"m"}, "only the first piece has keys"
        self._parts.append(payload)
        if keys["m"] == "0":
            self.pictures[self._coming] = base64.b64decode(b"".join(self._parts), validate=True)
            self._coming, self._parts = None, []
