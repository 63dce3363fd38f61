"""Free space where downloads are saved.

Owns the one question. Blocks: must never be asked on the UI thread.
"""

from __future__ import annotations

import shutil
from pathlib import Path


def free_space(directory: Path) -> int | None:
    """Returns the free space where a directory is, or would be; `None` if that cannot be told."""
    for place in (directory, *directory.parents):
        try:
            return shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None
