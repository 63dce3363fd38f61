"""What was learned about terminals, from one start to the next.

Owns `terminals.json` in the state directory: which terminals answer no questions, and what the others said last.
Must never stop the screen: a file that cannot be read or written is as good as none.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from tui_downloader.paths import TERMINALS_FILE

_KEPT = 50
_NAMES = ("TERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "COLORTERM", "TMUX_PANE", "WINDOWID", "SSH_CONNECTION")

Facts = dict[str, str]
"""Answers by the name of their question; a terminal that answers nothing has none."""


def terminal_name(environment: Mapping[str, str]) -> str:
    """Returns what tells one terminal from another."""
    return "|".join(environment.get(each, "") for each in _NAMES)


def recall(directory: Path, terminal: str) -> Facts | None:
    """Returns what a terminal said last; `None` if it was never asked."""
    facts = _read(directory).get(terminal)
    if not isinstance(facts, dict):
        return None
    return {str(name): str(value) for name, value in facts.items()}


def remember(directory: Path, terminal: str, facts: Facts) -> None:
    """Keeps what a terminal said, if it is something else than before."""
    known = _read(directory)
    if known.get(terminal) == facts:
        return
    kept = {**{name: value for name, value in known.items() if name != terminal}, terminal: facts}
    text = json.dumps(dict(list(kept.items())[-_KEPT:]))
    with contextlib.suppress(OSError):
        new = directory / f"{TERMINALS_FILE}.{os.getpid()}"
        new.touch(0o600)
        new.write_text(text, encoding="utf-8")
        new.replace(directory / TERMINALS_FILE)


def _read(directory: Path) -> dict[str, object]:
    """Returns the file's content; nothing if it cannot be used."""
    try:
        known = json.loads((directory / TERMINALS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
