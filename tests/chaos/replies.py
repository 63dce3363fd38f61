"""Raw replies of servers that cut, garble or flood, each with the end it must come to: `tests/data/replies.json`.

Owns reading that file. A reply's characters are its bytes; `more` is sent `times` times behind it, then `then`.
Its end is a reason, or `completed` with what the file must hold. Must never send anything itself.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parents[1] / "data" / "replies.json"


@dataclass(frozen=True, slots=True)
class RawReply:
    """One reply."""

    name: str
    """What is wrong with it."""
    raw: bytes
    """All that is sent before the connection is closed."""
    end: str
    """What must come of it."""


def corpus() -> list[RawReply]:
    """Return all of them."""
    entries = json.loads(FILE.read_text())
    return [RawReply(name, _raw(entry), entry["end"]) for name, entry in entries.items()]


def _raw(entry: dict[str, str | int]) -> bytes:
    """Put a reply together."""
    more, times = str(entry.get("more", "")), int(entry.get("times", 0))
    text = str(entry["reply"]).encode("latin-1") + more.encode("latin-1") * times
    return text + str(entry.get("then", "")).encode("latin-1")
