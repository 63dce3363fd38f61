"""Directories for the Add form: completing what is typed, and the places used before.

Owns both. `completed` reads the disk: never call it on the UI thread.
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Sequence
from pathlib import Path

from tui_downloader.tui.detail_words import tilde

PREFERENCE = "places"
"""Under which name the session remembers them."""
PLACES_MAX = 8
"""How many are remembered."""

_LOOKED_AT = 5000


def read_places(text: str | None) -> list[Path]:
    """Returns the places that a session remembers, the last one first; a text that is none gives none."""
    try:
        paths = json.loads(text or "[]")
    except ValueError:
        return []
    return [Path(each) for each in paths if isinstance(each, str)] if isinstance(paths, list) else []


def with_place(places: Sequence[Path], place: Path) -> str:
    """Returns what to remember after a place was used."""
    return json.dumps([str(each) for each in dict.fromkeys((place, *places))][:PLACES_MAX])


def completed(typed: str, places: Sequence[Path]) -> str | None:
    """Completes a directory: from the places used before, else from the disk.

    Args:
        typed: What stands in the field.
        places: Places used before, the last one first.

    Returns:
        The whole text; `None` if it is complete or nothing begins so.
    """
    if not typed.strip() or typed != typed.strip():
        return None
    for place in places:
        shown = tilde(place)
        if shown.startswith(typed) and shown != typed:
            return shown
    above, slash, begin = typed.rpartition("/")
    try:
        if (begin and Path(typed).expanduser().is_dir()) or not slash:
            return None
        names = _directories(Path(f"{above}/").expanduser(), begin)
    except (OSError, ValueError, RuntimeError):
        return None
    return f"{above}/{names[0]}" if names else None


def _directories(above: Path, begin: str) -> list[str]:
    """Returns the directories whose names begin so, by name; hidden ones only if a dot was typed."""
    with os.scandir(above) as found:
        return sorted(
            each.name
            for each in itertools.islice(found, _LOOKED_AT)
            if each.name.startswith(begin)
            and (begin or not each.name.startswith("."))
            and each.name.isprintable()
            and each.is_dir()
        )
