"""Files that are there whole or not at all.

Owns the writing of them. Must never be used by two processes on one directory at the same time: the
name of an unfinished file is always the same, so that nothing gathers when writers are killed.
"""

from __future__ import annotations

import os
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Write a file so that even after a power failure it is there whole or not at all.

    Args:
        path: The file; an older one is replaced.
        content: Its bytes.

    Raises:
        OSError: The file cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
