"""Whether a file has room on the disk.

Owns the question before bytes come; a disk that fills up meanwhile says so itself.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tui_downloader.engine.failures import TransferError, disk_errors
from tui_downloader.model.display_text import safe
from tui_downloader.model.lifecycle import Reason
from tui_downloader.model.resume import ResumeData
from tui_downloader.units import format_bytes


def check_space(directory: Path, left: ResumeData | None, *, needed: int | None = None) -> None:
    """Checks that what is missing of a file has room.

    Args:
        directory: Where the file ends.
        left: What an earlier attempt left; it tells what is missing.
        needed: How many bytes are needed, where nothing is left; `None` is unknown.

    Raises:
        TransferError: The disk is too full, or the directory cannot be used.
    """
    if left is not None and left.complete_length is not None:
        needed = left.complete_length - left.received.total
    if needed is None:
        return
    with disk_errors(directory / "."):
        free = shutil.disk_usage(directory).free
    if needed > free:
        raise TransferError(
            Reason.DISK_FULL,
            f"disk full: {format_bytes(needed)} needed, {format_bytes(free)} free in {safe(str(directory))}",
        )
