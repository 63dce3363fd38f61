"""What the Add form ends with.

Owns the value. Must never be shown: a request may hold secrets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tui_downloader.model.request import Request


@dataclass(frozen=True, slots=True)
class AddResult:
    """What the form ends with."""

    requests: tuple[Request, ...]
    """One for each URL that can be downloaded, in the order of the text."""
    directory: Path
    """Where they are saved, absolute; to be offered the next time."""
